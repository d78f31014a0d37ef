"""The service role that Bedrock assumes for a customization job."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from stillroom.aws.evaluation import BEDROCK, allows, trusts_bedrock
from stillroom.aws.policies import RoleNeeds, access_policy, as_text, trust_policy
from stillroom.aws.session import Session
from stillroom.aws.tags import PROJECT, capital_tags, clean
from stillroom.errors import Conflict, PermissionRefused
from stillroom.training.names import slug

POLICY_NAME = "stillroom-training-data"
"""Name of the inline policy."""


@dataclass(frozen=True, slots=True)
class RoleFact:
    """A role that was made or brought up to date."""

    arn: str
    name: str
    made: bool
    """True when it is new: it takes some seconds until Bedrock can assume it."""
    changed: tuple[str, ...] = ()
    """What was brought up to date: ``trust``, ``access``, ``tags``; nothing of a role that was made now."""


@dataclass(frozen=True, slots=True)
class RoleCheck:
    """One question about a role."""

    name: str
    """``exists``, ``trust``, ``read`` or ``write``."""
    passed: bool | None
    """None: the caller may not look."""
    what: str
    todo: str = ""


def default_role_name(project: str, unique: str) -> str:
    """``stillroom-<project>-<unique>``, within IAM's 64 characters."""
    tail = f"-{slug(unique, 16)}"
    return f"stillroom-{slug(project, 64 - len(tail) - 10)}{tail}"


def make_role(session: Session, name: str, needs: RoleNeeds, tags: Mapping[str, str]) -> RoleFact:
    """Make the role, or bring one of that name up to date. Doing it again changes nothing.

    Args:
        session: Session.
        name: Name of the role.
        needs: What it is for.
        tags: Of :func:`stillroom.aws.tags.project_tags`; they tell whose role it is.

    Raises:
        Conflict: A role of that name exists and is not this project's: it is left alone.
        PermissionRefused: The caller may not (``setup --print`` gives the policies to somebody who may).
    """
    iam = session.client("iam")
    found = _get(session, name)
    if found is not None:
        return _update(session, name, needs, tags, found)
    with session.calling("make the service role", f"role {name}"):
        made = iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=as_text(trust_policy(needs)),
            Description="Lets Bedrock read training data and write what customization jobs put out",
            Tags=capital_tags(tags),
        )
        iam.put_role_policy(
            RoleName=name, PolicyName=POLICY_NAME, PolicyDocument=as_text(access_policy(needs))
        )
    return RoleFact(made["Role"]["Arn"], name, made=True)


def check_role(session: Session, role: str, needs: RoleNeeds) -> tuple[RoleCheck, ...]:
    """Ask whether Bedrock can assume a role and whether it covers records, pictures and output.

    Looks only as far as the caller may read. Permission boundaries and service control policies are not seen.

    Args:
        session: Session.
        role: Name or ARN.
        needs: What it is for.

    Returns:
        The four checks in order; after a missing or hidden role only the first.

    Raises:
        CredentialsRefused, Unreachable: AWS cannot be asked at all.
    """
    name = role.rsplit("/", 1)[-1]
    try:
        found = _get(session, name)
    except PermissionRefused as error:
        return (RoleCheck("exists", None, f"The role {name} cannot be looked at.", error.what),)
    if found is None:
        return (RoleCheck("exists", False, f"There is no role {name}.", _SETUP),)
    checks = [RoleCheck("exists", True, f"The role {name} exists.")]
    trusted = trusts_bedrock(_document(found.get("AssumeRolePolicyDocument")), needs)
    checks.append(_trust_check(trusted, needs))
    try:
        documents = _documents(session, name)
    except PermissionRefused as error:
        checks.append(RoleCheck("read", None, "The role's policies cannot be looked at.", error.what))
        checks.append(RoleCheck("write", None, "The role's policies cannot be looked at.", error.what))
        return tuple(checks)
    read = [
        allows(documents, "s3:GetObject", needs.read_path.replace("*", f"{folder}/0/probe"))
        for folder in needs.read_folders
    ]
    read.append(allows(documents, "s3:ListBucket", needs.bucket_arn))
    where = needs.read_path.removeprefix(f"arn:{needs.partition}:s3:::")
    checks.append(_cover_check("read", _worst(read), f"read s3://{where}"))
    written = allows(documents, "s3:PutObject", needs.write_path.replace("*", "probe"))
    where = needs.write_path.removeprefix(f"arn:{needs.partition}:s3:::")
    checks.append(_cover_check("write", written, f"write s3://{where}"))
    return tuple(checks)


def delete_role(session: Session, name: str, project_id: str) -> bool:
    """Remove a role that this project made; False when there is none.

    Raises:
        Conflict: It is not this project's, or policies that Stillroom did not make hang on it.
    """
    found = _get(session, name)
    if found is None:
        return False
    _refuse_foreign(name, found, project_id)
    iam = session.client("iam")
    with session.calling("delete the service role", f"role {name}"):
        for policy in iam.list_role_policies(RoleName=name).get("PolicyNames") or []:
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
        iam.delete_role(RoleName=name)
    return True


_SETUP = "Run `stillroom setup`, or give `stillroom setup --print` to whoever runs the account."


def _get(session: Session, name: str) -> Mapping[str, Any] | None:
    iam = session.client("iam")
    with session.calling("look at the service role", f"role {name}"):
        try:
            found: Mapping[str, Any] = iam.get_role(RoleName=name)["Role"]
        except iam.exceptions.NoSuchEntityException:
            return None
    return found


def _update(
    session: Session, name: str, needs: RoleNeeds, tags: Mapping[str, str], found: Mapping[str, Any]
) -> RoleFact:
    _refuse_foreign(name, found, tags.get(PROJECT, ""))
    iam = session.client("iam")
    changed = []
    with session.calling("bring the service role up to date", f"role {name}"):
        if _document(found.get("AssumeRolePolicyDocument")) != trust_policy(needs):
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=as_text(trust_policy(needs)))
            changed.append("trust")
        try:
            held = _document(iam.get_role_policy(RoleName=name, PolicyName=POLICY_NAME)["PolicyDocument"])
        except iam.exceptions.NoSuchEntityException:
            held = {}
        if held != access_policy(needs):
            iam.put_role_policy(
                RoleName=name, PolicyName=POLICY_NAME, PolicyDocument=as_text(access_policy(needs))
            )
            changed.append("access")
        present = {one["Key"]: one["Value"] for one in found.get("Tags") or []}
        if any(present.get(key) != value for key, value in tags.items()):
            iam.tag_role(RoleName=name, Tags=capital_tags(tags))
            changed.append("tags")
    return RoleFact(str(found["Arn"]), name, made=False, changed=tuple(changed))


def _refuse_foreign(name: str, found: Mapping[str, Any], project_id: str) -> None:
    tags = {one["Key"]: one["Value"] for one in found.get("Tags") or []}
    if tags.get(PROJECT) != clean(project_id):
        raise Conflict(
            f"The role {name} exists and was not made for this project.",
            "Name another role, or use it as it is with aws.role_arn.",
        )


def _documents(session: Session, name: str) -> list[Mapping[str, Any]]:
    """Inline and attached policies of a role."""
    iam = session.client("iam")
    found: list[Mapping[str, Any]] = []
    with session.calling("look at the role's policies", f"role {name}"):
        inline = iam.list_role_policies(RoleName=name).get("PolicyNames") or []
        found.extend(
            _document(iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"])
            for policy in inline
        )
        for attached in iam.list_attached_role_policies(RoleName=name).get("AttachedPolicies") or []:
            arn = attached["PolicyArn"]
            version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            held = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
            found.append(_document(held.get("Document")))
    return found


def _document(value: Any) -> Mapping[str, Any]:
    """A policy document; botocore has parsed it for most calls. One that cannot be read allows nothing."""
    if isinstance(value, str):
        try:
            value = json.loads(unquote(value) if value.startswith("%") else value)
        except ValueError:
            return {}
    return value if isinstance(value, Mapping) else {}


def _worst(answers: Sequence[bool | None]) -> bool | None:
    if any(one is False for one in answers):
        return False
    return None if any(one is None for one in answers) else True


def _trust_check(trusted: bool | None, needs: RoleNeeds) -> RoleCheck:
    if trusted:
        return RoleCheck("trust", True, "Bedrock may assume it.")
    if trusted is None:
        return RoleCheck("trust", None, "Whether Bedrock may assume it hangs on conditions.")
    return RoleCheck(
        "trust",
        False,
        "Bedrock cannot assume it.",
        f"Its trust policy must name {BEDROCK}, account {needs.account} and {needs.jobs}.",
    )


def _cover_check(name: str, covered: bool | None, what: str) -> RoleCheck:
    if covered:
        return RoleCheck(name, True, f"It may {what}.")
    if covered is None:
        return RoleCheck(name, None, f"Whether it may {what} hangs on conditions.")
    return RoleCheck(name, False, f"It may not {what}.", _SETUP)

"""Setup: the bucket and the service role, made once, with both policies shown first."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from stillroom.aws import buckets, policies, roles
from stillroom.aws.buckets import BucketFact
from stillroom.aws.identity import who_am_i
from stillroom.aws.policies import RoleNeeds
from stillroom.aws.tags import project_tags
from stillroom.background import Progress
from stillroom.errors import Conflict, Refused
from stillroom.project import FILE_NAME, AwsTable, ProjectFile
from stillroom.project.writing import edit
from stillroom.steps.foundation import note_role, note_there, setup_standing
from stillroom.steps.plan import Document, Line, Plan, Watch
from stillroom.steps.standing_values import DONE
from stillroom.steps.trained_where import unknown_region
from stillroom.steps.workspace import Workspace
from stillroom.training import JobStatus
from stillroom.training.jobs import FINISHED


@dataclass(frozen=True, kw_only=True)
class SetupPlan(Plan):
    """What would be made, by name."""

    bucket: str
    role: str
    role_arn: str
    needs: RoleNeeds = field(metadata={"private": True})


@dataclass(frozen=True, slots=True)
class SetupResult:
    """What is there now."""

    bucket: str
    bucket_made: bool
    role_arn: str
    role_made: bool
    changed: tuple[str, ...]
    """What was brought up to date in a role that was there: ``trust``, ``access``, ``tags``."""
    remarks: tuple[str, ...]


class Setup:
    """Makes what is missing; doing it again changes nothing."""

    def plan(self, workspace: Workspace) -> SetupPlan:
        """Name what is missing.

        Raises:
            CredentialsRefused: There are no usable credentials.
            Conflict: The bucket is somebody else's, or in another region; or jobs need the role as it is.
            Refused: AWS may not be asked about the bucket.
        """
        settings = workspace.settings
        session = workspace.session()
        identity = who_am_i(session)
        account = workspace.account()
        bucket, role = _names(settings, account)
        needs = RoleNeeds(
            account,
            settings.aws.region,
            bucket,
            settings.aws.prefix,
            partition=identity.partition,
            base_model=settings.training.base_model,
        )
        _refuse_in_use(workspace, role, needs)
        fact = buckets.look(session, bucket, account)
        if fact.exists:
            buckets.refuse_unusable(fact, settings.aws.region)
        unfinished = workspace.store.facts.get(_begun(bucket)) is not None
        missing = [] if fact.exists and not unfinished else [f"bucket {bucket}"]
        broken = [check for check in roles.check_role(session, role, needs) if check.passed is False]
        if broken:
            missing.append(f"role {role}" if broken[0].name == "exists" else f"policies of role {role}")
        # What is there may still have to be noted: as missed until now, or as set up for another region.
        known = setup_standing(workspace).state == DONE
        doubt = unknown_region(settings.aws.region)
        return SetupPlan(
            verb="setup",
            title=f"Make {' and '.join(missing)}" if missing else "Bucket and role are there.",
            count=len(missing) or (0 if known else 1),
            lines=(
                Line("bucket", f"{bucket} in {settings.aws.region}, private, encrypted"),
                Line("role", role),
                Line("account", account),
            ),
            notes=(*([doubt] if doubt else []), "A bucket and a role cost nothing; what is stored does."),
            documents=(
                Document(
                    "Trust policy: who may assume the role", policies.as_text(policies.trust_policy(needs))
                ),
                Document(
                    "Access policy: what the role may do", policies.as_text(policies.access_policy(needs))
                ),
            ),
            command="stillroom setup",
            needs_consent=bool(missing),
            bucket=bucket,
            role=role,
            role_arn=settings.aws.role_arn,
            needs=needs,
        )

    def execute(self, workspace: Workspace, plan: SetupPlan, watch: Watch) -> SetupResult:
        """Make bucket and role, then write their names into the project file.

        Raises:
            Conflict: A name belongs to somebody else, or jobs need the role as it is.
            PermissionRefused: The caller may not; ``--print`` gives the policies to somebody who may.
        """
        settings = workspace.settings
        session = workspace.session()
        tags = project_tags(settings.project.id)
        _refuse_in_use(workspace, plan.role, plan.needs)  # somebody may have begun jobs since
        watch.slot.put(Progress("make the bucket"))
        bucket, is_new = _make_bucket(workspace, plan, tags)
        note_there(workspace, plan.bucket, bucket.region)
        watch.slot.put(Progress("make the role"))
        role = roles.make_role(session, plan.role, plan.needs, tags)
        note_role(workspace, role.arn, plan.needs.region)
        for key, value, old in (
            ("bucket", plan.bucket, settings.aws.bucket),
            ("role_arn", role.arn, settings.aws.role_arn),
        ):
            if value != old:
                edit(workspace.project.file, "aws", key, value)
        workspace.take_names(plan.bucket, role.arn)
        if role.made or role.changed:
            workspace.store.facts.put(f"role_changed:{role.arn}", str(workspace.now()))
        workspace.store.diary.add_event("setup", f"bucket {plan.bucket}, role {role.arn}")
        return SetupResult(
            bucket=plan.bucket,
            bucket_made=is_new,
            role_arn=role.arn,
            role_made=role.made,
            changed=role.changed,
            remarks=(bucket.remark,) if bucket.remark else (),
        )


def _names(settings: ProjectFile, account: str) -> tuple[str, str]:
    """Bucket and role: those of the project file, or the names that they will be given."""
    aws, project = settings.aws, settings.project
    bucket = aws.bucket or buckets.default_bucket(account, aws.region, project.id.ljust(8, "0"))
    role = aws.role_arn.rpartition("/")[2] or roles.default_role_name(project.name, project.id)
    return bucket, role


def _refuse_in_use(workspace: Workspace, role: str, needs: RoleNeeds) -> None:
    """Take the role from no job that writes elsewhere with it: it would fail at its end, trained and billed.

    Raises:
        Conflict: A job under way needs it for another region, bucket or prefix.
    """
    output = f"s3://{needs.write_path.partition(':::')[2].removesuffix('*')}"
    over = (*FINISHED, JobStatus.STOPPING)
    held = [
        job.student
        for job in workspace.store.jobs.all()
        if job.status not in over
        and job.role_arn.rpartition("/")[2] == role
        and (job.region, job.output_uri) != (needs.region, output)
    ]
    if held:
        are, them = ("is", "it") if len(held) == 1 else ("are", "them")
        raise Conflict(
            f"{' and '.join(held)} {are} being trained with the role {role}, and would fail once that is for "
            "another region or bucket.",
            f"Wait for {them}: stillroom jobs --watch. Or name another one in aws.role_arn: it is made.",
        )


def _begun(bucket: str) -> str:
    """Name of the fact that we began to make a bucket and did not see the end of it."""
    return f"bucket_begun:{bucket}"


def _make_bucket(workspace: Workspace, plan: SetupPlan, tags: Mapping[str, str]) -> tuple[BucketFact, bool]:
    """Make or complete the bucket; what is begun is written down until it is done.

    Returns:
        The bucket, and whether it is new.
    """
    session, account, facts = workspace.session(), plan.needs.account, workspace.store.facts
    begun = facts.get(_begun(plan.bucket)) is not None
    is_new = not buckets.look(session, plan.bucket, account).exists
    if is_new:
        # Whatever was in an old one of this name; and should this one not be made to the end.
        workspace.store.records.forget_uploads(plan.bucket)
        facts.put(_begun(plan.bucket), str(workspace.now()))
    try:
        made = buckets.make(session, plan.bucket, account, tags, begun=begun)
    except Refused:
        # What AWS did not let us make may be made by somebody else later, and is not ours then.
        if not buckets.look(session, plan.bucket, account).exists:
            facts.drop(_begun(plan.bucket))
        raise
    facts.drop(_begun(plan.bucket))
    return made, is_new


PLACEHOLDER = "ACCOUNT"
"""Stands for the account where nobody knows it; whoever runs the commands replaces it."""


def printed(workspace: Workspace, account: str = "") -> tuple[Document, ...]:
    """The policies and the commands for somebody else to run; asks AWS nothing.

    Args:
        workspace: The project.
        account: 12-digit account; empty: :data:`PLACEHOLDER` stands for it.
    """
    settings = workspace.settings
    bucket, role = _names(settings, account or PLACEHOLDER)
    needs = RoleNeeds(account or PLACEHOLDER, settings.aws.region, bucket, settings.aws.prefix)
    tags = project_tags(settings.project.id)
    commands = (
        *_ABOUT_ACCOUNT[: not account],
        "# Save the documents above under their names, then run this with the AWS command line:",
        *_commands(needs, role, tags),
        "# operator.json is for whoever runs Stillroom, where that is somebody else: replace OPERATOR.",
        (
            "# aws iam put-user-policy --user-name OPERATOR --policy-name stillroom-operator"
            " --policy-document file://operator.json"
        ),
        *_to_be_written(settings.aws, needs, role),
    )
    return (
        Document("trust.json: who may assume the role", policies.as_text(policies.trust_policy(needs))),
        Document("access.json: what the role may do", policies.as_text(policies.access_policy(needs))),
        Document(
            "operator.json: what whoever runs Stillroom must be allowed",
            policies.as_text(policies.caller_policy(needs, role)),
        ),
        Document("Commands", "\n".join(commands)),
    )


_ABOUT_ACCOUNT = (
    f"# Replace {PLACEHOLDER}, here and above, by the 12-digit account: stillroom setup --print --account ID",
)


def _to_be_written(aws: AwsTable, needs: RoleNeeds, role: str) -> list[str]:
    """What the project file must say once all is made, as comments; nothing when it says so already."""
    values = {
        "bucket": (aws.bucket, needs.bucket),
        "role_arn": (aws.role_arn, f"arn:{needs.partition}:iam::{needs.account}:role/{role}"),
    }
    lines = [f'# {key} = "{value}"' for key, (known, value) in values.items() if not known]
    return [f"# When it is done, write into {FILE_NAME}, below [aws]:", *lines] if lines else []


def _commands(needs: RoleNeeds, role: str, tags: Mapping[str, str]) -> list[str]:
    named = [f"Key={key},Value={value}" for key, value in tags.items()]
    tag_set = "TagSet=[" + ",".join(f"{{{tag}}}" for tag in named) + "]"
    # With the region: whoever runs this may have another one by default, or none.
    where = f"--region {needs.region}"
    bucket = f"--bucket {needs.bucket} {where}"
    located = (
        ""
        if needs.region == "us-east-1"
        else f" --create-bucket-configuration LocationConstraint={needs.region}"
    )
    closed = "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
    return [
        f"aws s3api create-bucket {bucket}{located}",
        f"aws s3api put-public-access-block {bucket} --public-access-block-configuration {closed}",
        f"aws s3api put-bucket-tagging {bucket} --tagging {shlex.quote(tag_set)}",
        (
            f"aws iam create-role --role-name {role} {where} --assume-role-policy-document file://trust.json"
            f" --tags {shlex.join(named)}"
        ),
        (
            f"aws iam put-role-policy --role-name {role} {where} --policy-name {roles.POLICY_NAME}"
            " --policy-document file://access.json"
        ),
    ]

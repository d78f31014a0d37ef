"""A small reading of policies: what a role's documents allow, as far as they can be judged from outside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from stillroom.aws.policies import RoleNeeds

BEDROCK = "bedrock.amazonaws.com"
_SUFFIX = re.compile(r":\d+k$")
"""Of the id of a model's variant, as ``amazon.nova-lite-v1:0:300k``."""


def allows(documents: Iterable[Mapping[str, Any]], action: str, resource: str) -> bool | None:
    """Whether policies allow an action on a resource.

    Args:
        documents: Policy documents of a role, parsed.
        action: Such as ``s3:GetObject``.
        resource: ARN without wildcards.

    Returns:
        A plain Deny wins; None when it hangs on conditions, ``NotAction`` or ``NotResource``.
    """
    granted: bool | None = False
    doubtful = False
    for statement in _statements(documents):
        fits = _fits(statement, action, resource)
        if fits is False:
            continue
        certain = fits is True and not statement.get("Condition")
        if statement.get("Effect") == "Deny":
            if certain:
                return False
            doubtful = True
        else:
            granted = granted or (True if certain else None)
    return None if granted and doubtful else granted


def trusts_bedrock(document: Mapping[str, Any], needs: RoleNeeds) -> bool | None:
    """Whether a trust policy lets Bedrock assume the role for this account's jobs in this region.

    Returns:
        A Deny wins; None when it hangs on which jobs there will be, or on conditions other than
        ``aws:SourceAccount`` and ``aws:SourceArn``.
    """
    trusted: bool | None = False
    doubtful = False
    for statement in _statements([document]):
        met = _names_bedrock(statement) and _conditions_met(statement.get("Condition") or {}, needs)
        if met is False:
            continue
        if statement.get("Effect") == "Deny":
            if met:
                return False
            doubtful = True
        else:
            trusted = trusted or met
    return None if trusted and doubtful else trusted


def matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Match with IAM's two wildcards, ``*`` and ``?``."""
    regex = "".join({"*": ".*", "?": "."}.get(c) or re.escape(c) for c in pattern)
    return re.fullmatch(regex, text, re.DOTALL | (re.IGNORECASE if ignore_case else 0)) is not None


def _statements(documents: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    for document in documents:
        found = document.get("Statement") or []
        yield from [found] if isinstance(found, Mapping) else found


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _fits(statement: Mapping[str, Any], action: str, resource: str) -> bool | None:
    if "NotAction" in statement or "NotResource" in statement:
        return None
    return any(matches(one, action, ignore_case=True) for one in _listed(statement.get("Action"))) and any(
        matches(one, resource) for one in _listed(statement.get("Resource"))
    )


def _names_bedrock(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    services = _listed(principal.get("Service")) if isinstance(principal, Mapping) else _listed(principal)
    actions = _listed(statement.get("Action"))
    return any(one in (BEDROCK, "*") for one in services) and any(
        matches(one, "sts:AssumeRole", ignore_case=True) for one in actions
    )


def _conditions_met(conditions: Mapping[str, Any], needs: RoleNeeds) -> bool | None:
    unknown = False
    for operator, pairs in conditions.items():
        plain = operator.removesuffix("IfExists").rsplit(":", 1)[-1]
        for key, values in (pairs or {}).items():
            met = _condition_met(plain, _listed(values), key.casefold(), needs)
            if met is False:
                return False
            unknown = unknown or met is None
    return None if unknown else True


def _condition_met(operator: str, values: list[str], key: str, needs: RoleNeeds) -> bool | None:
    if operator not in ("StringEquals", "StringLike", "ArnEquals", "ArnLike"):
        return None
    literal = operator == "StringEquals"
    if key == "aws:sourceaccount":
        return needs.account in values if literal else any(matches(one, needs.account) for one in values)
    if key != "aws:sourcearn":
        return None
    # No literal is the ARN of every job to come.
    return False if literal else _best(_covers_jobs(one, needs) for one in values)


def _best(covered: Iterable[bool | None]) -> bool | None:
    found = set(covered)
    return True if True in found else None if None in found else False


def _covers_jobs(pattern: str, needs: RoleNeeds) -> bool | None:
    """Whether a pattern covers the jobs' ARNs: ``…:model-customization-job/<base model id>/<12 characters>``.

    Source: response of CreateModelCustomizationJob.

    Returns:
        None when it covers some of them: those of certain models, say, and nobody knows which are meant.
    """
    # That a variant's suffix is written is the least certain: whoever left it out may be right.
    every, base = needs.jobs.removesuffix("*"), needs.base_model.rpartition("foundation-model/")[2]
    known = bool(base) and not base.startswith("arn:")
    bases = [base] if known else ["a.a", "z.z:0"]
    if all(matches(pattern, f"{every}{one}/{end * 12}") for one in bases for end in "a0"):
        return True
    return None if _may_go_on(pattern, every + (_SUFFIX.sub("", base) if known else "")) else False


def _may_go_on(pattern: str, begins: str) -> bool:
    """Whether a pattern covers anything that begins so. ARNs are matched part by part, as IAM does."""
    parts, wanted = pattern.split(":", 5), begins.split(":", 5)
    if len(parts) == 6:
        if not all(map(matches, parts[:5], wanted[:5])):
            return False
        pattern, begins = parts[5], wanted[5]
    ends = range(len(pattern) + pattern.endswith("*"))
    return any(matches(pattern[:end], begins) for end in ends)

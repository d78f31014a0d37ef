"""A small reading of policies: what a role's documents allow, as far as they can be judged from outside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from stillroom.aws.policies import RoleNeeds

BEDROCK = "bedrock.amazonaws.com"


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
        A Deny wins; None when it hangs on conditions other than ``aws:SourceAccount`` and ``aws:SourceArn``.
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
    job = needs.jobs.replace("*", "a" * 12)
    known = {"aws:sourceaccount": needs.account, "aws:sourcearn": job}
    unknown = False
    for operator, pairs in conditions.items():
        plain = operator.removesuffix("IfExists").rsplit(":", 1)[-1]
        for key, values in (pairs or {}).items():
            met = _condition_met(plain, _listed(values), known.get(key.casefold()))
            if met is False:
                return False
            unknown = unknown or met is None
    return None if unknown else True


def _condition_met(operator: str, values: list[str], text: str | None) -> bool | None:
    if text is None or operator not in ("StringEquals", "StringLike", "ArnEquals", "ArnLike"):
        return None
    if operator == "StringEquals":
        return text in values
    return any(matches(one, text) for one in values)

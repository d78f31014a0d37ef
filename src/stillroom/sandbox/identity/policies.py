"""A small evaluation of policy documents: role trust, and the inline policies of a role.

Covers what a Bedrock service role needs: Allow and Deny, wildcards in actions and resources, string, ARN and
Null-free conditions over a handful of keys. NotAction, NotResource and other operators never match.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from stillroom.sandbox.wire.refusal import Refusal

Document = Mapping[str, Any]


def read_document(text: str) -> Document:
    """Parse a policy document.

    Raises:
        Refusal: It is no JSON object with statements.
    """
    try:
        document = json.loads(text)
    except ValueError:
        raise Refusal("MalformedPolicyDocument", "This policy contains invalid Json") from None
    if not isinstance(document, dict) or "Statement" not in document:
        raise Refusal("MalformedPolicyDocument", "Missing required field Statement")
    for statement in statements(document):
        if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
            raise Refusal("MalformedPolicyDocument", "Invalid effect: it must be Allow or Deny")
        if not {"Action", "NotAction"} & set(statement):
            raise Refusal("MalformedPolicyDocument", "Missing required field Action")
    return document


def statements(document: Document) -> list[Any]:
    found = document["Statement"]
    return found if isinstance(found, list) else [found]


def many(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


@lru_cache(maxsize=4096)
def _wildcard(pattern: str) -> re.Pattern[str]:
    pieces = re.split(r"([*?])", pattern)
    return re.compile("".join({"*": ".*", "?": "."}.get(one, re.escape(one)) for one in pieces), re.DOTALL)


def like(pattern: str, value: str) -> bool:
    """Whether a value matches a pattern with ``*`` and ``?``."""
    return _wildcard(pattern).fullmatch(value) is not None


def allowed(documents: Iterable[Document], action: str, resource: str, context: Mapping[str, str]) -> bool:
    """Whether identity policies allow an action: some Allow matches and no Deny does.

    Args:
        documents: The role's policies.
        action: Such as ``s3:GetObject``.
        resource: ARN of what is touched.
        context: Condition keys with their values, such as ``aws:ResourceAccount``.
    """
    granted = False
    for document in documents:
        for statement in statements(document):
            if not _matches(statement, action, resource, context):
                continue
            if statement["Effect"] == "Deny":
                return False
            granted = True
    return granted


def trusts(document: Document, principal: Mapping[str, str], context: Mapping[str, str]) -> bool:
    """Whether a trust policy lets a principal assume the role.

    Args:
        document: The role's trust policy.
        principal: Kind and name, such as ``{"Service": "bedrock.amazonaws.com"}``.
        context: ``aws:SourceAccount`` and ``aws:SourceArn`` for services.
    """
    granted = False
    for statement in statements(document):
        actions = [one.lower() for one in many(statement.get("Action", []))]
        who = statement.get("Principal", {})
        named = who == "*" or (
            isinstance(who, dict)
            and any(
                value in many(who.get(kind, [])) or "*" in many(who.get(kind, []))
                for kind, value in principal.items()
            )
        )
        fits = any(like(one, "sts:assumerole") for one in actions)
        if not (named and fits and _conditions(statement.get("Condition", {}), context)):
            continue
        if statement["Effect"] == "Deny":
            return False
        granted = True
    return granted


def _matches(statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]) -> bool:
    actions = many(statement.get("Action", []))
    resources = many(statement.get("Resource", []))
    return (
        any(like(one.lower(), action.lower()) for one in actions)
        and any(like(one, resource) for one in resources)
        and _conditions(statement.get("Condition", {}), context)
    )


def _conditions(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    known = {key.lower(): value for key, value in context.items()}
    return all(
        _condition(operator, known.get(key.lower()), many(values))
        for operator, tests in conditions.items()
        for key, values in tests.items()
    )


def _condition(operator: str, value: str | None, wanted: Sequence[str]) -> bool:
    name, _, suffix = operator.partition("IfExists")
    if value is None:
        return operator.endswith("IfExists") and not suffix
    if name in ("StringEquals",):
        return value in wanted
    if name == "StringNotEquals":
        return value not in wanted
    if name in ("StringLike", "ArnLike", "ArnEquals"):
        return any(like(one, value) for one in wanted)
    if name == "StringEqualsIgnoreCase":
        return value.lower() in [one.lower() for one in wanted]
    return False

"""The constraints that the service models state, checked with AWS's own wording."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

# The published pattern backtracks without end on long runs of dashes; this one accepts the same names.
_TAMED = {r"[a-zA-Z0-9](-*[a-zA-Z0-9\+\-\.])*": r"[a-zA-Z0-9][a-zA-Z0-9+\-.]*"}
# Converse's pattern of custom-model ARNs forbids the colons that those of Nova's models have. A bare
# "does not match" would hide the better answer, that such an ARN takes no calls.
_NARROW = "custom-model/[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}/[a-z0-9]{12}"
_WIDER = "custom-model/[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([:][a-z0-9-]{1,63}){0,2}/[a-z0-9]{12}"
_MOST = 10
"""Violations told at once."""


def violations(shape: Any, params: dict[str, Any]) -> list[str]:
    """Every stated constraint that parameters break.

    Args:
        shape: The operation's input shape; None when it takes nothing.
        params: As parsed.

    Returns:
        Sentences such as ``Value 'x' at 'jobName' failed to satisfy constraint: …``; empty when all hold.
    """
    found: list[str] = []
    if shape is not None:
        _check(shape, params, "", found)
    return found[:_MOST]


def told(found: list[str]) -> str:
    """Violations as one message, in AWS's words."""
    many = "error" if len(found) == 1 else "errors"
    return f"{len(found)} validation {many} detected: {'; '.join(found)}"


def _check(shape: Any, value: Any, path: str, found: list[str]) -> None:
    kind = shape.type_name
    if getattr(shape, "is_document_type", False):
        return
    if value is None:
        # Only elements of lists and maps get here: a member that is null counts as left out.
        found.append(_sentence("null", path, "Member must not be null"))
        return
    if kind == "structure":
        found += [
            _sentence("null", f"{path}.{name}".lstrip("."), "Member must not be null")
            for name in shape.required_members
            if value.get(name) is None
        ]
        for name, one in value.items():
            if name in shape.members and one is not None:
                _check(shape.members[name], one, f"{path}.{name}".lstrip("."), found)
        return
    if kind == "list":
        _size(shape, len(value), "[...]", path, found)
        for number, one in enumerate(value, 1):
            _check(shape.member, one, f"{path}.{number}.member", found)
    elif kind == "map":
        _size(shape, len(value), "{...}", path, found)
        for key, one in value.items():
            _check(shape.key, key, path, found)
            _check(shape.value, one, f"{path}.{key}", found)
    elif kind == "string":
        _text(shape, value, path, found)
    elif kind == "blob":
        _size(shape, len(value), "...", path, found)
    elif kind in {"integer", "long", "float", "double"}:
        _number(shape, value, path, found)


def _sentence(shown: str, path: str, rule: str) -> str:
    # AWS names members in camel case, whatever the wire does.
    return f"Value {shown} at '{path[:1].lower()}{path[1:]}' failed to satisfy constraint: {rule}"


def _size(shape: Any, size: int, shown: str, path: str, found: list[str]) -> None:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    shown = f"'{shown[:200]}'"
    if least is not None and size < least:
        rule = f"Member must have length greater than or equal to {least}"
        found.append(_sentence(shown, path, rule))
    if most is not None and size > most:
        found.append(_sentence(shown, path, f"Member must have length less than or equal to {most}"))


def _number(shape: Any, value: float, path: str, found: list[str]) -> None:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and value < least:
        found.append(
            _sentence(f"'{value}'", path, f"Member must have value greater than or equal to {least}")
        )
    if most is not None and value > most:
        found.append(_sentence(f"'{value}'", path, f"Member must have value less than or equal to {most}"))


def _text(shape: Any, value: str, path: str, found: list[str]) -> None:
    before = len(found)
    _size(shape, len(value), value, path, found)
    choices = shape.metadata.get("enum")
    if choices and value not in choices:
        found.append(
            _sentence(f"'{value[:200]}'", path, f"Member must satisfy enum value set: [{', '.join(choices)}]")
        )
    pattern = shape.metadata.get("pattern")
    if pattern and len(found) == before and not _compiled(pattern).fullmatch(value):
        rule = f"Member must satisfy regular expression pattern: {pattern}"
        found.append(_sentence(f"'{value[:200]}'", path, rule))


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(_TAMED.get(pattern, pattern).replace(_NARROW, _WIDER))
    except re.error:
        # Written for another engine (\p{L} …): what cannot be read here cannot be enforced.
        return re.compile(r"(?s).*")

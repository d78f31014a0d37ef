"""Training records: written, read, and checked against the rules of the service.

This module holds light values only. The work is in `building`, `validating` and `tokens`; `folder` knows
pictures from local files.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from stillroom.records.values import (
    LEAST_RECORDS,
    MOST_RECORDS,
    FileFacts,
    PictureFact,
    PictureFacts,
    TargetModel,
    target_of,
)

if TYPE_CHECKING:
    from stillroom.records.catalogue import RULES
    from stillroom.records.rules import Authority, Finding, Rule, Scope, Weight

_LATE = {
    "RULES": "catalogue",
    **dict.fromkeys(("Authority", "Finding", "Rule", "Scope", "Weight"), "rules"),
}
"""Rules are imported when they are asked for: most commands, and the first screen, check no records."""

__all__ = [
    "LEAST_RECORDS",
    "MOST_RECORDS",
    "RULES",
    "Authority",
    "FileFacts",
    "Finding",
    "PictureFact",
    "PictureFacts",
    "Rule",
    "Scope",
    "TargetModel",
    "Weight",
    "target_of",
]


def __getattr__(name: str) -> object:
    if name in _LATE:
        return getattr(import_module(f"stillroom.records.{_LATE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

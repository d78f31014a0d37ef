"""Training records: written, read, and checked against the rules of the service.

This module holds light values only. The work is in `building`, `validating` and `tokens`; `folder` knows
pictures from local files.
"""

from typing import TYPE_CHECKING

from stillroom.late import importing
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

__getattr__ = importing(__name__, _LATE)

"""Training records: written, read, and checked against the rules of the service.

This module holds light values only. The work is in `building`, `validating` and `tokens`; `folder` knows
pictures from local files.
"""

from stillroom.records.catalogue import RULES
from stillroom.records.rules import Authority, Finding, Rule, Scope, Weight
from stillroom.records.values import (
    LEAST_RECORDS,
    MOST_RECORDS,
    FileFacts,
    PictureFact,
    PictureFacts,
    TargetModel,
    target_of,
)

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

"""Pictures: found, inspected, split, prepared, and what they cost in tokens.

This module holds light values only. The work is in `finding`, `inspecting`, `splitting`, `preparing`,
`tokens` and `scenes`; those that decode pictures import Pillow.
"""

from stillroom.pictures.settings import PictureSettings, PrepareSettings
from stillroom.pictures.values import (
    PASSING,
    Changes,
    Flag,
    FoundFile,
    Inspection,
    KeptOut,
    Member,
    PictureFlagged,
    PreparedFile,
    Side,
    SplitPlan,
)

__all__ = [
    "PASSING",
    "Changes",
    "Flag",
    "FoundFile",
    "Inspection",
    "KeptOut",
    "Member",
    "PictureFlagged",
    "PictureSettings",
    "PrepareSettings",
    "PreparedFile",
    "Side",
    "SplitPlan",
]

"""One thing that was said to the person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was said."""

    at: float
    """Unix time."""
    text: str
    severity: str
    """``information``, ``warning`` or ``error``."""

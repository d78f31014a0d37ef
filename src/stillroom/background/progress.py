"""What long work says about itself while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Progress:
    """One frozen snapshot; watchers read the newest about ten times a second.

    What a step has to tell besides, for whoever knows of it, is in a kind of its own.
    """

    doing: str
    """What is being done, such as ``label teacher``."""
    done: int = 0
    total: int | None = None
    """None: not known (waiting for a job, say)."""
    unit: str = ""
    """What is counted: ``pictures``, ``files``, ``records``."""
    rate: float | None = None
    """Units a second over the last while."""
    seconds_left: float | None = None
    failed: int = 0
    usd: Decimal | None = None
    """Money that this work has spent so far; None where it costs nothing."""
    budget_usd: Decimal | None = None
    detail: str = ""
    """Anything else worth a glance, one short line."""


class Slot:
    """Holds the newest snapshot. One writer, any number of readers; assignment is atomic."""

    def __init__(self, doing: str = "") -> None:
        self._newest = Progress(doing)

    def put(self, progress: Progress) -> None:
        self._newest = progress

    def get(self) -> Progress:
        return self._newest

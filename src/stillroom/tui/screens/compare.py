"""Compare."""

from __future__ import annotations

from stillroom.tui.desk import Desk
from stillroom.tui.screens.base import Room


class Compare(Room[str]):
    NAME = "compare"

    def gather(self, desk: Desk) -> str:
        return ""

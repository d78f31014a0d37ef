"""Jobs."""

from __future__ import annotations

from stillroom.tui.desk import Desk
from stillroom.tui.screens.base import Room


class Jobs(Room[str]):
    NAME = "jobs"

    def gather(self, desk: Desk) -> str:
        return ""

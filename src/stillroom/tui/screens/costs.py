"""Costs."""

from __future__ import annotations

from stillroom.tui.desk import Desk
from stillroom.tui.screens.base import Room


class Costs(Room[str]):
    NAME = "costs"

    def gather(self, desk: Desk) -> str:
        return ""

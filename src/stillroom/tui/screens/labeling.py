"""Labeling."""

from __future__ import annotations

from stillroom.tui.desk import Desk
from stillroom.tui.screens.base import Room


class Labeling(Room[str]):
    NAME = "labeling"

    def gather(self, desk: Desk) -> str:
        return ""

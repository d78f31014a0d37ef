"""Playground."""

from __future__ import annotations

from stillroom.tui.desk import Desk
from stillroom.tui.screens.base import Room


class Playground(Room[str]):
    NAME = "playground"

    def gather(self, desk: Desk) -> str:
        return ""

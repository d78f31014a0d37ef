"""Dataset."""

from __future__ import annotations

from stillroom.tui.desk import Desk
from stillroom.tui.screens.base import Room


class Dataset(Room[str]):
    NAME = "dataset"

    def gather(self, desk: Desk) -> str:
        return ""

"""Completing the name of a folder while it is typed."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from textual.suggester import Suggester

from stillroom.tui.cells import safe


def complete_folder(typed: str, start: Path) -> str | None:
    """What was typed with the first folder's name that it begins, or None.

    Args:
        typed: A path, or the beginning of one; ``~`` is one's home.
        start: Folder that relative paths begin at.
    """
    above, _, begun = typed.rpartition("/")
    above = above + "/" if "/" in typed else ""
    try:
        folder = start / Path(above).expanduser()
        with os.scandir(folder) as entries:
            names = sorted(
                entry.name
                for entry in entries
                if entry.name.startswith(begun)
                and entry.name.startswith(".") == begun.startswith(".")
                and safe(entry.name) == entry.name
                and entry.is_dir()
            )
    except (OSError, RuntimeError, ValueError):
        return None
    return f"{above}{names[0]}/" if names else None


class Folders(Suggester):
    """Suggests folders of this disk, read beside the loop."""

    def __init__(self, start: Path) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._start = start

    async def get_suggestion(self, value: str) -> str | None:
        return await asyncio.to_thread(complete_folder, value, self._start) if value else None

"""Where a person is in a project, written down while they are there: not every end is announced."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from stillroom.tui.actions import SCREENS
from stillroom.tui.remembered import Place, Visit

if TYPE_CHECKING:
    from stillroom.tui.app import Workbench

_SECONDS = 1.0
"""Between two looks at whether it has changed."""
_OPEN_SECONDS = 30.0
"""What has not changed is written so often, with the time: lists elsewhere tell when it was last open."""


class Visiting:
    """Keeps the visit of an open workbench."""

    def __init__(self, bench: Workbench, before: Visit) -> None:
        """Go on from where one was.

        Args:
            bench: The application.
            before: Where one was when this project was left.
        """
        self._bench = bench
        self._places: dict[str, Place] = dict(before.places)
        self._written: Visit | None = None
        self._written_at = 0.0
        """Unix time."""
        self._listed = False
        """Whether the project stands in the list of those that were opened."""

    async def begin(self) -> None:
        """Write down where one is whenever that has changed: a kill is not announced."""
        await asyncio.to_thread(self._enter_list)
        self._bench.set_interval(_SECONDS, self.keep)

    def keep(self) -> None:
        """Write down where one is, for the next start, if that has changed."""
        bench = self._bench
        if bench.is_running:  # else the screens are being taken down, and may have lost their parts
            self._places |= {room.NAME: room.bookmark() for room in bench.rooms if room.is_mounted}
        # What made the screen fail would make it fail again: the next start begins at the first one.
        whole = bench.failure is None and bench.current_mode in SCREENS
        mode = bench.current_mode if whole else ""
        visit = Visit(mode, bench.viewing.shown, bench.chosen_theme, dict(self._places))
        now = bench.desk.now()
        if visit == self._written and bench.is_running and 0 <= now - self._written_at < _OPEN_SECONDS:
            return
        if not self._listed:
            self._enter_list()
        bench.remembered.keep(bench.desk.workspace.root, visit, now)
        self._written, self._written_at = visit, now

    def _enter_list(self) -> None:
        workspace, now = self._bench.desk.workspace, self._bench.desk.now()
        name = workspace.settings.project.name
        self._bench.remembered.opened(workspace.root, name=name, where=workspace.where, at=now)
        self._listed = True

"""Screens that are read from top to bottom: keys reach their last line."""

from __future__ import annotations

import pytest
from tests.tui.scrolled import scrolled_by_keys

from stillroom.steps.workspace import Workspace
from stillroom.tui.app import Workbench
from stillroom.tui.scrolling import ScrolledRoom


@pytest.mark.parametrize(("key", "shown"), [("3", "#lists"), ("7", "#answers")])
async def test_keys_reach_the_last_line_on_the_smallest_terminal(
    finished: Workspace, key: str, shown: str
) -> None:
    app = Workbench(finished)
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.press(key)
        room = app.screen
        assert isinstance(room, ScrolledRoom)
        await scrolled_by_keys(pilot, room, shown)

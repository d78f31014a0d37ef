"""Screens that are read from top to bottom: keys reach their last line."""

from __future__ import annotations

import asyncio

import pytest

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
        async with asyncio.timeout(10):
            while not room.pane.max_scroll_y:
                await pilot.pause(0.02)
        for down, up in (("end", "g"), ("G", "home")):
            await pilot.press(down)
            assert room.pane.scroll_y == room.pane.max_scroll_y
            await pilot.pause()
            assert room.query_one(shown).region.bottom == room.pane.region.bottom
            await pilot.press(up)
            assert room.pane.scroll_y == 0
        for down, up in (("j", "k"), ("down", "up"), ("pagedown", "pageup")):
            await pilot.press(down)
            assert room.pane.scroll_y > 0
            await pilot.press(up)
            assert room.pane.scroll_y == 0

"""Keys that scroll a screen which is read from top to bottom."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.pilot import Pilot

from stillroom.tui.scrolling import ScrolledRoom


async def scrolled_by_keys(pilot: Pilot[Any], room: ScrolledRoom[Any], last: str) -> None:
    """Press every key that scrolls, once the screen has something below what is seen.

    Args:
        pilot: Presses.
        room: The screen.
        last: What must be seen to its end when the end is reached.
    """
    async with asyncio.timeout(10):
        while not room.pane.max_scroll_y:
            await pilot.pause(0.02)
    for down, up in (("end", "g"), ("G", "home")):
        await pilot.press(down)
        assert room.pane.scroll_y == room.pane.max_scroll_y
        await pilot.pause()
        assert room.query_one(last).region.bottom == room.pane.region.bottom
        await pilot.press(up)
        assert room.pane.scroll_y == 0
    for down, up in (("j", "k"), ("down", "up"), ("pagedown", "pageup")):
        await pilot.press(down)
        assert room.pane.scroll_y > 0
        await pilot.press(up)
        assert room.pane.scroll_y == 0

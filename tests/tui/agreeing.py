"""Agreeing as a person does: what is asked is read first."""

from __future__ import annotations

import asyncio
from typing import Any

from textual import events
from textual.pilot import Pilot
from textual.widgets import Static

from stillroom.tui.screens.asking import Asking


async def asked(pilot: Pilot[Any]) -> None:
    """Wait until what is asked names the key that agrees."""
    async with asyncio.timeout(20):
        while not _names_the_key(pilot):
            await pilot.pause(0.02)


def _names_the_key(pilot: Pilot[Any]) -> bool:
    screen = pilot.app.screen
    if not isinstance(screen, Asking) or not screen.query("#hint"):
        return False
    line = str(screen.query_one("#hint", Static).visual)
    key = screen.key(screen.HINT[0])
    return bool(key) and line.startswith(key)


async def agree(pilot: Pilot[Any], key: str = "y") -> None:
    """Wait for that, and press the key."""
    await asked(pilot)
    await pilot.press(key)


async def press_at(pilot: Pilot[Any], key: str, at: float) -> None:
    """Let a key arrive that was pressed at a time on the process's clock."""
    event = events.Key(key, key if len(key) == 1 else None)
    event.time = at
    pilot.app.post_message(event)
    await pilot.pause()

"""The application's tick meets screens that are not there yet, or not any more."""

from __future__ import annotations

import asyncio
from pathlib import Path

from stillroom.steps.workspace import open_workspace
from stillroom.tui.app import Workbench


def test_a_tick_after_the_screens_are_gone_does_nothing(project: Path) -> None:
    async def go() -> None:
        with open_workspace(project) as workspace:
            app = Workbench(workspace)
            async with app.run_test() as pilot:
                await pilot.pause()
            app._tick()

    asyncio.run(go())


def test_a_tick_before_a_screen_is_composed_does_nothing(project: Path) -> None:
    async def go() -> None:
        with open_workspace(project) as workspace:
            app = Workbench(workspace)
            async with app.run_test() as pilot:
                app.switch_mode("jobs")
                app._tick()
                await pilot.pause()
                app._tick()

    asyncio.run(go())

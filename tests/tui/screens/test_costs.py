"""The Costs screen: filled from the store, scrolled by keys."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.containers import VerticalScroll
from textual.widgets import Static

from stillroom.steps.workspace import open_workspace
from stillroom.tui.app import Workbench
from stillroom.tui.cells import cell_len
from stillroom.tui.screens.costs import Costs


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (60, 16)])
def test_all_parts_are_reached_by_keys(distilled: Path, size: tuple[int, int]) -> None:
    async def go() -> None:
        with open_workspace(distilled) as workspace:
            app = Workbench(workspace)
            async with app.run_test(size=size) as pilot:
                await pilot.press("6")
                async with asyncio.timeout(10):
                    while not isinstance(app.screen, Costs) or app.screen.view is None:
                        await pilot.pause(0.02)
                await pilot.pause()
                said = {part: str(app.screen.query_one(f"#{part}", Static).visual) for part in
                        ("steps", "budget", "prices")}  # fmt: skip
                assert "train lite-20" in said["steps"]
                assert "Budget" in said["budget"]
                assert "unverified" in said["prices"]
                for text in said.values():
                    assert max(cell_len(line) for line in text.splitlines()) <= size[0]
                pane = app.screen.query_one(VerticalScroll)
                assert pane.scroll_y == 0
                await pilot.press("G")
                await pilot.pause()
                assert pane.scroll_y == pane.max_scroll_y
                await pilot.press("g")
                await pilot.pause()
                assert pane.scroll_y == 0

    asyncio.run(go())

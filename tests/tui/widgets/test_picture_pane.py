"""The picture beside a list: its words are wrapped for the width that the pane has, whenever it gets it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from tests.tui.test_details import DETAIL
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Static

from stillroom.tui.viewing import Viewing
from stillroom.tui.widgets.picture_pane import PicturePane


class Wall(App[None]):
    """One pane, hidden at first."""

    CSS = """
    PicturePane { display: none; width: 100%; height: 100%; }
    PicturePane.-seen { display: block; }
    #words { height: 6; }
    #detail { height: auto; text-wrap: nowrap; }
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.viewing = Viewing(lambda key: folder / key)

    def compose(self) -> ComposeResult:
        yield PicturePane(lambda id: replace(DETAIL, row=replace(DETAIL.row, id=id)), self.viewing)

    @property
    def pane(self) -> PicturePane:
        return self.query_one(PicturePane)

    @property
    def lines(self) -> list[str]:
        return str(self.query_one("#detail", Static).visual).splitlines()

    async def on_unmount(self) -> None:
        await asyncio.to_thread(self.viewing.close)


async def until(pilot: Pilot[None], true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await pilot.pause(0.01)


@pytest.fixture
def wall(tmp_path: Path) -> Wall:
    return Wall(tmp_path)


def width_of(lines: list[str]) -> int:
    return max(cell_len(line) for line in lines)


async def test_words_read_before_the_pane_was_laid_out_are_wrapped_for_its_width(wall: Wall):
    async with wall.run_test(size=(60, 30)) as pilot:
        wall.pane.show(1, 0, ())
        await until(pilot, lambda: not wall.pane.reading)
        wall.pane.add_class("-seen")
        await until(pilot, lambda: len(wall.lines) > 5)
        assert 40 < width_of(wall.lines) <= 60


async def test_words_are_wrapped_again_when_the_pane_becomes_narrower(wall: Wall):
    async with wall.run_test(size=(60, 30)) as pilot:
        wall.pane.add_class("-seen")
        wall.pane.show(1, 0, ())
        await until(pilot, lambda: len(wall.lines) > 5)
        await pilot.resize_terminal(36, 30)
        await until(pilot, lambda: width_of(wall.lines) <= 36)


async def test_words_that_do_not_fit_are_scrolled_to_and_another_picture_begins_at_its_top(wall: Wall):
    async with wall.run_test(size=(60, 30)) as pilot:
        wall.pane.add_class("-seen")
        wall.pane.show(1, 0, ())
        await until(pilot, lambda: len(wall.lines) > 5)
        words = wall.query_one("#words", VerticalScroll)
        await until(pilot, lambda: words.max_scroll_y > 0)
        wall.pane.scroll_words(1)
        await until(pilot, lambda: words.scroll_y == 5)
        wall.pane.show(1, 1, ())
        await until(pilot, lambda: not wall.pane.reading)
        assert words.scroll_y == 5
        wall.pane.show(2, 1, ())
        await until(pilot, lambda: words.scroll_y == 0)

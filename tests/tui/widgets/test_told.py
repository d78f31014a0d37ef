"""Text that is told again and again: what it draws, and when it lays out the screen anew."""

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from stillroom.tui.sheet import Sheet
from stillroom.tui.widgets.told import Told


class Page(App[None]):
    def compose(self) -> ComposeResult:
        yield Told("…")


async def test_the_screen_is_laid_out_anew_only_for_another_number_of_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    updates = []
    monkeypatch.setattr(
        Static, "update", lambda self, content, *, layout: updates.append((str(content), layout))
    )
    page = Page()
    async with page.run_test():
        told = page.query_one(Told)
        for text in ("1 of 9", "2 of 9", "2 of 9\nmore", "3 of 9\nmore"):
            told.tell(Sheet(text))
        assert updates == [
            ("1 of 9", True),
            ("2 of 9", False),
            ("2 of 9\nmore", True),
            ("3 of 9\nmore", False),
        ]


async def test_what_is_the_same_is_not_drawn_again() -> None:
    page = Page()
    async with page.run_test() as pilot:
        told = page.query_one(Told)
        told.tell(Sheet("1 of 9"))
        await pilot.pause()
        told.tell(Sheet("1 of 9"))
        assert not told._repaint_regions


async def test_longer_lines_of_the_same_number_are_seen_whole() -> None:
    page = Page()
    async with page.run_test() as pilot:
        told = page.query_one(Told)
        told.tell(Sheet("short"))
        await pilot.pause()
        told.tell(Sheet("a good deal longer"))
        await pilot.pause()
        strip = page.screen._compositor.render_strips()[0]
        assert strip.text.rstrip() == "a good deal longer"

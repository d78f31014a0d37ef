"""Prepared lines: what is drawn again, and what is kept ready."""

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from stillroom.tui.sheet import Sheet
from stillroom.tui.widgets import lines as module
from stillroom.tui.widgets.lines import Lines


class Page(App[None]):
    CSS = "Lines { padding: 1 1 1 2; width: 20; height: 10; }"

    def compose(self) -> ComposeResult:
        yield Lines()


def said(*lines: str) -> list[Sheet]:
    return [Sheet(line) for line in lines]


async def test_only_the_line_that_changed_is_drawn_again_and_it_whole() -> None:
    page = Page()
    async with page.run_test() as pilot:
        lines = page.query_one(Lines)
        lines.show(said("one", "two", "three"))
        await pilot.pause()
        lines.show(said("one", "2", "three"))
        assert lines._repaint_regions == {Region(0, 2, 20, 1)}


async def test_what_was_prepared_again_is_kept_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_STRIPS", 3)
    page = Page()
    async with page.run_test():
        lines = page.query_one(Lines)
        lines.prepare(said("old", "used", "older"))
        lines.prepare(said("used"))
        lines.prepare(said("new", "newer"))
        kept = [pieces[0][0] for pieces in lines._strips]
        assert kept == ["used", "new", "newer"]


class Tall(App[None]):
    CSS = "Lines { width: 10; }"

    def compose(self) -> ComposeResult:
        yield Lines(id="above")
        yield Lines(id="below")


async def test_it_is_as_high_as_its_lines_are_many() -> None:
    page = Tall()
    async with page.run_test() as pilot:
        above, below = page.query_one("#above", Lines), page.query_one("#below", Lines)
        above.show(said("one", "two", "three"))
        below.show(said("four"))
        await pilot.pause()
        assert (above.region.height, below.region.y) == (3, 3)
        above.show(said("one"))
        await pilot.pause()
        assert (above.region.height, below.region.y) == (1, 1)


async def test_a_line_that_is_cut_says_so() -> None:
    page = Tall()
    async with page.run_test() as pilot:
        lines = page.query_one("#above", Lines)
        lines.show(said("ten cells.", "eleven cell", "eight 日本語"))
        await pilot.pause()
        drawn = [strip.text for strip in lines.render_lines(Region(0, 0, 10, 3))]
        assert drawn == ["ten cells.", "eleven ce…", "eight 日 …"]

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

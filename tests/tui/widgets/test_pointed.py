"""Where the cursor of a list is can be seen without colours, and it stays at either end."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets.option_list import Option

from stillroom.tui.widgets.pointed import PointedList

LINES = ("one", "two", "three")


class Listing(App[None]):
    def compose(self) -> ComposeResult:
        yield PointedList(*(Option(f" {line}") for line in LINES))


def pointed(app: App[None]) -> list[str]:
    """The lines that the sign stands before."""
    drawn = app.query_one(PointedList)
    lines = [drawn.render_line(y).text for y in range(len(LINES))]
    return [line.strip(" ›") for line in lines if "›" in line]


async def test_the_sign_goes_with_the_cursor_and_both_stay_at_the_ends() -> None:
    app = Listing()
    async with app.run_test() as pilot:
        seen = []
        for key in ("home", "down", "down", "down", "up", "up", "up"):
            await pilot.press(key)
            seen += pointed(app)
        assert seen == ["one", "two", "three", "three", "two", "one", "one"]

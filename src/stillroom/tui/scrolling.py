"""A screen that is read from top to bottom: the keys of its whole text, which has no cursor."""

from __future__ import annotations

from typing import Literal

from textual.containers import VerticalScroll

from stillroom.tui.screens.base import Room, V


class ScrolledRoom(Room[V]):
    """A screen with one part that scrolls; its keys are those of ``actions._scrolling``.

    No class to be mixed in: Textual takes the names that styles go by from the first base alone.
    """

    @property
    def pane(self) -> VerticalScroll:
        """The part that scrolls."""
        return self.query_one(VerticalScroll)

    def action_scroll(self, lines: int) -> None:
        self.pane.scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        self.pane.scroll_relative(y=pages * max(1, self.pane.size.height - 2), animate=False)

    def action_edge(self, which: Literal["top", "bottom"]) -> None:
        if which == "top":
            self.pane.scroll_home(animate=False)
        else:
            self.pane.scroll_end(animate=False)

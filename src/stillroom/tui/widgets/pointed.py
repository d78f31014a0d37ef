"""A list of lines whose cursor is told by a sign as well as by colour."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import OptionList

from stillroom.tui.cells import SYMBOLS


class PointedList(OptionList):
    """Options of one line that begin with a blank cell; the cursor's sign stands there.

    The cursor stays where it is at either end.
    """

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        first = next(iter(strip), None)
        at_cursor = self.scroll_offset.y + y == self.highlighted
        if not at_cursor or first is None or not first.text.startswith(" "):
            return strip
        return Strip.join([Strip([Segment(SYMBOLS.pointer, first.style)], 1), strip.crop(1)])

    def action_cursor_down(self) -> None:
        if self.highlighted != self.option_count - 1:
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        if self.highlighted != 0:
            super().action_cursor_up()

"""Text that is told again and again while work goes on."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from stillroom.tui.sheet import Sheet


class Told(Static):
    """A Static that is as wide as its place, of lines that are cut and not wrapped.

    Its size hangs on the number of its lines alone: a number that changes does not lay out the screen anew.
    """

    DEFAULT_CSS = "Told { width: 1fr; height: auto; text-wrap: nowrap; text-overflow: ellipsis; }"

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(text, id=id, markup=False)
        self._lines = -1

    def tell(self, sheet: Sheet) -> None:
        """Show this in place of what was told before; nothing is drawn when it is the same."""
        content = sheet.content
        if isinstance(self.content, Content) and self.content.is_same(content):
            return
        lines = content.plain.count("\n")
        self.update(content, layout=lines != self._lines)
        self._lines = lines

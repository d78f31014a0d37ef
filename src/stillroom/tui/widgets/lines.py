"""Lines of text that change often: only those that differ are drawn again, and nothing is laid out."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.theme import Theme
from textual.widget import Widget

from stillroom.tui.cells import cell_len
from stillroom.tui.sheet import Sheet

Pieces = tuple[tuple[str, str], ...]


class Lines(Widget):
    """Shows prepared lines from the top of its region; what is wider or more than fits is cut.

    A Static would lay out and style every line again at each key press. What comes in here has been wrapped
    and made safe already.
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._pieces: list[Pieces] = []
        self._strips: dict[Pieces, Strip] = {}
        self._styles: dict[str, RichStyle] = {}

    def show(self, lines: Sequence[Sheet]) -> None:
        """Show these lines in place of those before."""
        before, self._pieces = self._pieces, [line.pieces for line in lines]
        changed = [
            row
            for row in range(max(len(before), len(self._pieces)))
            if before[row : row + 1] != self._pieces[row : row + 1]
        ]
        if changed:
            left, top = self.gutter.left, self.gutter.top
            self.refresh(*(Region(left, top + row, self.size.width, 1) for row in changed))

    @property
    def text(self) -> str:
        """What is shown, without styles."""
        return "\n".join("".join(text for text, _ in line) for line in self._pieces)

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._restyle)

    def _restyle(self, _: Theme) -> None:
        self._styles.clear()
        self._strips.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y >= len(self._pieces):
            return Strip.blank(width, self.rich_style)
        pieces = self._pieces[y]
        strip = self._strips.get(pieces)
        if strip is None or strip.cell_length != width:
            if len(self._strips) > 4 * max(1, self.size.height):
                self._strips.clear()
            strip = self._strips[pieces] = self._strip(pieces, width)
        return strip

    def _strip(self, pieces: Pieces, width: int) -> Strip:
        segments = [Segment(text, self._style(style)) for text, style in pieces if text]
        length = sum(cell_len(text) for text, _ in pieces)
        return Strip(segments, length).adjust_cell_length(width, self.rich_style)

    def _style(self, name: str) -> RichStyle:
        style = self._styles.get(name)
        if style is None:
            parsed = Style.parse(name, self.app.theme_variables) if name else Style.null()
            style = self._styles[name] = (self.visual_style + parsed).rich_style
        return style

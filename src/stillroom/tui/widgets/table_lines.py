"""The lines of the table of pictures: drawn from what is at hand, and kept until something in them changes.

Textual's own cache of styled lines is left aside: it costs as much again as the lines themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from stillroom.tui.cells import ASCII_SYMBOLS, SYMBOLS, Symbols
from stillroom.tui.columns import heading, layout
from stillroom.tui.row_lines import row_segments, thumb

if TYPE_CHECKING:
    from stillroom.tui.widgets.picture_table import PictureTable

HEADER: Final = 1
"""Lines above the rows."""
SCROLLBAR: Final = 2
"""Cells on the right where the place in the list is drawn."""
_NARROWEST: Final = 20
"""Cells below which nothing is drawn."""


class TableLines:
    """Strips by line of the widget, counted from its upper edge. Nothing is drawn twice or waited for."""

    def __init__(self, table: PictureTable, *, ascii: bool) -> None:
        self._table = table
        self._ascii = ascii
        self._symbols: Symbols = ASCII_SYMBOLS if ascii else SYMBOLS
        self._tones: dict[str, Style] = {}
        self._lines: dict[int, Strip] = {}
        self._size = (0, 0)

    def strips(self, lines: Sequence[int]) -> list[Strip]:
        """Some lines, whole."""
        width, height = self._table.size
        if (width, height) != self._size:
            self._size = (width, height)
            self._lines.clear()
        missing = [y for y in lines if y not in self._lines]
        if missing:
            self._draw(missing, width, height)
        return [self._lines[y] for y in lines]

    def forget(self, lines: Iterable[int] | None = None) -> None:
        """Draw some lines anew when they are asked for; None: all."""
        if lines is None:
            self._lines.clear()
            return
        for y in lines:
            self._lines.pop(y, None)

    def forget_styles(self) -> None:
        """Look the colours up again: theme or focus have changed."""
        self._tones.clear()
        self._lines.clear()

    def _draw(self, lines: Sequence[int], width: int, height: int) -> None:
        table = self._table
        columns = layout(width - SCROLLBAR) if width >= _NARROWEST else ()
        moved = thumb(height - HEADER, len(table.blocks), table.top)
        plain, quiet = self._tone("plain"), self._tone("quiet")
        bar = Segment(" #" if self._ascii else " ▐", quiet)
        nothing = Segment(" " * SCROLLBAR, plain)
        for y in lines:
            place = y - HEADER + table.top
            if not columns or place >= len(table.blocks):
                self._lines[y] = Strip.blank(width, plain)
            elif y < HEADER:
                text = heading(columns, table.sort, self._symbols)
                self._lines[y] = Strip([Segment(text + nothing.text, self._tone("heading"))], width)
            else:
                segments = row_segments(
                    table.blocks.row(place),
                    columns,
                    width - SCROLLBAR,
                    self._symbols,
                    self._tone,
                    at_cursor=place == table.cursor,
                    marked=table.blocks.ids[place] in table.marks,
                )
                segments.append(bar if y - HEADER in moved else nothing)
                self._lines[y] = Strip(segments, width)
            if self._ascii:
                self._lines[y] = self._filtered(self._lines[y])

    def _tone(self, name: str) -> Style:
        """A style as it goes to the terminal, with what filters (no colours, say) make of it."""
        style = self._tones.get(name)
        if style is None:
            table = self._table
            style = table.rich_style if name == "plain" else table.get_component_rich_style(f"table--{name}")
            ground = table.background_colors[1]
            for line_filter in table.get_line_filters():
                style = line_filter.apply([Segment("x", style)], ground)[0].style or style
            self._tones[name] = style
        return style

    def _filtered(self, strip: Strip) -> Strip:
        """What becomes of names and keywords where the terminal promises no more than ASCII."""
        for line_filter in self._table.get_line_filters():
            strip = strip.apply_filter(line_filter, self._table.background_colors[1])
        return strip

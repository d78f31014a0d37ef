"""One line of the list of pictures as pieces of styled text, and where its scrollbar's thumb is."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style

from stillroom.store import PictureRow
from stillroom.tui.blocks import Missing
from stillroom.tui.cells import ASCII_SYMBOLS, Symbols
from stillroom.tui.columns import MARKS, Column, pieces


def row_segments(
    row: PictureRow | Missing,
    columns: tuple[Column, ...],
    width: int,
    symbols: Symbols,
    tone: Callable[[str], Style],
    *,
    at_cursor: bool,
    marked: bool,
) -> list[Segment]:
    """Draw a row.

    Args:
        row: What is known of it; while it is coming, an ellipsis is drawn.
        columns: As they are laid out for ``width``.
        width: Terminal cells.
        symbols: Of states, or those that every terminal has.
        tone: Gives the style of a name: ``plain``, ``cursor``, ``marked``, or a tone of a piece.
        at_cursor: The cursor is on it: by a sign as well as by colour.
        marked: It is marked.
    """
    dot = "*" if symbols is ASCII_SYMBOLS else "•"
    edge = f"{symbols.pointer if at_cursor else ' '}{dot if marked else ' '} "
    if isinstance(row, Missing):
        word = symbols.more if row is Missing.COMING else "gone"
        body: list[tuple[str, str]] = [(word.ljust(width - MARKS), "quiet")]
    else:
        body = [*pieces(row, columns, symbols)]
    if at_cursor:
        return [Segment(edge + "".join(text for text, _ in body), tone("cursor"))]
    segments = [Segment(edge, tone("marked" if marked else "plain"))]
    segments += [Segment(text, tone(name)) for text, name in body]
    return segments


def thumb(seen: int, count: int, top: int) -> range:
    """Lines on which the scrollbar's thumb is drawn; none when everything is seen.

    Args:
        seen: Rows that there is room for.
        count: Rows of the list.
        top: Place of the first row that is seen.
    """
    if count <= seen or seen < 1:
        return range(0)
    size = max(1, seen * seen // count)
    start = round((seen - size) * top / (count - seen))
    return range(start, start + size)

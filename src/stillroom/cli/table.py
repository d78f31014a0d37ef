"""The one writer of tables: columns that fit the terminal, broken between words and nowhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Sequence
from typing import TextIO

_GAP = 2
"""Spaces between two columns."""
_LEAST = 24
"""Characters in a line below which a folded column is no pleasure to read."""


def terminal_width(stream: TextIO | None = None) -> int | None:
    """Characters in a line of the terminal that a stream (stdout unless it is given) writes to.

    None: it is no terminal, or it does not tell; a file or a program takes lines of any length.
    """
    stream = stream or sys.stdout
    try:
        return os.get_terminal_size(stream.fileno()).columns or None if stream.isatty() else None
    except (OSError, ValueError):
        return None


def table(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Collection[int] = (),
    drop: Sequence[int] = (),
    fold: int | None = None,
    whole: Collection[int] = (),
    indent: str = "",
    width: int | None = None,
) -> list[str]:
    """Lay out rows in columns that stay aligned with wide characters.

    What does not fit is folded between words; where that leaves too little room, columns are left out first.

    Args:
        headers: Column titles; all empty for none.
        rows: Cells, already safe to show.
        right: Indices of right-aligned columns.
        drop: Indices of the columns that may be left out, the least important first.
        fold: Index of the column whose cells go on in the next line; None: no cell does.
        whole: Indices of rows that are never folded, such as a command that will be copied.
        indent: Stands before each line.
        width: Characters that a line may have; None: any number.
    """
    grid = [list(headers), *[list(row) for row in rows]] if any(headers) else [list(row) for row in rows]
    if not grid:
        return []
    kept = {number + bool(any(headers)) for number in whole}
    measured = [
        ["" if number in kept and column == fold else cell for column, cell in enumerate(row)]
        for number, row in enumerate(grid)
    ]
    columns, room = _chosen(measured, drop, fold, None if width is None else width - len(indent))
    widths = {column: _widest(measured, column) for column in columns}
    if room is not None and fold is not None:
        widths[fold] = room
    lines = []
    for number, row in enumerate(grid):
        cells = [[row[column]] for column in columns]
        if room is not None and number not in kept:
            cells = [folded(row[column], room) if column == fold else [row[column]] for column in columns]
        for line in range(max(map(len, cells))):
            parts = [
                _padded(cell[line] if line < len(cell) else "", widths[column], column in right)
                for column, cell in zip(columns, cells, strict=True)
            ]
            lines.append((indent + (" " * _GAP).join(parts)).rstrip())
    return lines


def folded(text: str, width: int | None) -> list[str]:
    """Break a text between words into lines of at most ``width`` characters; a longer word stays whole."""
    from rich.cells import cell_len

    if width is None:
        return [text]
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and cell_len(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _chosen(
    grid: Sequence[Sequence[str]], drop: Sequence[int], fold: int | None, width: int | None
) -> tuple[list[int], int | None]:
    """Which columns are shown, and the width of the folded one; None: nothing needs folding."""
    columns = list(range(len(grid[0])))
    if width is None:
        return columns, None
    for gone in (None, *drop):
        columns = [column for column in columns if column != gone]
        total = sum(_widest(grid, column) + _GAP for column in columns) - _GAP
        if total <= width:
            return columns, None
        if fold in columns:
            room = width - (total - _widest(grid, fold))
            if room >= _LEAST or (gone == drop[-1] if drop else gone is None):
                return columns, max(room, _LEAST)
    return columns, None


def _widest(grid: Sequence[Sequence[str]], column: int) -> int:
    from rich.cells import cell_len

    return max(cell_len(row[column]) for row in grid)


def _padded(cell: str, width: int, to_the_right: bool) -> str:
    from rich.cells import cell_len

    gap = " " * max(0, width - cell_len(cell))
    return gap + cell if to_the_right else cell + gap

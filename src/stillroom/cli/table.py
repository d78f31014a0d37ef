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
_BELOW = "    "
"""Stands before a text that goes below its row."""


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
    fold: bool = False,
    whole: Collection[int] = (),
    indent: str = "",
    width: int | None = None,
) -> list[str]:
    """Lay out rows in columns that stay aligned with wide characters.

    Where a line is too short, the last column is folded between words, if it may be; columns are left out
    where that leaves it too little room, and when there is none left to leave out, it goes below its row.

    Args:
        headers: Column titles; all empty for none.
        rows: Cells, already safe to show.
        right: Indices of right-aligned columns.
        drop: Indices of the columns that may be left out, the least important first.
        fold: Whether the last column may be folded.
        whole: Indices of rows that are never folded, such as a command that will be copied.
        indent: Stands before each line.
        width: Characters that a line may have; None: any number.
    """
    grid = [list(headers), *[list(row) for row in rows]] if any(headers) else [list(row) for row in rows]
    if not grid:
        return []
    kept = {number + bool(any(headers)) for number in whole}
    measured = [[*row[:-1], "" if number in kept else row[-1]] for number, row in enumerate(grid)]
    widths = [max(_cells(row[column]) for row in measured) for column in range(len(grid[0]))]
    limit = None if width is None else width - len(indent)
    columns = _shown(widths, drop, fold, limit)
    fits = limit is None or _total(widths, columns) <= limit
    room = 0 if limit is None else limit - _total(widths, columns[:-1]) - _GAP
    lines = []
    for number, row in enumerate(grid):
        cells = [_padded(row[column], widths[column], column in right) for column in columns]
        if fits or not fold or number in kept:
            lines.append((_GAP * " ").join(cells))
        elif room >= _LEAST:
            first, *more = folded(row[-1], room)
            lines.append((_GAP * " ").join([*cells[:-1], first]))
            lines += [" " * (limit - room if limit else 0) + text for text in more]
        else:
            lines.append((_GAP * " ").join(cells[:-1]))
            lines += [_BELOW + text for text in folded(row[-1], (limit or 0) - len(_BELOW)) if text]
    return [(indent + line).rstrip() for line in lines]


def folded(text: str, width: int | None) -> list[str]:
    """Break a text between words into lines of at most ``width`` characters; a longer word stays whole."""
    if width is None:
        return [text]
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and _cells(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _shown(widths: Sequence[int], drop: Sequence[int], fold: bool, limit: int | None) -> list[int]:
    """Indices of the columns that are shown: as many as fit, the last one folded if it may be."""
    columns = list(range(len(widths)))
    if limit is None:
        return columns
    for gone in (None, *drop):
        columns = [column for column in columns if column != gone]
        rest = _total(widths, columns[:-1]) + _GAP
        if _total(widths, columns) <= limit or (fold and limit - rest >= _LEAST):
            break
    return columns


def _total(widths: Sequence[int], columns: Sequence[int]) -> int:
    return sum(widths[column] + _GAP for column in columns) - _GAP


def _cells(text: str) -> int:
    """Places that a text takes on a terminal."""
    from rich.cells import cell_len

    return cell_len(text)


def _padded(cell: str, width: int, to_the_right: bool) -> str:
    gap = " " * max(0, width - _cells(cell))
    return gap + cell if to_the_right else cell + gap

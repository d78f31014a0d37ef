"""The columns of the list of pictures: which there is room for, how wide, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from stillroom.pictures import Side
from stillroom.store import PictureRow
from stillroom.tui.cells import ASCII_SYMBOLS, SYMBOLS, Symbols, fit, safe

Tone: TypeAlias = Literal["plain", "quiet", "done", "running", "failed", "flagged"]
Piece: TypeAlias = tuple[str, Tone]
"""Text and how it is drawn; its width in cells never depends on the tone."""

GAP: Final = 2
MARKS: Final = 3
"""Cells before the first column: where the cursor is, the mark, a blank."""
_NAME_LEAST: Final = 20
_NAME_MOST: Final = 48
_KEYWORDS_LEAST: Final = 18
_NARROW: Final = 60
_SIDES: Final = {"train": "train", "test": "test", "validation": "valid", "out": "out"}
_FLAGS: Final = {"wrong_extension": "extension"}
"""Words that would not fit."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column as it is drawn now."""

    name: str
    title: str
    width: int
    """Terminal cells."""
    right: bool = False
    sort: str = ""
    """What sorts by it."""


_NAME = Column("name", "name", _NAME_LEAST, sort="name")
_STATE = Column("teacher", "teacher", 12, sort="status")
_KEYWORDS = Column("keywords", "keywords", _KEYWORDS_LEAST, sort="keywords")
_ORDER: Final = ("name", "size", "pixels", "split", "teacher", "student", "keywords", "jaccard", "flags")
_BY_RANK: Final = (
    _NAME,
    _STATE,
    Column("jaccard", "J", 5, right=True, sort="jaccard"),
    Column("split", "split", 5, sort="split"),
    Column("flags", "flags", 11, sort="flag"),
    Column("size", "size", 7, right=True, sort="size"),
    _KEYWORDS,
    Column("pixels", "pixels", 11, right=True, sort="pixels"),
    Column("student", "student", 12, sort="student"),
)
"""The most needed first."""


def column_sorted_by(sort: str) -> str:
    """The name of the column that a sort goes by; the sort's own where no column has it."""
    return next((column.name for column in _BY_RANK if column.sort == sort), sort)


@lru_cache(maxsize=16)
def layout(width: int) -> tuple[Column, ...]:
    """The columns that fit into ``width`` cells, with what is left over given to names and keywords.

    Below 60 cells: the name and the teacher's state alone.
    """
    room = width - MARKS
    if width < _NARROW:
        state = _STATE if room >= _STATE.width + GAP + 8 else None
        name = room - (state.width + GAP if state else 0)
        return tuple(_resized(_NAME, name) if one is _NAME else one for one in (_NAME, state) if one)
    chosen: list[Column] = []
    used = -GAP
    for column in _BY_RANK:
        if used + GAP + column.width > room:
            break
        chosen.append(column)
        used += GAP + column.width
    spare = room - used
    widths = {"name": _NAME_LEAST}
    if _KEYWORDS in chosen:
        widths["name"] += min(spare // 2, _NAME_MOST - _NAME_LEAST)
        widths["keywords"] = _KEYWORDS_LEAST + spare - (widths["name"] - _NAME_LEAST)
    else:
        widths["name"] += spare
    chosen.sort(key=lambda one: _ORDER.index(one.name))
    return tuple(_resized(one, widths[one.name]) if one.name in widths else one for one in chosen)


def heading(columns: tuple[Column, ...], sort: str, marks: Symbols = SYMBOLS) -> str:
    """The line above the rows; an arrow beside what sorts them."""
    up, down = ("^", "v") if marks is ASCII_SYMBOLS else ("↑", "↓")
    cells = []
    for column in columns:
        arrow = (down if sort.startswith("-") else up) if column.sort == sort.removeprefix("-") else ""
        within = bool(arrow) and len(column.title) + 2 <= column.width
        title = f"{column.title} {arrow}" if within else column.title
        # Where the title fills its column the arrow stands in the gap behind it.
        behind = "" if within else arrow
        cells.append(fit(title, column.width, align="right" if column.right else "left") + fit(behind, GAP))
    return " " * MARKS + "".join(cells)[:-GAP]


def column_at(columns: tuple[Column, ...], x: int) -> Column | None:
    """The column that is drawn at a cell of the line."""
    start = MARKS
    for column in columns:
        if start <= x < start + column.width + GAP:
            return column
        start += column.width + GAP
    return None


def pieces(row: PictureRow, columns: tuple[Column, ...], marks: Symbols = SYMBOLS) -> list[Piece]:
    """One row, each column exactly as wide as it should be, blanks between them included."""
    drawn: list[Piece] = []
    gap = " " * GAP
    last = len(columns) - 1
    # Where there is no room for flags, that it is left out says more than how far the teacher is with it.
    out = row.excluded and row.flag is None and all(column.name != "flags" for column in columns)
    for number, column in enumerate(columns):
        draw = _flags if out and column.name == "teacher" else _DRAW[column.name]
        text, tone = draw(row, column.width, marks)
        if number < last:
            text += gap
        if drawn and drawn[-1][1] == tone:
            drawn[-1] = (drawn[-1][0] + text, tone)
        else:
            drawn.append((text, tone))
    return drawn


def bytes_words(size: int) -> str:
    """Bytes in at most seven cells: ``842 B``, ``34.1 kB``, ``2.4 MB``."""
    if size < 1000:
        return f"{size} B"
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.5:
            return f"{value:.1f} {unit}" if value < 99.95 else f"{value:.0f} {unit}"
    return f"{value / 1000:.0f} TB"


def state_words(row: PictureRow, state: str, failure: str | None, marks: Symbols = SYMBOLS) -> Piece:
    """A state by symbol and word; for what failed, its class."""
    if row.flag is not None:
        return f"{marks.warning} never sent", "flagged"
    if state == "done":
        return f"{marks.done} done", "done"
    if state == "failed":
        return f"{marks.failed} {failure or 'failed'}", "failed"
    if state == "asking":
        return f"{marks.running} asking", "running"
    if state == "unknown":
        return "? unknown", "failed"
    return f"{marks.waiting} waiting", "quiet"


def flag_words(row: PictureRow) -> Piece:
    """Why a picture takes no part, or how many files share its content."""
    if row.flag is not None:
        return _FLAGS.get(row.flag, row.flag), "flagged"
    if row.excluded:
        return "excluded", "flagged"
    return (f"{row.copies} copies", "quiet") if row.copies > 1 else ("", "plain")


def _resized(column: Column, width: int) -> Column:
    return Column(column.name, column.title, width, column.right, column.sort)


def _name(row: PictureRow, width: int, marks: Symbols) -> Piece:
    tone: Tone = "quiet" if row.excluded or row.flag is not None else "plain"
    return fit(row.name, width, cut="middle", more=marks.more), tone


def _size(row: PictureRow, width: int, marks: Symbols) -> Piece:
    return bytes_words(row.size).rjust(width), "quiet"


def _pixels(row: PictureRow, width: int, marks: Symbols) -> Piece:
    times = "x" if marks is ASCII_SYMBOLS else "×"
    words = f"{row.width}{times}{row.height}" if row.width else ""
    return (words.rjust(width) if len(words) <= width else fit(words, width, more=marks.more)), "quiet"


def _split(row: PictureRow, width: int, marks: Symbols) -> Piece:
    return ("" if row.side is None else _SIDES[row.side.value]).ljust(width), "quiet"


def _teacher(row: PictureRow, width: int, marks: Symbols) -> Piece:
    words, tone = state_words(row, row.status, row.failure, marks)
    return words.ljust(width), tone


def _student(row: PictureRow, width: int, marks: Symbols) -> Piece:
    if row.flag is not None:
        return " " * width, "quiet"
    if row.side is not Side.TEST and row.student_status in ("", "waiting"):
        # Students are asked about the test pictures, about others only when somebody says so.
        return ("-" if marks is ASCII_SYMBOLS else "—").ljust(width), "quiet"
    words, tone = state_words(row, row.student_status, None, marks)
    return words.ljust(width), tone


def _keywords(row: PictureRow, width: int, marks: Symbols) -> Piece:
    words = row.keywords[
        : 2 * width + 8
    ]  # one keyword a line; more than fits, and never all of a long answer
    dot = f" {marks.dot} "
    if words.isascii():
        # Cut by characters: a dot is one cell, and nothing else here is wider.
        parts = words.split("\n")
        text = dot.join(parts if "".join(parts).isprintable() else [safe(part) for part in parts])
        return (text.ljust(width) if len(text) <= width else text[: width - 1] + marks.more), "plain"
    return fit(words.replace("\n", dot), width, more=marks.more), "plain"


def _jaccard(row: PictureRow, width: int, marks: Symbols) -> Piece:
    return ("" if row.jaccard is None else f"{row.jaccard:.2f}").rjust(width), "plain"


def _flags(row: PictureRow, width: int, marks: Symbols) -> Piece:
    words, tone = flag_words(row)
    return fit(words, width, more=marks.more), tone


_DRAW: Final[dict[str, Callable[[PictureRow, int, Symbols], Piece]]] = {
    "name": _name,
    "size": _size,
    "pixels": _pixels,
    "split": _split,
    "teacher": _teacher,
    "student": _student,
    "keywords": _keywords,
    "jaccard": _jaccard,
    "flags": _flags,
}

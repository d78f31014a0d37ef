"""Small pictures made of characters: sparkline, histogram, bars, a job's stages in time.

Pure functions: numbers in, lines of exactly ``width`` cells out, whatever the numbers are. What is not finite
is left blank. Colours are theme variables, and nothing is told by colour alone. Loss curves are in
:mod:`stillroom.tui.curves`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from stillroom.columns import RISING, eighths, level
from stillroom.tui.cells import cell_len, fit, span, symbols

_RISING_ASCII = " .:-=+*#@"
_ACROSS = " ▏▎▍▌▋▊▉█"
_LARGEST = 1e300
"""Beyond this, differences between two numbers overflow."""
_SYMBOL_STYLES = {"done": "$success", "running": "$primary", "failed": "$error", "stopped": "$warning"}
QUIET = "$text-muted"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of :func:`bars`."""

    label: str
    """May come from outside."""
    value: float | None
    """Length; None or not finite: no bar."""
    text: str
    """The value as it is written, at the right end."""
    mark: float | None = None
    """A second value, shown as a stroke across the bar: the estimate beside the actual cost."""
    style: str = "$primary"


@dataclass(frozen=True, slots=True)
class TimedStage:
    """One row of :func:`timeline`."""

    word: str
    """May come from outside."""
    state: str
    """``done``, ``running``, ``waiting``, ``paused``, ``failed`` or ``stopped``."""
    seconds: float | None
    """Spent in it so far; None: not begun."""
    left: float | None = None
    """Seconds that it is likely to need still; None: not known."""


def finite(value: float | None) -> float | None:
    """The value where it can be drawn: None for NaN and infinities; huge ones are cut."""
    if value is None or not math.isfinite(value):
        return None
    return max(-_LARGEST, min(_LARGEST, value))


def sparkline(
    values: Sequence[float | None], width: int, *, ascii_only: bool = False, style: str = "$primary"
) -> Content:
    """One line for a course of values from 0 upwards, the newest at the right.

    Args:
        values: Oldest first; None and what is not finite are gaps. More than fit are drawn as means.
        width: Terminal cells.
        ascii_only: For terminals that have no block characters.
        style: Style of the line.

    Returns:
        Exactly ``width`` cells; blank when there is nothing to draw. The largest value is a full block.
    """
    columns = [_mean(group) for group in _grouped(values, width)]
    known = [value for value in columns if value is not None]
    low, high = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
    steps = _RISING_ASCII if ascii_only else RISING
    drawn = "".join(" " if value is None else steps[1 + level(value, low, high, 7)] for value in columns)
    return Content.assemble((drawn.rjust(max(0, width)), style))


def histogram(
    counts: Sequence[float],
    width: int,
    *,
    height: int = 1,
    most: float | None = None,
    ascii_only: bool = False,
    style: str = "$primary",
) -> list[Content]:
    """Counts of neighbouring bins as columns.

    Args:
        counts: One a bin. Bins that do not fit are added together.
        width: Terminal cells. Each bin takes the same whole number of them; what remains is blank.
        height: Lines.
        most: The count of a full column, so that several histograms share one scale; None: the largest.
        ascii_only: For terminals that have no block characters.
        style: Style of the columns.

    Returns:
        ``height`` lines. A bin with anything in it is never blank, an empty one always.
    """
    if width < 1 or height < 1:
        return [Content("")] * max(0, height)
    together = max(1, math.ceil(len(counts) / width))
    sums = [
        sum(finite(count) or 0.0 for count in counts[start : start + together])
        for start in range(0, len(counts), together)
    ]
    top = finite(most) or max(sums, default=0.0)
    across = width // len(sums) if sums else 0
    steps = _RISING_ASCII if ascii_only else RISING
    heights = [eighths(count, top, lines=height) for count in sums]
    lines = []
    for row in reversed(range(height)):
        drawn = "".join(steps[max(0, min(8, high - 8 * row))] * across for high in heights)
        lines.append(Content.assemble((drawn.ljust(width), style)))
    return lines


def bars(
    rows: Sequence[Bar], width: int, *, label_width: int | None = None, ascii_only: bool = False
) -> list[Content]:
    """Labelled horizontal bars on one scale, numbers right-aligned.

    Args:
        rows: One a line.
        width: Terminal cells.
        label_width: Cells for the labels; None: as many as they need, up to a third.
        ascii_only: For terminals that have no block characters.

    Returns:
        One line of exactly ``width`` cells for each row.
    """
    if label_width is None:
        label_width = min(width // 3, max((cell_len(row.label) for row in rows), default=0))
    text_width = min(width // 3, max((cell_len(row.text) for row in rows), default=0))
    room = width - label_width - text_width - 4
    values = [finite(value) for row in rows for value in (row.value, row.mark)]
    top = max((value for value in values if value is not None), default=0.0)
    lines = []
    for row in rows:
        label = fit(row.label, label_width, more=symbols(ascii_only).more)
        text = fit(row.text, text_width, align="right", more=symbols(ascii_only).more)
        if room < 3:
            lines.append(_exactly(f"{label} {text}", width))
            continue
        parts = _bar(row, room, top, ascii_only=ascii_only)
        lines.append(Content.assemble(label, "  ", *parts, "  ", text))
    return lines


def timeline(stages: Sequence[TimedStage], width: int, *, ascii_only: bool = False) -> list[Content]:
    """The stages of a job under each other: symbol, word, time, and its place in the whole as a bar.

    Args:
        stages: In their order.
        width: Terminal cells.
        ascii_only: For terminals that have no such symbols.

    Returns:
        One line of exactly ``width`` cells for each stage. What a running stage is likely to need still is
        drawn as dashes behind it.
    """
    marks = symbols(ascii_only)
    words = min(width // 3, max((cell_len(stage.word) for stage in stages), default=0))
    spent = [max(0.0, finite(stage.seconds) or 0.0) for stage in stages]
    left = [max(0.0, finite(stage.left) or 0.0) for stage in stages]
    whole = sum(spent) + sum(left)
    room = width - words - 18
    lines = []
    begin = 0.0
    for stage, done, ahead in zip(stages, spent, left, strict=True):
        mark = getattr(marks, stage.state, marks.waiting)
        style = _SYMBOL_STYLES.get(stage.state, QUIET)
        word = fit(stage.word, words, more=marks.more)
        took = "" if finite(stage.seconds) is None else span(done)
        time = fit(took, 10, align="right", more=marks.more)
        head = Content.assemble((mark, style), " ", word, "  ", (time, QUIET), "  ")
        if room < 4:
            lines.append(_exactly(head.plain, width))
        else:
            drawn = _stretch(begin, done, ahead, whole, room, ascii_only=ascii_only)
            lines.append(Content.assemble(head, *drawn, "  "))
        begin += done + ahead
    return lines


def _stretch(
    begin: float, done: float, ahead: float, whole: float, room: int, *, ascii_only: bool
) -> tuple[tuple[str, str], ...]:
    """A stage's part of the whole time, in ``room`` cells; one that has begun takes a cell at least."""
    full, dash = ("=", "-") if ascii_only else ("━", "╌")
    if whole <= 0:
        return ((" " * room, ""),)
    start = min(room - 1, int(begin / whole * room))
    solid = min(room - start, max(1, round((begin + done) / whole * room) - start)) if done > 0 else 0
    dashed = min(room - start - solid, round(ahead / whole * room))
    rest = room - start - solid - dashed
    return (" " * start, ""), (full * solid, "$primary"), (dash * dashed, QUIET), (" " * rest, "")


def _bar(row: Bar, room: int, top: float, *, ascii_only: bool) -> Iterator[tuple[str, str]]:
    """A bar of ``room`` cells, with its mark."""
    value = finite(row.value) or 0.0
    eighths = 0 if value <= 0 or top <= 0 else max(1, round(value / top * 8 * room))
    if ascii_only:
        drawn = "#" * max(1, eighths // 8) if eighths else ""
    else:
        drawn = "█" * (eighths // 8) + (_ACROSS[eighths % 8] if eighths % 8 else "")
    drawn = drawn[:room].ljust(room)
    mark = finite(row.mark)
    if mark is None or mark <= 0 or top <= 0:
        yield drawn, row.style
        return
    place = min(room - 1, max(0, math.ceil(mark / top * room) - 1))
    yield drawn[:place], row.style
    yield "|" if ascii_only else "│", "$foreground"
    yield drawn[place + 1 :], row.style


def _grouped(values: Sequence[float | None], width: int) -> Iterator[Sequence[float | None]]:
    """At most ``width`` groups of neighbours, none empty."""
    count = min(len(values), max(0, width))
    for number in range(count):
        yield values[number * len(values) // count : (number + 1) * len(values) // count]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in map(finite, values) if value is not None]
    return sum(value / len(known) for value in known) if known else None


def _exactly(text: str, width: int) -> Content:
    return Content(fit(text, width))

"""Loss curves on a canvas of braille dots: several students overlaid, validation beside training.

Our own canvas: at 80 columns textual-plot spends five of sixteen lines on a heavy frame, lays its legend over
the curves, and imports numpy (0.25 s).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from textual.content import Content

from stillroom.tui.cells import cell_len, fit, safe, symbols
from stillroom.tui.plots import QUIET, finite

STYLES = ("$primary", "$secondary", "$accent", "$success")
"""Further curves begin again; each is told by its letter."""
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Bits of a braille character by column and row."""
_UPPER, _LOWER = 0x01 | 0x02 | 0x08 | 0x10, 0x04 | 0x40 | 0x20 | 0x80
_SMALLEST = (24, 5)
"""Columns and lines below which only the legend is drawn."""
_MARGIN = 0.04
_MEANS = 40
"""Means that a curve is drawn through, however wide it is: other groups would give it other bumps."""

Point = tuple[float, float]
"""Training step and loss."""


@dataclass(frozen=True, slots=True)
class Series:
    """The curves of one student."""

    name: str
    """May come from outside."""
    training: Sequence[Point]
    validation: Sequence[Point] = ()
    last: float | None = None
    """Training loss of the last epoch, its mean; None: not told."""


@dataclass(frozen=True, slots=True)
class _Axis:
    low: float
    high: float
    """Above ``low``."""

    def part(self, value: float) -> float:
        """Where a value lies, 0–1."""
        return max(0.0, min(1.0, (value - self.low) / (self.high - self.low)))


def letter(number: int) -> str:
    """The letter of the curve with this number; its validation losses have the small one."""
    return chr(ord("A") + number % 26)


def curves(
    series: Sequence[Series],
    width: int,
    height: int,
    *,
    ascii_only: bool = False,
    nothing: str = "no losses yet",
) -> list[Content]:
    """Draw training losses as lines and validation losses as small letters.

    Args:
        series: One a student, in an order that stays: it gives letter and colour.
        width: Terminal cells.
        height: Lines, legend and axes included.
        ascii_only: For terminals that have no braille.
        nothing: What to say when there is nothing to draw.

    Returns:
        Exactly ``height`` lines of exactly ``width`` cells. Above the plot the legend: the mean of each
        curve's last epoch, and the last validation loss. A single
        outlier does not flatten the rest: the range of a long curve leaves out its outermost half per cent
        at each end.
    """
    if height < 1 or width < 1:
        return [Content("")] * max(0, height)
    known = [
        replace(one, training=_finite(one.training), validation=_finite(one.validation)) for one in series
    ]
    every = [point for one in known for point in (*one.training, *one.validation)]
    if not every:
        middle = fit(nothing.center(width) if len(nothing) < width else nothing, width)
        blank = Content(" " * width)
        return [
            Content.assemble((middle, QUIET)) if row == (height - 1) // 2 else blank for row in range(height)
        ]
    across = _around([step for one in known for step, _ in (*one.training, *one.validation)], 0.0)
    known = [replace(one, training=_smoothed(_tamed(one.training))) for one in known]
    legend = _legend(known, width, ascii_only=ascii_only)
    if width < _SMALLEST[0] or height < _SMALLEST[1]:
        lines = legend[:height]
    else:
        legend = legend[: max(1, height - _SMALLEST[1] + 1)]
        lines = [*legend, *_plot(known, across, width, height - len(legend), ascii_only=ascii_only)]
    return [*lines, *[Content(" " * width)] * (height - len(lines))]


def _finite(points: Sequence[Point]) -> list[Point]:
    found = [(finite(step), finite(loss)) for step, loss in points]
    return sorted((step, loss) for step, loss in found if step is not None and loss is not None)


def _legend(known: Sequence[Series], width: int, *, ascii_only: bool) -> list[Content]:
    """Letter, name and last losses of each student, in columns as wide as the widest."""
    more = symbols(ascii_only).more
    names = [fit(one.name, min(24, cell_len(safe(one.name))), more=more) for one in known]
    widest = max((cell_len(name) for name in names), default=0)
    entries = []
    for number, (one, name) in enumerate(zip(known, names, strict=True)):
        parts: list[str | tuple[str, str]] = [
            (letter(number), f"bold {_style(number)}"),
            f" {fit(name, widest)}",
            (f"  last epoch {_loss(one.last)}" if one.last is not None else "", QUIET),
        ]
        if one.validation:
            parts += [("   ", ""), (letter(number).lower(), f"bold {_style(number)}")]
            parts += [(f" validation {_loss(one.validation[-1][1])}", QUIET)]
        entries.append(Content.assemble(*parts))
    column = max((entry.cell_length for entry in entries), default=0) + 4
    across = max(1, (width + 4) // column)
    lines = []
    for start in range(0, len(entries), across):
        line = Content("").join(
            entry.pad_right(max(0, column - entry.cell_length)) for entry in entries[start : start + across]
        )
        lines.append(_cut(line, width))
    return lines


def _cut(line: Content, width: int) -> Content:
    """Exactly so wide; what the lines here hold past the width is ASCII, blanks and names already cut."""
    if line.cell_length > width:
        line = line.truncate(width)
    return line.pad_right(width - line.cell_length)


def _loss(loss: float) -> str:
    return f"{loss:.3f}" if 0.001 <= abs(loss) < 1000 or loss == 0 else f"{loss:.3g}"


def _style(number: int) -> str:
    return STYLES[number % len(STYLES)]


def _plot(
    known: Sequence[Series], across: _Axis, width: int, height: int, *, ascii_only: bool
) -> list[Content]:
    """Axes and curves."""
    rows = height - 2
    down = _around(_heights(known), _MARGIN)
    marks = {
        row: text for text, row in _rows_of(ticks(down.low, down.high, max(3, (rows + 1) // 2)), down, rows)
    }
    gutter = min(width // 3, max((len(text) for text in marks.values()), default=0)) + 1
    canvas = _Canvas(width - gutter - 2, rows)
    for number, one in enumerate(known):
        _draw(canvas, one, number, across, down)
    for number, one in enumerate(known):
        _letters(canvas, one, number, len(known), across, down)
    upright, tick, corner, floor, notch = "|++-+" if ascii_only else "│┤└─┴"
    lines = []
    for row, drawn in enumerate(canvas.lines(ascii_only=ascii_only)):
        text = fit(marks.get(row, ""), gutter - 1, align="right")
        side = tick if row in marks else upright
        lines.append(Content.assemble((f"{text} {side}", QUIET), drawn, " "))
    base, words = _floor(across, canvas.columns, floor, notch)
    lines.append(Content.assemble((" " * gutter + corner + base + " ", QUIET)))
    lines.append(Content.assemble((fit(" " * (gutter + 1) + words, width), QUIET)))
    return lines


def _rows_of(values: Sequence[float], down: _Axis, rows: int) -> Iterator[tuple[str, int]]:
    """Tick labels, each with the line its value lies on."""
    digits = _digits(values, lone=2)
    for value in values:
        yield _number(value, digits), min(rows - 1, int((1 - down.part(value)) * rows))


def _floor(across: _Axis, columns: int, line: str, notch: str) -> tuple[str, str]:
    """The axis of steps and the numbers below it; "step" stands at its right end."""
    base = [line] * columns
    words = " " * columns
    room = columns - len(" step")
    values = ticks(across.low, across.high, max(2, columns // 12), least=1.0)
    digits = _digits(values, lone=0)
    end = 0
    for value in values:
        text = _number(value, digits)
        place = round(across.part(value) * (columns - 1))
        start = max(0, place - len(text) // 2)
        if start < end or start + len(text) > room:
            continue
        base[place] = notch
        words = words[:start] + text + words[start + len(text) :]
        end = start + len(text) + 2
    return "".join(base), words[:room] + " step" if columns > len(" step") else words


def _draw(canvas: _Canvas, one: Series, number: int, across: _Axis, down: _Axis) -> None:
    """A student's training losses as a line, and validation losses that are too many for letters."""
    canvas.line(_dots(canvas, one.training, across, down), _style(number))
    if len(one.validation) > canvas.columns // 3:
        canvas.line(_dots(canvas, one.validation, across, down), _style(number), gap=3)


def _letters(canvas: _Canvas, one: Series, number: int, of: int, across: _Axis, down: _Axis) -> None:
    """The letter at the end of the line, and along it when several could be mistaken for each other."""
    dots = _dots(canvas, one.training, across, down)
    places = [dots[len(dots) * (number + 1) // (of + 2)], dots[-1]] if of > 1 and dots else dots[-1:]
    for x, y in places:
        canvas.write(x // 2, y // 4, letter(number), f"bold {_style(number)}")
    shown = one.validation if len(one.validation) <= canvas.columns // 3 else one.validation[-1:]
    for x, y in _dots(canvas, shown, across, down):
        canvas.write(x // 2, y // 4, letter(number).lower(), f"bold {_style(number)}")


def _smoothed(points: Sequence[Point]) -> list[Point]:
    """At most so many means of neighbours: single losses jump wildly. The curve keeps its two ends."""
    if len(points) < 2:
        return list(points)
    own = _around([step for step, _ in points], 0.0)
    groups: dict[int, list[Point]] = {}
    for step, loss in points:
        groups.setdefault(min(_MEANS - 1, int(own.part(step) * _MEANS)), []).append((step, loss))
    means = [
        (sum(step / len(group) for step, _ in group), sum(loss / len(group) for _, loss in group))
        for group in groups.values()
    ]
    means[0] = (points[0][0], means[0][1])
    means[-1] = (points[-1][0], means[-1][1])
    return means


def _dots(canvas: _Canvas, points: Sequence[Point], across: _Axis, down: _Axis) -> list[tuple[int, int]]:
    """Points as dots, from left to right."""
    width, height = canvas.columns * 2 - 1, canvas.rows * 4 - 1
    return [
        (round(across.part(step) * width), round((1 - down.part(loss)) * height)) for step, loss in points
    ]


class _Canvas:
    """Cells of two by four dots, with letters over them."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self._bits = [[0] * columns for _ in range(rows)]
        self._styles = [[""] * columns for _ in range(rows)]
        self._letters: dict[tuple[int, int], tuple[str, str]] = {}

    def line(self, dots: Sequence[tuple[int, int]], style: str, *, gap: int = 0) -> None:
        """Join dots by straight lines; with ``gap`` every so many dot columns are left out."""
        if len(dots) == 1:
            self._set(*dots[0], style)
        for (x, y), (x2, y2) in pairwise(dots):
            steps = max(x2 - x, abs(y2 - y), 1)
            for number in range(steps + 1):
                at = x + round((x2 - x) * number / steps)
                if not gap or at % (2 * gap) < gap:
                    self._set(at, y + round((y2 - y) * number / steps), style)

    def write(self, column: int, row: int, character: str, style: str) -> None:
        """Put a letter there or beside it; leave it out where others stand already."""
        for place in (column, column - 1, column + 1, column - 2, column + 2):
            if 0 <= place < self.columns and (row, place) not in self._letters:
                self._letters[row, place] = (character, style)
                return

    def lines(self, *, ascii_only: bool) -> Iterator[Content]:
        """The lines, top first."""
        for row in range(self.rows):
            cells = []
            for column in range(self.columns):
                bits = self._bits[row][column]
                drawn = _ascii(bits) if ascii_only else chr(0x2800 + bits) if bits else " "
                cells.append(self._letters.get((row, column), (drawn, self._styles[row][column])))
            yield Content.assemble(*_runs(cells))

    def _set(self, x: int, y: int, style: str) -> None:
        self._bits[y // 4][x // 2] |= _DOTS[x % 2][y % 4]
        self._styles[y // 4][x // 2] = style


def _runs(cells: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Neighbours of one style together."""
    text, style = "", ""
    for character, own in cells:
        if own != style and text:
            yield text, style
            text = ""
        text, style = text + character, own
    yield text, style


def _ascii(bits: int) -> str:
    if not bits:
        return " "
    if bits & _UPPER and bits & _LOWER:
        return ":"
    return "'" if bits & _UPPER else "."


def _heights(known: Sequence[Series]) -> list[float]:
    return [loss for one in known for points in (one.training, one.validation) for _, loss in points]


def _tamed(points: Sequence[Point]) -> list[Point]:
    """Points of a long curve, its outermost half per cent at each end cut to what the others reach."""
    losses = sorted(loss for _, loss in points)
    cut = len(losses) // 200
    if not cut:
        return list(points)
    low, high = losses[cut], losses[-cut - 1]
    return [(step, max(low, min(high, loss))) for step, loss in points]


def _around(values: Sequence[float], margin: float) -> _Axis:
    low, high = min(values), max(values)
    size = max(abs(low), abs(high))
    if high - low <= max(size * 1e-9, 1e-200):
        half = max(size * 0.1, 0.5)
        return _Axis(low - half, high + half)
    return _Axis(low - margin * (high - low), high + margin * (high - low))


def ticks(low: float, high: float, most: int, *, least: float = 0.0) -> list[float]:
    """At most so many round numbers between two others, 1, 2 or 5 times a power of ten apart.

    Args:
        low: From here.
        high: To here.
        most: How many at most.
        least: Smallest distance of two neighbours; 1 for what is counted.
    """
    exact = (high - low) / max(1, most)
    if not exact >= sys.float_info.min:  # what is smaller can be divided by no more
        return [low]
    size = 10.0 ** math.floor(math.log10(max(exact, least)))
    found: list[float] = []
    for times in (0.5, 1.0, 2.0, 5.0, 10.0, 20.0):
        step = times * size
        if step < least:
            continue
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            found = [number * step for number in range(first, last + 1)]
            break
    return found


def _digits(values: Sequence[float], lone: int) -> int:
    """Decimals that tell neighbouring ticks apart; ``lone`` where there is none."""
    if len(values) < 2 or values[1] <= values[0]:
        return lone
    return max(0, -math.floor(math.log10(values[1] - values[0]) + 1e-9))


def _number(value: float, digits: int) -> str:
    value = value or 0.0
    if abs(value) >= 1e7 or digits > 6:
        return f"{value:.3g}"
    return f"{value:,.{digits}f}"

"""Pieces of charts: scales, marks, curves made small enough to draw.

A chart is an SVG without a ``viewBox``: it is as wide as the page allows and of fixed height. Across, places
are given in per cent of the width; down, in pixels. So a chart fits a phone and a wide screen and its text
keeps its size. Curves, which know no per cent, sit in an inner SVG that is stretched across (``curve``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stillroom.report.escaping import text

STYLES = 6
"""So many runs differ in colour, mark and dash; further ones begin again."""
CURVE_WIDTH = 1000
"""Width of the inner coordinates of ``curve``."""

# Drawn around (0, 0), some 11 px wide. A run keeps its mark in every chart, so that colour is never needed.
_MARKS = (
    '<circle r="5"/>',
    '<path d="M0-6.2 6.2 5H-6.2Z"/>',
    '<rect x="-4.6" y="-4.6" width="9.2" height="9.2"/>',
    '<path d="M0-6.4 6.4 0 0 6.4-6.4 0Z"/>',
    '<path d="M0 6.2 6.2-5H-6.2Z"/>',
    '<path d="M-5.5-2h3.5v-3.5h4V-2h3.5v4H2v3.5h-4V2h-3.5Z"/>',
)


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers that a chart covers, ``low`` < ``high``."""

    low: float
    high: float

    def part(self, value: float) -> float:
        """Where a value lies, 0–1."""
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Neighbouring points of a curve, drawn as one."""

    x: float
    low: float
    mean: float
    high: float


def marks() -> str:
    """Definitions of all marks; once a page."""
    symbols = "".join(f'<g id="mark-{number}">{shape}</g>' for number, shape in enumerate(_MARKS))
    return f'<svg class="definitions" width="0" height="0" aria-hidden="true"><defs>{symbols}</defs></svg>'


def style(number: int) -> str:
    """CSS class that gives the run with this number its colour and dash."""
    return f"run-{number % STYLES}"


def mark(number: int, x: float, y: float, *, title: str = "", hollow: bool = False) -> str:
    """A run's mark in a chart; ``x`` in per cent, ``y`` in pixels."""
    kind = "mark hollow" if hollow else "mark"
    inner = f"<title>{text(title)}</title>" if title else ""
    return (
        f'<use href="#mark-{number % STYLES}" class="{kind} {style(number)}" '
        f'x="{x:.2f}%" y="{y:.1f}">{inner}</use>'
    )


def key(number: int) -> str:
    """A run's mark beside its name in running text."""
    return (
        '<svg class="key" width="13" height="13" viewBox="-6.5 -6.5 13 13" aria-hidden="true">'
        f'<use href="#mark-{number % STYLES}" class="mark {style(number)}"/></svg>'
    )


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A straight line; across in per cent, down in pixels."""
    return f'<line class="{kind}" x1="{x1:.2f}%" x2="{x2:.2f}%" y1="{y1:.1f}" y2="{y2:.1f}"/>'


def label(x: float, y: float, words: str, kind: str = "", *, dx: float = 0) -> str:
    """A text; ``x`` in per cent plus ``dx`` pixels."""
    shift = f' dx="{dx:g}"' if dx else ""
    return f'<text class="{kind}" x="{x:.2f}%" y="{y:.1f}"{shift}>{text(words)}</text>'


def curve(height: float, paths: Iterable[str]) -> str:
    """The stretched inner SVG: across ``CURVE_WIDTH`` units, down pixels."""
    return (
        f'<svg class="stretched" x="0" y="0" width="100%" height="{height:g}" '
        f'viewBox="0 0 {CURVE_WIDTH} {height:g}" preserveAspectRatio="none">{"".join(paths)}</svg>'
    )


def chart(height: float, name: str, description: str, parts: Iterable[str]) -> str:
    """A whole chart, with words for those who do not see it."""
    return (
        f'<svg class="chart" width="100%" height="{height:g}" role="img" aria-label="{text(name)}">'
        f"<title>{text(name)}</title><desc>{text(description)}</desc>{''.join(parts)}</svg>"
    )


def path(points: Iterable[tuple[float, float]]) -> str:
    """Path data through points of the stretched SVG."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def steps(low: float, high: float, about: int) -> list[float]:
    """Round numbers from ``low`` to ``high``, some ``about`` of them; for ``low`` < ``high``."""
    rough = (high - low) / max(1, about)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def buckets(points: Sequence[tuple[float, float]], most: int) -> list[Bucket]:
    """Make a curve short: neighbours are drawn as one, with their range and their mean.

    Args:
        points: (x, y), ascending in x.
        most: How many buckets at most, at least 1.

    Returns:
        A bucket a point where there are no more than ``most``, otherwise ``most`` buckets that hold equally
        many points, give or take one.
    """
    count = min(most, len(points))
    made = []
    for number in range(count):
        part = points[number * len(points) // count : (number + 1) * len(points) // count]
        values = [y for _, y in part]
        x = part[0][0] if len(part) == 1 else math.fsum(x for x, _ in part) / len(part)
        made.append(Bucket(x, min(values), math.fsum(values) / len(values), max(values)))
    return made

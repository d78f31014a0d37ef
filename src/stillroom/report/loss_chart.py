"""Loss curves of several students on one chart, by step, with the ends of epochs marked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stillroom.report.drawing import (
    CURVE_WIDTH,
    Bucket,
    Span,
    buckets,
    chart,
    curve,
    label,
    line,
    mark,
    path,
    steps,
    style,
)
from stillroom.report.figures import score, whole
from stillroom.report.values import LossCurve, LossPoint

MOST_BUCKETS = 120
"""More points than this are drawn as means with their range: a page has no more pixels for them."""
_HEIGHT = 300
_ROOM = 50
"""Per cent of the width: curves that end further right are named above their end, not beside it."""
_LABEL_GAP = 17
"""Pixels between the lines of two labels that would otherwise touch."""


@dataclass(frozen=True, slots=True)
class Losses:
    """The numbers of one curve, for the table below the chart."""

    steps: int
    epochs: int
    first: float
    """Mean training loss of the first epoch."""
    last: float
    """Mean training loss of the last epoch."""
    validation: float | None
    """Last validation loss."""


@dataclass(frozen=True, slots=True)
class _Plot:
    """What all curves of a chart share."""

    across: Span
    down: Span

    def x(self, step: float) -> float:
        """Per cent of the width."""
        return 100 * self.across.part(step)

    def y(self, loss: float) -> float:
        """Pixels from the top."""
        return _HEIGHT * (1 - self.down.part(loss))

    def at(self, step: float, loss: float) -> tuple[float, float]:
        """A place in the stretched SVG."""
        return CURVE_WIDTH * self.across.part(step), self.y(loss)


@dataclass(frozen=True, slots=True)
class _EndLabel:
    x: float
    y: float
    words: str
    kind: str
    """CSS class: a narrow page leaves out the names of validation curves."""


def losses(given: LossCurve) -> Losses | None:
    """Sum up a curve; None when it has no finite training loss."""
    training = _finite(given.training)
    if not training:
        return None
    epochs: dict[int, list[float]] = {}
    for point in training:
        epochs.setdefault(point.epoch, []).append(point.loss)
    means = [math.fsum(values) / len(values) for values in epochs.values()]
    validation = _finite(given.validation)
    return Losses(
        steps=len(training),
        epochs=len(epochs),
        first=means[0],
        last=means[-1],
        validation=validation[-1].loss if validation else None,
    )


def loss_chart(curves: Sequence[LossCurve], numbers: Mapping[str, int]) -> str:
    """Draw training and validation losses.

    Args:
        curves: One a student; those without a finite loss are left out.
        numbers: The number of each run in the report, which gives it its colour, dash and mark.

    Returns:
        The chart, or an empty text when there is nothing to draw.
    """
    drawn = [(given, _finite(given.training), _finite(given.validation)) for given in curves]
    every = [point for _, training, validation in drawn for point in (*training, *validation)]
    if not every:
        return ""
    plot = _Plot(
        across=_around([point.step for point in every], 0.0),
        down=_around(_heights(drawn), 0.06),
    )
    paths: list[str] = []
    marks: list[str] = []
    ends: list[_EndLabel] = []
    words: list[str] = []
    for given, training, validation in drawn:
        summed = losses(given)
        number = numbers.get(given.run, len(numbers))
        for points, kind in ((training, "training"), (validation, "validation")):
            if points:
                short = buckets([(point.step, point.loss) for point in points], MOST_BUCKETS)
                paths += _paths(plot, short, style(number), kind)
                marks += _marks(plot, points, short, number, given.run, kind)
                name = given.run if kind == "training" else f"{given.run} validation"
                end = points[-1].loss if kind == "validation" else short[-1].mean
                # The curve ends at a mean of some steps; the figure is the one that stands everywhere.
                last = end if kind == "validation" or summed is None else summed.last
                x, y = plot.x(points[-1].step), plot.y(end)
                ends.append(_EndLabel(x, y, f"{name} {score(last, 2)}", f"{kind}-end"))
                words.append(f"{name} ends at {score(last, 2)} after step {whole(points[-1].step)}")
    parts = [*_axes(plot), curve(_HEIGHT, paths), *marks, *_end_labels(ends)]
    return chart(_HEIGHT + 44, "Loss by training step", "; ".join(words), parts)


def _paths(plot: _Plot, short: Sequence[Bucket], colour: str, kind: str) -> list[str]:
    made = []
    if any(bucket.low < bucket.high for bucket in short):
        there = [plot.at(bucket.x, bucket.high) for bucket in short]
        back = [plot.at(bucket.x, bucket.low) for bucket in reversed(short)]
        made.append(f'<path class="range {colour}" d="{path([*there, *back])}Z"/>')
    if len(short) > 1:
        middle = path(plot.at(bucket.x, bucket.mean) for bucket in short)
        made.append(f'<path class="{kind} {colour}" d="{middle}"/>')
    return made


def _marks(
    plot: _Plot, points: Sequence[LossPoint], short: Sequence[Bucket], number: int, run: str, kind: str
) -> list[str]:
    """Ends of epochs on the training curve; every validation loss where they are few, otherwise the last."""
    if kind == "validation":
        shown = points if len(points) <= 12 else points[-1:]
        return [
            mark(
                number,
                plot.x(point.step),
                plot.y(point.loss),
                title=f"{run}: validation loss {score(point.loss)} at step {whole(point.step)}",
                hollow=True,
            )
            for point in shown
        ]
    ends = [before for before, after in pairwise(points) if before.epoch != after.epoch]
    ends = [*(ends if len(ends) < 12 else ()), points[-1]]
    return [
        mark(
            number,
            plot.x(point.step),
            plot.y(_mean_at(short, point.step)),
            title=f"{run}: end of epoch {order}, step {whole(point.step)}",
        )
        for order, point in enumerate(ends, 1)
    ]


def _mean_at(short: Sequence[Bucket], step: float) -> float:
    return min(short, key=lambda bucket: abs(bucket.x - step)).mean


def _end_labels(ends: Sequence[_EndLabel]) -> list[str]:
    """Names at the ends of their curves, or above the end where there is no room; never on each other."""
    placed: list[_EndLabel] = []
    for end in sorted(ends, key=lambda end: -end.y):
        y = end.y + 4 if end.x <= _ROOM else end.y - 11
        for other in placed:
            if abs(other.x - end.x) < 35 and abs(other.y - y) < _LABEL_GAP:
                y = other.y - _LABEL_GAP
        placed.append(_EndLabel(end.x, max(y, 10), end.words, end.kind))
    return [
        label(end.x, end.y, end.words, f"end last {end.kind}")
        if end.x > _ROOM
        else label(end.x, end.y, end.words, f"end first {end.kind}", dx=12)
        for end in placed
    ]


def _axes(plot: _Plot) -> list[str]:
    parts = [line(0, _HEIGHT, 100, _HEIGHT, "floor"), label(0, -14, "loss", "axis last", dx=-8)]
    for value in steps(plot.down.low, plot.down.high, 5):
        y = plot.y(value)
        parts += [line(0, y, 100, y, "grid"), label(0, y + 4, f"{value:g}", "tick last", dx=-8)]
    for value in steps(plot.across.low, plot.across.high, 5):
        if value == int(value):
            x = plot.x(value)
            place = "last" if x > 97 else "first" if x < 1 else "middle"
            parts += [
                line(x, _HEIGHT, x, _HEIGHT + 5, "floor"),
                label(x, _HEIGHT + 19, whole(int(value)), f"tick {place}"),
            ]
    parts.append(label(50, _HEIGHT + 38, "training step", "axis middle"))
    return parts


def _heights(drawn: Sequence[tuple[LossCurve, list[LossPoint], list[LossPoint]]]) -> list[float]:
    """Losses that the chart must reach.

    A single outlier among thousands would flatten all curves: the range of long curves is that of their 0.5th
    to 99.5th percentile, and what lies beyond is cut off.
    """
    heights = []
    for _, *series in drawn:
        for points in series:
            values = sorted(point.loss for point in points)
            cut = len(values) // 200
            heights += values[cut : len(values) - cut]
    return heights


def _around(values: Sequence[float], margin: float) -> Span:
    low, high = float(min(values)), float(max(values))
    if low == high:
        half = max(abs(low) * 0.1, 0.5)
        return Span(low - half, high + half)
    return Span(low - margin * (high - low), high + margin * (high - low))


def _finite(points: Sequence[LossPoint]) -> list[LossPoint]:
    return [point for point in points if math.isfinite(point.loss)]

"""Charts of scores: means with their intervals, and distributions, always on the same axis from 0 to 1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stillroom.comparison import HISTOGRAM_BINS, Spread, Summary
from stillroom.plural import plural
from stillroom.report.drawing import chart, label, line, mark, steps, style
from stillroom.report.figures import score
from stillroom.report.values import RunResult

_TICKS = (0, 20, 40, 60, 80, 100)
_INTERVAL_ROW = 50
_BAR_ROW = 92
_BARS = 56


def intervals(runs: Sequence[RunResult]) -> str:
    """Every run's mean Jaccard with its interval, one below the other."""
    bottom = _INTERVAL_ROW * len(runs)
    parts = [_axis(bottom, "mean Jaccard against the teacher", top=22)]
    words = []
    for number, run in enumerate(runs):
        top = _INTERVAL_ROW * number
        parts.append(label(0, top + 15, run.name, "name"))
        spread = run.summary.jaccard
        if spread is None:
            parts.append(label(100, top + 15, "nothing to compare", "value quiet"))
            continue
        interval = "" if spread.low is None else f" [{score(spread.low)}, {score(spread.high)}]"
        said = f"{score(spread.mean)}{interval}"
        words.append(f"{run.name} {said}")
        y = top + 33
        parts += [
            label(100, top + 15, said, "value"),
            line(0, y, 100, y, "rail"),
            *_interval(spread, number, y),
            mark(number, 100 * spread.mean, y, title=f"{run.name}: {said}"),
        ]
    return chart(bottom + 44, "Mean Jaccard of every run", "; ".join(words), parts)


def _interval(spread: Spread, number: int, y: float) -> Iterator[str]:
    if spread.low is None or spread.high is None:
        return
    yield (
        f'<rect class="interval {style(number)}" x="{100 * spread.low:.2f}%" y="{y - 4:g}" '
        f'width="{100 * (spread.high - spread.low):.2f}%" height="8" rx="4"/>'
    )


def histograms(runs: Sequence[RunResult]) -> str:
    """Every run's distribution of Jaccard scores, on one axis and one scale."""
    top_share = max((_top_share(run.summary) for run in runs), default=0.0) or 1.0
    bottom = _BAR_ROW * len(runs)
    parts = [_axis(bottom, "Jaccard of a picture", top=30)]
    words = []
    for number, run in enumerate(runs):
        words.append(f"{run.name}: {_in_words(run.summary)}")
        parts += _histogram(run, number, top_share)
    return chart(bottom + 44, "Distribution of Jaccard scores of every run", "; ".join(words), parts)


def _histogram(run: RunResult, number: int, top_share: float) -> list[str]:
    summary = run.summary
    top = _BAR_ROW * number
    floor = top + 28 + _BARS
    parts = [label(0, top + 17, run.name, "name"), label(100, top + 17, _in_words(summary), "value")]
    if not summary.pictures or summary.jaccard is None:
        return [*parts, line(0, floor, 100, floor, "floor")]
    for tick in steps(0, top_share, 2)[1:]:
        y = floor - _BARS * tick / top_share
        parts += [line(0, y, 100, y, "grid"), label(100, y - 3, f"{100 * tick:g}\u00a0%", "tick right")]
    width = 100 / HISTOGRAM_BINS
    for place, count in enumerate(summary.histogram):
        if count:
            height = max(1.0, _BARS * count / summary.pictures / top_share)
            low, high = place / HISTOGRAM_BINS, (place + 1) / HISTOGRAM_BINS
            parts.append(
                f'<rect class="bar {style(number)}" x="{place * width + 0.2:.2f}%" y="{floor - height:.1f}" '
                f'width="{width - 0.4:.2f}%" height="{height:.1f}">'
                f"<title>{low:.2f}–{high:.2f}: {plural(count, 'picture')}</title></rect>"
            )
    parts += [
        line(0, floor, 100, floor, "floor"),
        mark(number, 100 * summary.jaccard.p50, floor, title=f"median {score(summary.jaccard.p50, 2)}"),
    ]
    return parts


def _axis(bottom: float, name: str, *, top: float) -> str:
    parts = []
    for tick in _TICKS:
        place = "first" if tick == 0 else "last" if tick == 100 else "middle"
        parts += [
            line(tick, top, tick, bottom, "grid"),
            label(tick, bottom + 17, f"{tick / 100:.1f}", f"tick {place}"),
        ]
    parts.append(label(50, bottom + 37, name, "axis middle"))
    return "".join(parts)


def _top_share(summary: Summary) -> float:
    return max(summary.histogram, default=0) / summary.pictures if summary.pictures else 0.0


def _in_words(summary: Summary) -> str:
    spread = summary.jaccard
    if spread is None:
        return "nothing to compare"
    return f"median {score(spread.p50, 2)}, middle 80\u00a0% {score(spread.p10, 2)}–{score(spread.p90, 2)}"

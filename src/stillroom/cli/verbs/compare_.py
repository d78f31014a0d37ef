"""``stillroom compare``."""

from __future__ import annotations

from collections.abc import Sequence

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.shown import shown

_BARS = " ▁▂▃▄▅▆▇█"


@verb(
    "compare",
    examples="""
    stillroom compare
    stillroom compare untuned lite-300
    """,
)
@click.argument("runs", nargs=-1, metavar="[RUN]…")
def command(common: Common, runs: tuple[str, ...]) -> None:
    """Score student runs against the teacher on the test pictures, by Jaccard.

    Training pictures and their near-duplicates never count. The interval is a 95 % bootstrap
    interval of the mean.
    """
    from stillroom.steps.comparing import Compare

    with opened(common) as workspace:
        result = drive(common, workspace, Compare(runs))
        if common.json:
            output.write_json(common, result)
            return
        output.write(f"{result.pictures:,} test pictures, against the teacher")
        for line in results_table(result.runs):
            output.write(line)
        for warning in dict.fromkeys(row.warning for row in result.runs if row.warning):
            output.write(shown(warning))


def results_table(runs: Sequence[object]) -> list[str]:
    """Runs as rows, histograms of all of them on one axis."""
    headers = (
        "run",
        "Jaccard",
        "95 % interval",
        "p10",
        "p50",
        "p90",
        "P",
        "R",
        "F1",
        "n",
        "0 ── Jaccard ── 1",
    )
    rows = []
    for row in runs:
        found = getattr(row, "jaccard", None)
        name, count = shown(getattr(row, "name", "")), f"{getattr(row, 'pictures', 0):,}"
        if found is None:
            rows.append([name, *["–"] * 8, count, ""])
            continue
        rows.append(
            [
                name,
                f"{found.mean:.3f}",
                f"{found.low:.3f}–{found.high:.3f}",
                *[f"{value:.2f}" for value in (found.p10, found.p50, found.p90)],
                *[f"{getattr(row, field) or 0:.3f}" for field in ("precision", "recall", "f1")],
                count,
                histogram(getattr(row, "histogram", ())),
            ]
        )
    return output.table(headers, rows, right=range(1, 10))


def histogram(counts: Sequence[int]) -> str:
    """One character a bin, the fullest bin full; an empty bin stays empty."""
    most = max(counts, default=0)
    if not most:
        return ""
    return "".join(_BARS[-(-count * 8 // most)] for count in counts)

"""``stillroom compare``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from stillroom.cli import completing, output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.cli.table import table, terminal_width
from stillroom.columns import RISING, eighths
from stillroom.plural import plural
from stillroom.shown import shown

if TYPE_CHECKING:
    from stillroom.steps.comparing import CompareResult, RunScore


@verb(
    "compare",
    examples="""
    stillroom compare
    stillroom compare untuned lite-300
    """,
)
@click.argument("runs", nargs=-1, metavar="[RUN]…", shell_complete=completing.runs)
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
        show(result)


def show(result: CompareResult) -> None:
    """Write a comparison for a person, with what is to be borne in mind."""
    output.write(f"{plural(result.pictures, 'test picture')}, against the teacher")
    write_scores(result.runs)
    for remark in result.remarks:
        output.write_words(f"note: {shown(remark)}")


def write_scores(runs: Sequence[RunScore]) -> None:
    """Write the scores, and what makes them less certain than they look."""
    for line in results_table(runs):
        output.write(line)
    for warning in dict.fromkeys(row.warning for row in runs if row.warning):
        output.write_words(shown(warning))


def results_table(runs: Sequence[RunScore]) -> list[str]:
    """Runs as rows, histograms of all of them on one axis; what failed or was not asked, if anything."""
    any_failed, any_missing = any(run.failed for run in runs), any(run.missing for run in runs)
    headers = ["run", "Jaccard", "95 % interval", "p10", "p50", "p90", "P", "R", "F1", "n"]
    headers += [*["failed"] * any_failed, *["not asked"] * any_missing, "0 ── Jaccard ── 1"]
    p10, p90, p50, precision, recall, f1, bars = (
        headers.index(name) for name in ("p10", "p90", "p50", "P", "R", "F1", headers[-1])
    )
    return table(
        headers,
        [_row(run, any_failed, any_missing) for run in runs],
        right=range(1, bars),
        drop=(bars, p10, p90, p50, precision, recall, f1),
        width=terminal_width(),
    )


def _row(run: RunScore, any_failed: bool, any_missing: bool) -> list[str]:
    counts = [f"{run.pictures:,}", *[f"{run.failed:,}"] * any_failed, *[f"{run.missing:,}"] * any_missing]
    found = run.jaccard
    if found is None:
        return [shown(run.name), *["–"] * 8, *counts, ""]
    return [
        shown(run.name),
        f"{found.mean:.3f}",
        f"{found.low:.3f}–{found.high:.3f}" if found.low is not None else "–",
        *[f"{value:.2f}" for value in (found.p10, found.p50, found.p90)],
        *[f"{value or 0:.3f}" for value in (run.precision, run.recall, run.f1)],
        *counts,
        histogram(run.histogram),
    ]


def histogram(counts: Sequence[int]) -> str:
    """One character a bin, the fullest bin full; an empty bin stays empty."""
    most = max(counts, default=0)
    if not most:
        return ""
    return "".join(RISING[eighths(count, most)] for count in counts)

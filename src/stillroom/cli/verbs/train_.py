"""``stillroom train``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, WholeNumber, verb
from stillroom.shown import shown

if TYPE_CHECKING:
    from stillroom.steps.starting import Started


@verb(
    "train",
    examples="""
    stillroom train --dry-run
    stillroom train --size 300 --epochs 5
    stillroom train --again          trains a deleted student anew
    """,
)
@click.option(
    "--size", "sizes", multiple=True, type=WholeNumber(min=1), help="Training size; may be repeated."
)
@click.option("--epochs", type=WholeNumber(1, 5), help="Default: the project file's.")
@click.option("--again", is_flag=True, help="Train anew the students that were deleted.")
@click.option("--dry-run", is_flag=True, help="Show the plan and its price; start nothing.")
def command(common: Common, sizes: tuple[int, ...], epochs: int | None, again: bool, dry_run: bool) -> None:
    """Start a customization job for each training size that has not been trained so before."""
    from stillroom.steps.training import Train

    with opened(common) as workspace:
        result = drive(common, workspace, Train(sizes, epochs, again), dry_run=dry_run)
        if result is None:
            return
        if common.json:
            output.write_json(common, result)
            return
        for job in result.jobs:
            output.write(f"{shown(job.student)}  {shown(job.job)}  {_how(job)}")
        if result.nothing:
            output.write(f"Nothing was started. {shown(result.nothing)}")
        if any(job.created or job.status in ("InProgress", "Stopping") for job in result.jobs):
            output.write("follow them: stillroom jobs --watch")


def _how(job: Started) -> str:
    """What became of a job."""
    if job.created:
        return "started"
    if job.deleted:
        return "trained before; the student was deleted"
    return "trained before" if job.status == "Completed" else f"started before: {shown(job.status)}"

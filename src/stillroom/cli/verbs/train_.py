"""``stillroom train``."""

from __future__ import annotations

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.shown import shown


@verb(
    "train",
    examples="""
    stillroom train --dry-run
    stillroom train --size 300 --epochs 5
    """,
)
@click.option(
    "--size", "sizes", multiple=True, type=click.IntRange(min=1), help="Training size; may be repeated."
)
@click.option("--epochs", type=click.IntRange(1, 5), help="Default: the project file's.")
@click.option("--dry-run", is_flag=True, help="Show the plan and its price; start nothing.")
def command(common: Common, sizes: tuple[int, ...], epochs: int | None, dry_run: bool) -> None:
    """Start a customization job for each training size that has not been trained so before."""
    from stillroom.steps.training import Train

    with opened(common) as workspace:
        result = drive(common, workspace, Train(sizes, epochs), dry_run=dry_run)
        if result is None:
            return
        if common.json:
            output.write_json(common, result)
            return
        for job in result.jobs:
            output.write(
                f"{shown(job.student)}  {shown(job.job)}  {'started' if job.created else 'was started'}"
            )
        output.write("follow them: stillroom jobs --watch")

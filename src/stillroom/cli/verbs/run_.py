"""``stillroom run``."""

from __future__ import annotations

from pathlib import Path

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.cli.verbs.compare_ import results_table


@verb(
    "run",
    examples="""
    stillroom run                    asks once for all that is missing
    stillroom run --dry-run
    stillroom run --until label --yes
    """,
)
@click.option(
    "--until",
    type=click.Choice(
        ["scan", "setup", "label", "build", "validate", "upload", "train", "deploy", "compare", "report"]
    ),
    default="report",
    metavar="STEP",
    help="scan, setup, label, build, validate, upload, train, deploy, compare or report.",
)
@click.option("--dry-run", is_flag=True, help="Show the plan and its price; spend nothing.")
@click.pass_context
def command(ctx: click.Context, common: Common, until: str, dry_run: bool) -> None:
    """Do every step in order, and of each only what is missing. Safe to stop and to repeat."""
    from stillroom.steps.pipeline import Run
    from stillroom.steps.scan import Scan

    with opened(common) as workspace:
        # Without a scan nobody knows what there is to pay for; here it has its own progress.
        drive(common, workspace, Scan())
        result = drive(common, workspace, Run(until), dry_run=dry_run)
        if result is None:
            return
        if common.json:
            output.write_json(common, result)
        else:
            output.write(
                f"done: {', '.join(result.done)} · {result.answered:,} answers, {result.failed:,} failed, "
                f"{result.jobs} jobs started"
            )
            if result.results is not None:
                for line in results_table(result.results.runs):
                    output.write(line)
            if result.report is not None:
                output.write(f"report: {output.path_shown(Path(result.report.path))}")
        if result.failed:
            ctx.exit(6)

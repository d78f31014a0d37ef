"""``stillroom run``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stillroom.cli import output
from stillroom.cli.console import say
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.cli.verbs.compare_ import show
from stillroom.cli.verbs.scan_ import since_last_time
from stillroom.plural import plural
from stillroom.shown import shown

if TYPE_CHECKING:
    from stillroom.steps.workspace import Workspace


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
    help="scan, setup, label, build, validate, upload, train, deploy, compare or report. "
    "deploy: deploys students that lack answers, asks them, and removes the deployments.",
)
@click.option("--dry-run", is_flag=True, help="Show the plan and its price; spend nothing.")
@click.pass_context
def command(ctx: click.Context, common: Common, until: str, dry_run: bool) -> None:
    """Do every step in order, and of each only what is missing. Safe to stop and to repeat.

    To name the price it first looks at the folder as scan does, and once all is labeled it builds records as
    build does. Both are free, and --dry-run does them, too.
    """
    from stillroom.steps.pipeline import Run
    from stillroom.steps.scan import Look

    with opened(common) as workspace:
        # Without looking nobody knows what there is to pay for; here it has its own progress.
        found = drive(common, workspace, Look())
        if found.changed or found.gone:
            # Scan, which would tell of it, finds the folder as it has just been seen.
            say(common, since_last_time(len(found.new), len(found.changed), len(found.gone)))
        result = drive(common, workspace, Run(until), dry_run=dry_run)
        if result is None:
            return
        if common.json:
            output.write_json(common, result)
        else:
            failed = f", {result.failed:,} failed" if result.failed else ""
            said = "done" if result.parts else "nothing was left to pay for; gone through"
            output.write_words(
                f"{said}: {', '.join(result.done)} · {plural(result.answered, 'answer')}{failed}, "
                f"{plural(result.jobs, 'job')} started"
            )
            for remark in result.remarks:
                output.write_words(f"  note: {shown(remark)}")
            if result.results is not None:
                show(result.results)
            if result.report is not None:
                output.write(f"report: {output.path_shown(Path(result.report.path))}")
            write_failures(workspace, result.left)
        if result.left:
            ctx.exit(6)


def write_failures(workspace: Workspace, left: Mapping[str, int]) -> None:
    """Say who still owes answers and how they are asked for again."""
    from stillroom.steps.deployed import living
    from stillroom.steps.targets import TEACHER, UNTUNED

    for name, count in left.items():
        ready = name in (TEACHER, UNTUNED) or living(workspace, name) is not None
        first = "" if ready else " (deploy it first)"
        have = plural(count, "picture has", "pictures have")
        output.write(f"{have} no answer of {shown(name)}: stillroom retry {shown(name)}{first}")

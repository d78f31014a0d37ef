"""``stillroom undeploy``."""

from __future__ import annotations

import click

from stillroom.cli import completing, output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.shown import shown


@verb("undeploy", examples="stillroom undeploy lite-300")
@click.argument("student", metavar="STUDENT", shell_complete=completing.deployed)
@click.option("--dry-run", is_flag=True, help="Show the plan and do nothing.")
def command(common: Common, student: str, dry_run: bool) -> None:
    """Remove a student's deployment, or provisioned throughput by its name."""
    from stillroom.steps.students import Undeploy

    with opened(common) as workspace:
        result = drive(common, workspace, Undeploy(student), dry_run=dry_run)
        if result is None:
            return
        if common.json:
            output.write_json(common, result)
        else:
            output.write("removed: " + (shown(", ".join(result.removed)) or "nothing, it was not deployed"))

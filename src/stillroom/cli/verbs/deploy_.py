"""``stillroom deploy``."""

from __future__ import annotations

import click

from stillroom.cli import completing, output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.shown import shown


@verb(
    "deploy",
    examples="""
    stillroom deploy
    stillroom deploy lite-300
    """,
)
@click.argument("students", nargs=-1, metavar="[STUDENT]…", shell_complete=completing.students)
@click.option("--dry-run", is_flag=True, help="Show the plan and do nothing.")
def command(common: Common, students: tuple[str, ...], dry_run: bool) -> None:
    """Deploy students on demand: billed by tokens, nothing while idle, no hourly charge."""
    from stillroom.steps.students import Deploy

    with opened(common) as workspace:
        result = drive(common, workspace, Deploy(students), dry_run=dry_run)
        if result is None:
            return
        if common.json:
            output.write_json(common, result)
            return
        for one in result.deployments:
            output.write(f"{shown(one.student)}  {shown(one.status)}  {shown(one.arn)}")
        for remark in result.remarks:
            output.write_words(f"  note: {shown(remark)}")

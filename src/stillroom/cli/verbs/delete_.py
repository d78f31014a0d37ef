"""``stillroom delete``."""

from __future__ import annotations

import click

from stillroom.cli import completing, output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.shown import shown


@verb("delete", examples="stillroom delete lite-300")
@click.argument("student", metavar="STUDENT", shell_complete=completing.students)
@click.option("--dry-run", is_flag=True, help="Say what is lost; delete nothing.")
def command(common: Common, student: str, dry_run: bool) -> None:
    """Delete a student's custom model, which bills by the month. It cannot be brought back."""
    from stillroom.steps.students import Delete

    with opened(common) as workspace:
        result = drive(common, workspace, Delete(student), dry_run=dry_run)
        if result is None:
            return
        if common.json:
            output.write_json(common, result)
        else:
            output.write(f"{shown(result.student)} {'deleted' if result.deleted else 'was gone already'}")

"""``stillroom stop``."""

from __future__ import annotations

import click

from stillroom.cli import completing, output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.shown import shown


@verb("stop", examples="stillroom stop lite-300")
@click.argument("job", metavar="JOB", shell_complete=completing.training)
@click.option("--dry-run", is_flag=True, help="Say what stopping costs; stop nothing.")
def command(common: Common, job: str, dry_run: bool) -> None:
    """Stop a customization job, named by its student or its job name.

    What was trained until then is billed, no model is kept, and a stopped job cannot be resumed.
    """
    from stillroom.steps.jobs import Stop

    with opened(common) as workspace:
        result = drive(common, workspace, Stop(job), dry_run=dry_run)
        if result is None:
            return
        if common.json:
            output.write_json(common, result)
        else:
            said = "asked to stop" if result.stopped else "had already ended"
            output.write(f"{shown(result.job)} {said}: {shown(result.status)}")

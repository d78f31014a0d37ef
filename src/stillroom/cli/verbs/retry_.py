"""``stillroom retry``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stillroom.cli import completing
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.cli.verbs.label_ import finish
from stillroom.errors import UsageError

if TYPE_CHECKING:
    from stillroom.labeling import FailureClass


@verb(
    "retry",
    examples="""
    stillroom retry teacher
    stillroom retry teacher --class throttled,unparsable
    """,
)
@click.argument("run", metavar="RUN", shell_complete=completing.runs)
@click.option(
    "--class",
    "classes",
    default="",
    metavar="CLASS,…",
    shell_complete=completing.failures,
    help="Only failures of these classes.",
)
@click.option("--dry-run", is_flag=True, help="Show the plan and its price; ask nobody.")
@click.pass_context
def command(ctx: click.Context, common: Common, run: str, classes: str, dry_run: bool) -> None:
    """Ask again about the pictures that failed in RUN, of every split. Earlier answers are kept."""
    from stillroom.steps.labeling import Label

    wanted = tuple(_kind(run, name.strip()) for name in classes.split(",") if name.strip())
    with opened(common) as workspace:
        result = drive(common, workspace, Label(run, classes=wanted), dry_run=dry_run)
        if result is not None:
            finish(ctx, common, result)


def _kind(run: str, name: str) -> FailureClass:
    from difflib import get_close_matches

    from stillroom.labeling import FailureClass
    from stillroom.pictures import Flag
    from stillroom.steps.quoting import plan_command

    if name == Flag.GONE:
        raise UsageError(
            "Pictures whose files are gone were never sent: there is nothing to ask again.",
            f"Put the files back, then run: {plan_command('label', run)}",
        )

    known = [kind.value for kind in FailureClass]
    if name not in known:
        near = get_close_matches(name, known, n=1)
        todo = f"Did you mean {near[0]}?" if near else f"Classes: {', '.join(known)}"
        raise UsageError(f"There is no class of failures called {name!r}.", todo)
    return FailureClass(name)

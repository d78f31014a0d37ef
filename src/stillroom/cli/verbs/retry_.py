"""``stillroom retry``."""

from __future__ import annotations

import click

from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.cli.verbs.label_ import finish
from stillroom.errors import UsageError


@verb(
    "retry",
    examples="""
    stillroom retry teacher
    stillroom retry teacher --class throttled,unparsable
    """,
)
@click.argument("run", metavar="RUN")
@click.option("--class", "classes", default="", metavar="CLASS,…", help="Only failures of these classes.")
@click.option("--dry-run", is_flag=True, help="Show the plan and its price; ask nobody.")
@click.pass_context
def command(ctx: click.Context, common: Common, run: str, classes: str, dry_run: bool) -> None:
    """Ask again about the pictures that failed in RUN. Earlier answers are kept."""
    from stillroom.labeling import FailureClass
    from stillroom.steps.labeling import Label

    try:
        wanted = tuple(FailureClass(name.strip()) for name in classes.split(",") if name.strip())
    except ValueError as error:
        known = ", ".join(kind.value for kind in FailureClass)
        raise UsageError(f"There is no class of failures called so: {error}", f"Classes: {known}") from error
    with opened(common) as workspace:
        result = drive(common, workspace, Label(run, classes=wanted), dry_run=dry_run)
        if result is not None:
            finish(ctx, common, result)

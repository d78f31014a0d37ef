"""``stillroom demo``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from stillroom.cli import output
from stillroom.cli.console import say, tell
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.cli.verbs.compare_ import write_scores
from stillroom.cli.verbs.run_ import write_failures
from stillroom.errors import StillroomError
from stillroom.plural import plural
from stillroom.shown import shown


@verb(
    "demo",
    examples="""
    stillroom demo
    stillroom demo --headless --images ~/photos --sizes 100,220 --dir photos-demo
    """,
)
@click.option(
    "--images",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder of pictures. Default: 1,000 drawn scenes.",
)
@click.option("--sizes", default="300,900", show_default=True, metavar="N,N", help="Training sizes.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("stillroom-demo"),
    show_default=True,
    help="The demo's folder, as --project; an earlier demo there is continued.",
)
@click.option("--headless", is_flag=True, help="Run it here, without the workbench.")
@click.pass_context
def command(
    ctx: click.Context, common: Common, images: Path | None, sizes: str, folder: Path, headless: bool
) -> None:
    """Do the whole run on a sandbox: label, train, deploy, compare. No AWS account, no cost.

    Prices are those of AWS, so that the figures tell what the same run would cost there.
    """
    from stillroom.money import about, usd
    from stillroom.steps import demo
    from stillroom.steps.pipeline import Run
    from stillroom.steps.quoting import plan_command
    from stillroom.steps.scan import Scan

    wanted = _sizes(sizes)
    if common.project is not None:
        if not _is_default(ctx, "folder"):
            raise click.UsageError("--dir and --project both name the demo's folder: give one of them.")
        folder = common.project
    with _counting(common, demo.DRAWN) as told:
        made = demo.ready(folder, images, wanted, told=told)
    if not made and _is_default(ctx, "sizes"):
        wanted = ()  # whoever goes on with a demo need not say again what it trains
    common.project = folder
    if common.on_terminal and not headless:
        from stillroom.tui.opening import open_workbench

        ctx.exit(open_workbench(folder, exact=True, first=Run()))
    with opened(common) as workspace:
        demo.refuse_elsewhere(workspace)  # the file may have been changed just now
        common.yes = True
        drive(common, workspace, Scan())
        unmet = demo.unmet(workspace, wanted)
        if unmet:
            say(common, unmet)
        outcome = drive(common, workspace, Run())
        if outcome.results is None or outcome.report is None:
            raise StillroomError("The run ended before its report.", "Run the command again to go on.")
        result = demo.result(workspace, outcome.results, outcome.report.path)
        if common.json:
            output.write_json(common, result)
        else:
            output.write("SANDBOX: every number below comes from the embedded sandbox")
            output.write(
                f"{plural(result.pictures, 'picture')}, "
                f"{outcome.results.pictures:,} compared with the teacher"
            )
            write_scores(outcome.results.runs)
            cost = result.cost
            keeping = f"; {cost.keeping}" if cost.keeping else ""
            output.write_words(f"On AWS this would have cost {about(cost.actual)}{keeping}")
            output.write_words(f"estimated before: {usd(cost.band)}, with a month of storage for the upload")
            output.write(f"report: {output.path_shown(Path(result.report))}")
            write_failures(workspace, outcome.left)
            output.write(f"go on: {shown(plan_command('status', project=str(folder)))}")
        if outcome.left:
            ctx.exit(6)


def _is_default(ctx: click.Context, name: str) -> bool:
    """Whether an option was left out."""
    return ctx.get_parameter_source(name) is click.core.ParameterSource.DEFAULT


@contextmanager
def _counting(common: Common, total: int) -> Iterator[Callable[[int], None]]:
    """Gives what counts drawn scenes in one line of a terminal; elsewhere it says that they are drawn."""
    live = sys.stderr.isatty() and not common.quiet
    begun = False

    def told(drawn: int) -> None:
        nonlocal begun
        if live:
            begun = True
            tell(f"\rDrawing scenes {drawn:,}/{total:,}")
        elif not drawn:
            say(common, "Drawing scenes …")

    try:
        yield told
    finally:
        if begun:
            tell("\n")


def _sizes(text: str) -> tuple[int, ...]:
    """Read training sizes; those that no project file may hold are refused before anything is drawn."""
    from stillroom.records import LEAST_RECORDS, MOST_RECORDS

    try:
        sizes = tuple(sorted({int(part) for part in text.split(",") if part.strip()}))
    except ValueError as error:
        raise click.UsageError(f"--sizes takes numbers, such as 300,900, not {text!r}.") from error
    if not sizes or sizes[0] < LEAST_RECORDS or sizes[-1] > MOST_RECORDS:
        raise click.UsageError(f"--sizes takes {LEAST_RECORDS} to {MOST_RECORDS:,}, such as 300,900.")
    return sizes

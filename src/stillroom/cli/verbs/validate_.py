"""``stillroom validate``."""

from __future__ import annotations

from pathlib import Path

import click

from stillroom.cli import output
from stillroom.cli.drive import drive_alone, opened
from stillroom.cli.options import Common, WholeNumber, verb
from stillroom.shown import shown

_MOST_SHOWN = 20


@verb(
    "validate",
    examples="""
    stillroom validate                            the project's own records
    stillroom validate --size 300
    stillroom validate train.jsonl --model lite   records made elsewhere; needs no project
    stillroom validate train.jsonl --pictures ~/photos --other test.jsonl
    """,
)
@click.argument("files", nargs=-1, metavar="FILE.jsonl…", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--model", type=click.Choice(["lite", "pro", "micro", "2-lite"]), help="The model to be trained."
)
@click.option("--pictures", default="", metavar="DIR|s3", help="Where to look at the pictures themselves.")
@click.option(
    "--other", type=click.Path(path_type=Path, dir_okay=False), help="A file that may share no picture."
)
@click.option(
    "--size",
    "sizes",
    multiple=True,
    type=WholeNumber(min=1),
    help="Training size of the project's own records; may be repeated.",
)
@click.pass_context
def command(
    ctx: click.Context,
    common: Common,
    files: tuple[Path, ...],
    model: str | None,
    pictures: str,
    other: Path | None,
    sizes: tuple[int, ...],
) -> None:
    """Check training records against every rule that the service or its validators have.

    Errors are refused by the service, warnings cost or mislead, advice is worth knowing. Exit code
    3 when there is an error.
    """
    from stillroom.records import TargetModel
    from stillroom.steps.findings import finding_lines
    from stillroom.steps.nearest import nearest_project
    from stillroom.steps.validating import Validate

    step = Validate(files, TargetModel(model) if model else None, pictures, other, sizes)
    if files and common.project is None and nearest_project(Path.cwd()) is None:
        result = drive_alone(common, None, step)
    else:
        with opened(common) as workspace:
            result = drive_alone(common, workspace, step)
    if common.json:
        output.write_json(common, result)
    else:
        for file in result.files:
            for line in finding_lines(file, _MOST_SHOWN, step.command(json=True)):
                output.write(line)
        for remark in result.remarks:
            output.write_words(f"note: {shown(remark)}")
    if not result.passed:
        ctx.exit(3)

"""``stillroom build``."""

from __future__ import annotations

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, WholeNumber, verb
from stillroom.plural import plural
from stillroom.shown import shown


@verb(
    "build",
    examples="""
    stillroom build
    stillroom build --size 300 --size 900
    """,
)
@click.option(
    "--size", "sizes", multiple=True, type=WholeNumber(min=1), help="Training size; may be repeated."
)
def command(common: Common, sizes: tuple[int, ...]) -> None:
    """Turn the teacher's answers into records/<size>.jsonl: the very bytes that are uploaded."""
    from stillroom.steps.build import Build

    with opened(common) as workspace:
        result = drive(common, workspace, Build(sizes))
        if common.json:
            output.write_json(common, result)
            return
        for file in result.files:
            how = "written" if file.rebuilt else "up to date"
            output.write(
                f"{shown(file.path)}  {plural(file.records, 'record')}, {file.bytes / 1000:,.0f} kB, {how}"
            )
        for remark in result.remarks:
            output.write(f"  note: {shown(remark)}")

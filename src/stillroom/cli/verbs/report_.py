"""``stillroom report``."""

from __future__ import annotations

from pathlib import Path

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.shown import shown


@verb(
    "report",
    examples="""
    stillroom report
    stillroom report -o ~/harbour.html
    """,
)
@click.option(
    "-o", "--output", "path", default="", metavar="FILE.html", help="Default: report.html in the project."
)
def command(common: Common, path: str) -> None:
    """Write one self-contained page, and beside it scores as CSV and the numbers as JSON."""
    from stillroom.steps.reporting import Report

    with opened(common) as workspace:
        result = drive(common, workspace, Report(path))
        if common.json:
            output.write_json(common, result)
        else:
            for one in (result.path, result.csv, result.json):
                output.write(output.path_shown(Path(one)))
            for remark in result.remarks:
                output.write_words(f"  note: {shown(remark)}")

"""``stillroom exclude``."""

from __future__ import annotations

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.shown import shown


@verb(
    "exclude",
    examples="""
    stillroom exclude beach.jpg dunes.jpg
    stillroom exclude 'name~screenshot'
    stillroom exclude @list.txt
    """,
)
@click.argument("words", nargs=-1, required=True, metavar="FILTER|PICTURE…")
def command(common: Common, words: tuple[str, ...]) -> None:
    """Leave pictures out of everything that follows. Their answers are kept.

    Each argument is a picture, @FILE (a list of names), or a filter such as 'width<400'. Put --
    before a name that begins with a dash.
    """
    from stillroom.steps.selecting import Exclude

    with opened(common) as workspace:
        result = drive(common, workspace, Exclude(words, excluded=True))
        if common.json:
            output.write_json(common, result)
            return
        output.write(f"{result.changed:,} of {result.selected:,} left out; {result.excluded:,} are out now")
        for remark in result.remarks:
            output.write(f"  note: {shown(remark)}")

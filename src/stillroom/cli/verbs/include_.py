"""``stillroom include``."""

from __future__ import annotations

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.shown import shown


@verb(
    "include",
    examples="""
    stillroom include beach.jpg dunes.jpg
    stillroom include 'name~screenshot'
    stillroom include @list.txt
    """,
)
@click.argument("words", nargs=-1, required=True, metavar="FILTER|PICTURE…")
def command(common: Common, words: tuple[str, ...]) -> None:
    """Take excluded pictures back in.

    Each argument is a picture, @FILE (a list of names), or a filter such as 'width<400'. Put --
    before a name that begins with a dash.
    """
    from stillroom.steps.selecting import Exclude

    with opened(common) as workspace:
        result = drive(common, workspace, Exclude(words, excluded=False))
        if common.json:
            output.write_json(common, result)
            return
        output.write(
            f"{result.changed:,} of {result.selected:,} taken back in; {result.excluded:,} are out now"
        )
        for remark in result.remarks:
            output.write(f"  note: {shown(remark)}")

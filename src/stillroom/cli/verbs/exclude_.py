"""``stillroom exclude``, and of the same make ``stillroom include``."""

from __future__ import annotations

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.shown import shown


def selecting(name: str, summary: str, *, excluded: bool, done: str) -> click.Command:
    """Make the verb that leaves pictures out, or the one that takes them back in.

    Args:
        name: Of the verb.
        summary: First line of its help.
        excluded: What it makes of the pictures.
        done: What has been done to them, as a person reads it.
    """

    def command(common: Common, words: tuple[str, ...]) -> None:
        from stillroom.steps.selecting import Exclude

        with opened(common) as workspace:
            result = drive(common, workspace, Exclude(words, excluded=excluded))
            if common.json:
                output.write_json(common, result)
                return
            output.write(f"{result.changed:,} of {result.selected:,} {done}; {result.excluded:,} are out now")
            for remark in result.remarks:
                output.write(f"  note: {shown(remark)}")

    command.__doc__ = f"""{summary}

    Each argument is a picture, @FILE (a list of names), or a filter such as 'width<400'. Put --
    before a name that begins with a dash.
    """
    examples = f"""
    stillroom {name} beach.jpg dunes.jpg
    stillroom {name} 'name~screenshot'
    stillroom {name} @list.txt
    """
    pictures = click.argument("words", nargs=-1, required=True, metavar="FILTER|PICTURE…")
    return verb(name, examples=examples)(pictures(command))


command = selecting(
    "exclude",
    "Leave pictures out of everything that follows. Their answers are kept.",
    excluded=True,
    done="left out",
)

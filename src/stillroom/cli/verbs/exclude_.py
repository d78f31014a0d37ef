"""``stillroom exclude``, and of the same make ``stillroom include``."""

from __future__ import annotations

import click

from stillroom.cli import completing, output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.plural import plural
from stillroom.shown import shown

FILTERS = """\
    A filter is made of conditions with blanks between them, all of which must hold:
      split:test     is; several: class:throttled,refused
      name~beach     has it somewhere; a word alone searches the path
      width<400      numbers; also <= > >= and :
      -split:test    is not
    Columns:
      path       path below the pictures' folder; * and ? stand for anything
      name       file name
      size       bytes of the file; 2MB is understood
      width      pixels
      height     pixels
      pixels     width times height; 1M is understood
      format     what the content is: jpeg, png …; none
      flag       why it is never sent: truncated, empty …; any, none
      split      train, test, validation, out; none
      order      place in the training order, from 0
      copies     files with this content
      excluded   left out by hand: yes, no
      status     where the teacher's run stands: done, failed, waiting …; none
      failed     whether the teacher's run gave it up: yes, no
      class      failure class of the teacher's run
      keywords   a keyword of the teacher, or (< >) how many; also kw
      student    where the student's run stands; none
      jaccard    teacher against student, 0 to 1; also j"""
"""The filter language as help shows it; what it is made of stands in ``stillroom.store.filters``."""


def selecting(name: str, summary: str, *, excluded: bool, done: str) -> click.Command:
    """Make the verb that leaves pictures out, or the one that takes them back in.

    Args:
        name: Of the verb.
        summary: First line of its help.
        excluded: What it makes of the pictures.
        done: What has been done to them, as a person reads it.
    """

    def command(common: Common, words: tuple[str, ...], dry_run: bool) -> None:
        from stillroom.steps.selecting import Exclude

        with opened(common) as workspace:
            result = drive(common, workspace, Exclude(words, excluded=excluded), dry_run=dry_run)
            if result is None:
                return
            if common.json:
                output.write_json(common, result)
                return
            out = plural(result.excluded, "picture is", "pictures are")
            output.write(f"{result.changed:,} of {result.selected:,} {done}; {out} left out now")
            for remark in result.remarks:
                output.write(f"  note: {shown(remark)}")

    command.__doc__ = f"""{summary}

    Each argument is a picture, @FILE (a list of names), or a filter such as 'width<400'. Put --
    before a name that begins with a dash, and ./ before one that begins with an @.

    \b
{FILTERS}
    """
    examples = f"""
    stillroom {name} beach.jpg dunes.jpg
    stillroom {name} 'name~screenshot' 'split:train width<400'
    stillroom {name} 'width<250' --dry-run
    stillroom {name} @list.txt
    """
    pictures = click.argument(
        "words",
        nargs=-1,
        required=True,
        metavar="FILTER|PICTURE…",
        shell_complete=completing.selection,
    )
    dry = click.option("--dry-run", is_flag=True, help="Show the plan and what follows; change nothing.")
    return verb(name, examples=examples)(pictures(dry(command)))


command = selecting(
    "exclude",
    "Leave pictures out of everything that follows. Their answers are kept.",
    excluded=True,
    done="left out",
)

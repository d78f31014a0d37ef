"""``stillroom import labels``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, labels_word, verb
from stillroom.plural import plural
from stillroom.shown import shown

if TYPE_CHECKING:
    from stillroom.steps.exchange import Conflict, ImportResult

_MOST_SHOWN = 10
"""Lines of each list that are written; JSON has all."""
_OUTDATES = ": what was built and trained with that is out of date, see stillroom status"


@verb("import", examples="stillroom import labels labels.jsonl")
@labels_word("stillroom import labels", "FILE")
@click.argument(
    "path", metavar="FILE", required=False, is_eager=True, type=click.Path(path_type=Path, dir_okay=False)
)
def command(common: Common, path: Path) -> None:
    """Take labels made elsewhere as the teacher's: one {"image": NAME, "label": TEXT} a line.

    The teacher is then not asked about these pictures. Its own answers come first where it has any
    with its present settings.
    """
    from stillroom.steps.exchange import ImportLabels

    with opened(common) as workspace:
        result = drive(common, workspace, ImportLabels(path))
        if common.json:
            output.write_json(common, result)
            return
        output.write(_lines_read(result))
        output.write(_pictures_meant(result))
        if result.replaced:
            takes = "takes" if result.replaced == 1 else "take"
            output.write(
                f"  {result.replaced:,} of them {takes} the place of another label imported before"
                + _OUTDATES * result.outdates
            )
        if result.own:
            output.write(f"  {result.own:,} of those that do not: the teacher's own answers come first")
            output.write(
                f"  {'it is kept, and counts' if result.own == 1 else 'they are kept, and count'} where the "
                "teacher has no answer of its own, as after a change of settings"
            )
        if result.flagged:
            output.write(
                f"  {result.flagged:,} of those that do not: of {plural(result.flagged, 'picture')} that can "
                "never be sent, see stillroom scan"
            )
        _list([f"line {bad.line}, {bad.image}: {bad.reason}" for bad in result.unusable_lines])
        _list([_conflict(one) for one in result.conflicts])
        _list([f"no such picture: {name}" for name in result.strangers])


def _lines_read(result: ImportResult) -> str:
    """The lines of the file, by what they are; the parts make up the whole."""
    strangers = len(result.strangers)
    usable = result.lines - result.unusable - strangers
    parts = [f"{usable:,} usable", f"{result.unusable:,} unusable"]
    if strangers:
        parts.append(f"{strangers:,} of no picture of the project")
    return f"{plural(result.lines, 'line')}: {', '.join(parts)}"


def _pictures_meant(result: ImportResult) -> str:
    """The pictures that the usable lines label, copies as one: how many labels count, and how many do not."""
    count, idle = result.labeled - result.own, result.own + result.flagged
    return (
        f"{plural(count + idle, 'picture')}, copies counted once: "
        f"{plural(count, 'label counts', 'labels count')} ({result.new:,} new), "
        f"{idle:,} {'does' if idle == 1 else 'do'} not"
    )


def _conflict(one: Conflict) -> str:
    return (
        f"line {one.line}, {one.image}: does not count; line {one.by_line}, {one.by_image}, "
        "says something else of the same picture, and the last one counts"
    )


def _list(lines: Sequence[str]) -> None:
    for line in lines[:_MOST_SHOWN]:
        output.write(f"  {shown(line)}")
    if len(lines) > _MOST_SHOWN:
        output.write(f"  … and {len(lines) - _MOST_SHOWN:,} more")

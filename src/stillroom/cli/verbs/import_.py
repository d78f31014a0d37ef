"""``stillroom import labels``."""

from __future__ import annotations

from pathlib import Path

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.plural import plural
from stillroom.shown import shown


@verb("import", examples="stillroom import labels labels.jsonl")
@click.argument("what", type=click.Choice(["labels"]))
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
def command(common: Common, what: str, path: Path) -> None:
    """Take labels made elsewhere as the teacher's: one {"image": NAME, "label": TEXT} a line.

    The teacher is then not asked about these pictures. Its own answers come first where it has any.
    """
    from stillroom.steps.exchange import ImportLabels

    with opened(common) as workspace:
        result = drive(common, workspace, ImportLabels(path))
        if common.json:
            output.write_json(common, result)
            return
        output.write(
            f"{plural(result.lines, 'line')}: {plural(result.labeled - result.own, 'picture')} labeled, "
            f"{result.unusable:,} unusable"
        )
        if result.own:
            of = plural(result.own, "more label does", "more labels do")
            output.write(f"  {of} not count: the teacher's own answers come first")
        for name in result.strangers[:10]:
            output.write(f"  no such picture: {shown(name)}")
        if len(result.strangers) > 10:
            output.write(f"  … and {len(result.strangers) - 10:,} more")

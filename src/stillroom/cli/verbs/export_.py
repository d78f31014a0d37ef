"""``stillroom export labels``."""

from __future__ import annotations

from pathlib import Path

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, labels_word, verb
from stillroom.plural import plural


@verb(
    "export",
    examples="""
    stillroom export labels -o labels.jsonl
    stillroom export labels | head
    """,
)
@labels_word("stillroom export labels -o", "labels.jsonl")
@click.option(
    "-o",
    "--output",
    "path",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Default, and -: stdout.",
)
def command(common: Common, path: Path | None) -> None:
    """Write the teacher's labels: one {"image": NAME, "label": TEXT} a line, a line for each file."""
    from stillroom.steps.exchange import ExportLabels, label_lines

    with opened(common) as workspace:
        if path is None or str(path) == "-":
            rows = list(label_lines(workspace))
            if common.json:
                output.write_json(
                    common, {"labels": [{"image": name, "label": text} for name, _, text in rows]}
                )
                return
            for name, _, text in rows:
                output.write_line(output.json_line({"image": name, "label": text}))
            return
        result = drive(common, workspace, ExportLabels(path))
        if common.json:
            output.write_json(common, result)
        else:
            output.write(
                f"{output.path_shown(path)}: {plural(result.lines, 'file')}, "
                f"{plural(result.unique, 'unique picture')}"
            )

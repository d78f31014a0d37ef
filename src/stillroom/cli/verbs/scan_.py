"""``stillroom scan``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.plural import plural
from stillroom.shown import shown

if TYPE_CHECKING:
    from stillroom.steps.scan import ScanResult

_MOST_SHOWN = 10


@verb(
    "scan",
    examples="""
    stillroom scan
    stillroom scan --json
    """,
)
def command(common: Common) -> None:
    """Find, inspect, hash and split the pictures. Costs nothing; safe to repeat."""
    from stillroom.steps.scan import Scan

    with opened(common) as workspace:
        result = drive(common, workspace, Scan())
        if common.json:
            output.write_json(common, result)
        else:
            show(result)


def show(result: ScanResult) -> None:
    """Write a scan's result for a person."""
    flagged = sum(result.flagged.values())
    output.write(
        f"{plural(result.pictures, 'picture')}: {result.unique:,} unique, "
        f"{plural(result.duplicates, 'exact copy', 'exact copies')}, "
        f"{plural(result.near_duplicates, 'near-duplicate')}, {flagged:,} flagged"
    )
    sides = " · ".join(f"{count:,} {side}" for side, count in result.sides.items())
    excluded = f" · {result.excluded:,} excluded" if result.excluded else ""
    output.write(f"split: {sides or 'nothing yet'}{excluded}")
    # Where every file is new there was no last time.
    first = result.new >= result.pictures and not result.gone
    if (result.new or result.changed or result.gone) and not first:
        output.write(since_last_time(result.new, result.changed, result.gone))
    for row in result.flagged_files[:_MOST_SHOWN]:
        output.write(f"  never sent: {shown(row.path)}: {shown(row.reason)}")
    if flagged > _MOST_SHOWN:
        output.write(f"  … and {flagged - _MOST_SHOWN:,} more: stillroom scan --json")
    for kept in result.kept_out:
        output.write(f"  kept out: {shown(kept.path)}: {shown(kept.reason)}")
    for remark in result.remarks:
        output.write(f"  note: {shown(remark)}")


def since_last_time(new: int, changed: int, gone: int) -> str:
    """How many files came, changed and went, in words."""
    return f"since last time: {new:,} new, {changed:,} changed, {gone:,} gone"

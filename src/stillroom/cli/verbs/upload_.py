"""``stillroom upload``."""

from __future__ import annotations

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, WholeNumber, verb
from stillroom.shown import shown


@verb(
    "upload",
    examples="""
    stillroom upload --dry-run
    stillroom upload --yes
    """,
)
@click.option(
    "--size", "sizes", multiple=True, type=WholeNumber(min=1), help="Default: the present training sizes."
)
@click.option("--dry-run", is_flag=True, help="Show the plan and do nothing.")
@click.pass_context
def command(ctx: click.Context, common: Common, sizes: tuple[int, ...], dry_run: bool) -> None:
    """Copy pictures and records to the bucket. Skips what is there and equal; verifies all of it."""
    from stillroom.steps.upload import UploadStep

    with opened(common) as workspace:
        result = drive(common, workspace, UploadStep(sizes), dry_run=dry_run)
        if result is None:
            return
        if common.json:
            output.write_json(common, result)
        else:
            output.write(
                f"s3://{shown(result.bucket)}: {result.sent:,} sent ({result.sent_bytes / 1e6:.1f} MB), "
                f"{result.skipped:,} were there, {len(result.failed):,} failed"
            )
            for one in result.failed[:10]:
                output.write(f"  {shown(one.key)}: {shown(one.what)} {shown(one.todo)}")
            for remark in result.remarks:
                output.write(f"  note: {shown(remark)}")
        if result.failed:
            ctx.exit(6)

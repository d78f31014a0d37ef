"""``stillroom sizes``."""

from __future__ import annotations

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, WholeNumber, verb
from stillroom.cli.table import table, terminal_width
from stillroom.plural import plural
from stillroom.shown import shown
from stillroom.spans import span


@verb(
    "sizes",
    examples="""
    stillroom sizes
    stillroom sizes --sample 50 --json
    """,
)
@click.option(
    "--sample", type=WholeNumber(1, 1000), default=20, show_default=True, help="Pictures to prepare."
)
def command(common: Common, sample: int) -> None:
    """Show what each picture size costs: tokens by model family, bytes, money, time.

    A sample is prepared at each size on this machine; no model is called. Token figures are
    estimates: Nova's exact formula is not published.
    """
    from stillroom.money import usd
    from stillroom.steps.sizing import Sizes

    with opened(common) as workspace:
        result = drive(common, workspace, Sizes(sample))
        if common.json:
            output.write_json(common, result)
            return
        families = list(result.rows[0].tokens)
        headers = ["longest side", "mean pixels", "bytes", *families, "USD per 1,000", "time per 1,000", ""]
        rows = [
            [
                f"{row.longest_side} px" if row.longest_side else "original",
                row.pixels,
                f"{row.bytes / 1000:,.0f} kB",
                *[f"{row.tokens[name]:,}" for name in families],
                usd(row.usd_per_1000),
                span(row.seconds_per_1000),
                "← now" if row.current else "",
            ]
            for row in result.rows
        ]
        last, drop = len(headers) - 1, (1, 2, len(headers) - 2)
        for line in table(headers, rows, right=range(1, last), drop=drop, width=terminal_width()):
            output.write(line)
        output.write(
            f"{plural(result.sample, 'picture')}; prices for {shown(result.model)}; tokens are estimates."
        )
        for remark in result.remarks:
            output.write(shown(remark))

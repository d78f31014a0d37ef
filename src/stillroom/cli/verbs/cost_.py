"""``stillroom cost``."""

from __future__ import annotations

from stillroom.cli import output
from stillroom.cli.console import kept_words
from stillroom.cli.drive import opened
from stillroom.cli.options import Common, verb
from stillroom.cli.table import table, terminal_width
from stillroom.plural import plural
from stillroom.shown import shown
from stillroom.spans import span


@verb(
    "cost",
    examples="""
    stillroom cost
    stillroom cost --json
    """,
)
def command(common: Common) -> None:
    """Show what is still to be spent, what has been, and the prices behind it.

    Every paid attempt counts, retries too. Calls whose outcome nobody knows are a line of their
    own with their upper bound.
    """
    from stillroom.money import rate, usd
    from stillroom.steps.costs import cost

    with opened(common) as workspace:
        result = cost(workspace)
        if common.json:
            output.write_json(common, result)
            return
        where = "SANDBOX: nobody is billed" if workspace.sandbox else workspace.where
        output.write(f"Still to be spent, about {usd(result.left_usd)}   ({where})")
        rows = [
            [
                shown(one.step),
                usd(one.usd),
                span(one.seconds.likely) if one.seconds else "",
                shown(one.how),
            ]
            for one in result.left
        ]
        width = terminal_width()
        for line in table(("", "", "", ""), rows, fold=True, drop=(2,), indent="  ", width=width):
            output.write(line)
        kept = kept_words(result.spent_kept_usd, result.spent_as_of) if result.spent_kept_usd else ""
        output.write(f"Spent so far, {usd(result.spent_usd)}{f', {kept}' if kept else ''}")
        rows = []
        for spent in result.spent:
            ratio = "reckoned, not measured: the bill decides" if spent.estimated else ""
            if spent.ratio is not None:
                ratio = f"{spent.ratio:.2f} of the estimated tokens"
            calls = f"{plural(spent.calls, 'answer')} in {plural(spent.attempts, 'attempt')}"
            calls = calls if spent.attempts else ""
            tokens = f"{spent.input_tokens:,} + {spent.output_tokens:,} tokens" if spent.input_tokens else ""
            rows.append([shown(spent.step), usd(spent.usd), calls, tokens, ratio])
            if spent.unknown:
                unknown = f"{plural(spent.unknown, 'call')} of unknown outcome"
                rows.append(["", f"≤ {usd(spent.usd_unknown)}", unknown, "", ""])
        for line in table(("", "", "", "", ""), rows, fold=True, drop=(3, 2), indent="  ", width=width):
            output.write(line)
        if result.budget_usd is not None:
            output.write(
                f"Budget {usd(result.budget_usd)}, of which {usd(result.spent_high_usd)} count as gone: "
                "training and calls of unknown outcome at their highest price"
            )
        if result.monthly_usd.likely:
            output.write(f"Each month that the students are kept: {usd(result.monthly_usd)}")
        output.write("Prices")
        rows = [
            [
                shown(price.what),
                f"{rate(price.usd)} per {price.unit}",
                "unverified" if price.unverified else "",
                shown(f"{price.source} {price.date}".strip()),
            ]
            for price in result.prices
        ]
        for line in table(("", "", "", ""), rows, fold=True, indent="  ", width=width):
            output.write(line)

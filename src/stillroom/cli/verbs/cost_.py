"""``stillroom cost``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillroom.cli import output
from stillroom.cli.console import kept_part, unsure_part
from stillroom.cli.drive import opened
from stillroom.cli.options import Common, verb
from stillroom.plural import plural
from stillroom.shown import shown
from stillroom.spans import span

if TYPE_CHECKING:
    from stillroom.steps.costs import CostResult


@verb(
    "cost",
    examples="""
    stillroom cost
    stillroom cost --json
    """,
)
def command(common: Common) -> None:
    """Show what is still to be spent, what has been, and the prices behind it.

    Every answer counts, usable or not; a call that was throttled costs nothing. Calls whose outcome
    nobody knows are a line of their own with their upper bound.
    """
    from stillroom.steps.costs import cost

    with opened(common) as workspace:
        result = cost(workspace)
        if common.json:
            output.write_json(common, result)
            return
        speed = workspace.store_speed()
        where = "SANDBOX: nobody is billed" if workspace.sandbox else workspace.where
    _write_left(result, where)
    _write_spent(result, speed)
    _write_prices(result)
    for remark in result.remarks:
        output.write(f"  note: {shown(remark)}")


def _write_left(result: CostResult, where: str) -> None:
    from stillroom.money import about
    from stillroom.money.amounts import marked

    # A sum of known prices is unknown only because of what no step counts yet.
    unscanned = not result.left_usd.known and all(one.usd.known for one in result.left)
    said = "not known until the pictures are scanned: stillroom scan" if unscanned else about(result.left_usd)
    output.write(f"Still to be spent, {said}   ({where})")
    rows = [
        [
            shown(one.step),
            marked(one.usd, unverified=one.unverified),
            span(one.seconds.likely) if one.seconds else "",
            shown(one.how),
        ]
        for one in result.left
    ]
    output.write_folded(rows, drop=(2,), indent="  ")


def _write_spent(result: CostResult, speed: float) -> None:
    from stillroom.money import Budget, usd
    from stillroom.money.amounts import LEGEND, marked
    from stillroom.steps.cost_views import bound, not_counted_words, told_apart, unsure_words

    kept = ""
    if result.spent_kept_usd:
        kept = f", {kept_part(result.spent_kept_usd, result.spent_as_of, speed)}"
    unsure = f", {unsure_part(result.spent_unknown_usd)}" if result.spent_unknown_usd != 0 else ""
    output.write_words(f"Spent so far, {usd(result.spent_usd)}{kept}{unsure}")
    rows = []
    names = told_apart([one.line for one in result.spent])
    for name, one in zip(names, result.spent, strict=True):
        note = "reckoned, not measured: the bill decides" if one.estimated else ""
        if one.ratio is not None:
            note = f"{one.ratio:.2f} of the formula's estimate"
        calls = f"{plural(one.calls, 'paid answer')} in {plural(one.attempts, 'call')}"
        tokens = f"{one.input_tokens:,} + {one.output_tokens:,} tokens" if one.input_tokens else ""
        if (known := bound(one)) is not None:
            bounded = f"≤ {marked(known, unverified=one.unverified)}"
            rows.append([shown(name), bounded, "", "", unsure_words(one)])
            continue
        rows.append(
            [
                shown(name),
                marked(one.usd, unverified=one.unverified),
                calls if one.attempts else "",
                tokens,
                note,
            ]
        )
        if one.unknown:
            most = marked(one.usd_unknown, unverified=one.unverified)
            bounded = most if one.usd_unknown is None else f"≤ {most}"
            rows.append(["", bounded, unsure_words(one), "", ""])
    output.write_folded(rows, drop=(3, 2), indent="  ")
    if any(one.unverified for one in result.left) or any(one.unverified for one in result.spent):
        output.write(f"  {LEGEND}")
    if uncounted := not_counted_words(result):
        output.write_words(uncounted)
    if words := Budget(result.budget_usd, result.spent_high_usd).words:
        output.write_words(f"B{words[1:]}: training and all of unknown outcome count at the highest price")
    if result.monthly_usd.likely != 0:
        output.write(f"Each month that the students are kept: {usd(result.monthly_usd)}")


def _write_prices(result: CostResult) -> None:
    from stillroom.money import rate

    output.write_words(
        "Prices as they are now; what was paid earlier keeps the prices that it was reckoned with"
    )
    rows = [
        [
            shown(price.what),
            f"{rate(price.usd)} per {price.unit}",
            "unverified" if price.unverified else "",
            shown(f"{price.source} {price.date}".strip()),
        ]
        for price in result.prices
    ]
    output.write_folded(rows, indent="  ")

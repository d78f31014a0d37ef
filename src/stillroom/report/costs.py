"""What it cost, and what that rests on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from stillroom.money.prices import OWN
from stillroom.report.escaping import outside, text
from stillroom.report.figures import difference, duration, duration_sum, money, money_sum, price
from stillroom.report.pieces import empty, section, table
from stillroom.report.values import CostLine, PriceNote, ReportData

PRICES_NOW = "Prices as they are now; what was paid earlier keeps the prices that it was reckoned with"


def cost_section(data: ReportData) -> str:
    """Costs by step, then the prices."""
    if not data.costs:
        return section("cost", "Cost", empty("Nothing has been estimated or spent yet."))
    parts = []
    if data.sandbox:
        faster = f" Its {text(data.faster)}." if data.faster else ""
        parts.append(f'<p class="warning">Sandbox money: AWS charged nothing for this.{faster}</p>')
    parts.append(_cost_table(data.costs))
    if data.prices:
        parts.append(_price_table(data.prices))
    return section("cost", "Cost and time", *parts)


def _cost_table(costs: Sequence[CostLine]) -> str:
    columns = (
        ("Step", "row"),
        ("Estimate", "number"),
        ("Actual", "number"),
        ("Difference", "number"),
        ("Time", "number"),
    )
    rows = [_cost_row(cost) for cost in costs]
    return table("Estimate and actual cost of every step, in US dollars", columns, rows, foot=_total(costs))


def _cost_row(cost: CostLine) -> tuple[str, ...]:
    about = " · ".join(outside(words) for words in (cost.what, cost.note) if words)
    flag = ' <span class="unverified">unverified price</span>' if cost.unverified else ""
    return (
        f"{outside(cost.step)}{flag}<small>{about}</small>",
        _estimate(cost),
        _actual(cost),
        difference(cost.actual, cost.likely) if cost.done and not cost.reckoned else "–",
        duration(cost.seconds) if cost.done else "–",
    )


def _actual(cost: CostLine) -> str:
    if not cost.done:
        return '<span class="quiet">not yet</span>'
    if cost.at_most is not None:
        return f"≤ {money(cost.at_most)}"
    return f"{'≈ ' if cost.reckoned and cost.actual is not None else ''}{money(cost.actual)}"


def _estimate(cost: CostLine) -> str:
    likely = money(cost.likely)
    if cost.low is None and cost.high is None:
        return likely
    if cost.low == cost.high == cost.likely:
        return likely
    return f"{likely}<small>{money(cost.low)} – {money(cost.high)}</small>"


def _total(costs: Sequence[CostLine]) -> tuple[str, ...]:
    done = [cost for cost in costs if cost.done]
    complete = len(done) == len(costs)
    actual, likely = _sum([cost.actual for cost in costs]), _sum([cost.likely for cost in costs])
    return (
        "Total" if complete else "Total<small>actual: finished steps only</small>",
        money_sum(cost.likely for cost in costs),
        money_sum(cost.actual for cost in done),
        difference(actual, likely) if complete and not any(cost.reckoned for cost in costs) else "–",
        duration_sum(cost.seconds for cost in done),
    )


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _price_table(prices: Sequence[PriceNote]) -> str:
    columns = (
        ("Price", "row"),
        ("USD", "number"),
        ("per", "per"),
        ("Source", "source"),
        ("Status", ""),
    )
    rows = [
        (
            outside(known.what),
            price(known.amount),
            outside(known.unit),
            f"{outside(known.source)}{', ' if known.date else ''}{text(known.date)}",
            _status(known),
        )
        for known in prices
    ]
    return table(PRICES_NOW, columns, rows)


def _status(known: PriceNote) -> str:
    if known.unverified:
        return '<span class="unverified">unverified</span>'
    if known.amount is None:
        return "unknown"
    return "own price" if known.source == OWN else "✓ as published"

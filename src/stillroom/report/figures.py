"""Numbers as a person reads them. What is unknown says so."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

UNKNOWN = "unknown"
_CENTS_FROM = Decimal("0.1")
"""USD: from here up hundredths say enough."""


def score(value: float | None, digits: int = 3) -> str:
    """A score from 0 to 1."""
    return "–" if value is None else f"{value:.{digits}f}"


def share(part: int, whole: int) -> str:
    """A share in per cent, whole numbers."""
    return f"{100 * part / whole:.0f}\u00a0%" if whole else "–"


def whole(value: int) -> str:
    """A count with thousands separated."""
    return f"{value:,}"


def money(amount: Decimal | None) -> str:
    """US dollars: cents from ten cents up, below as many digits as tell something."""
    if amount is None:
        return UNKNOWN
    sign, size = ("−" if amount < 0 else ""), abs(amount)
    if size == 0 or size >= _CENTS_FROM:
        return f"{sign}${size:,.2f}"
    if size >= Decimal("0.0001"):
        return f"{sign}${size:.4f}"
    return f"{sign}${size:.2g}" if size >= Decimal("0.000001") else f"{sign}< $0.000001"


def price(amount: Decimal | None) -> str:
    """A price as its source writes it, with every digit."""
    return UNKNOWN if amount is None else f"${amount.normalize():,f}"


def difference(actual: Decimal | None, estimate: Decimal | None) -> str:
    """How far the actual cost is from the estimate, signed."""
    if actual is None or estimate is None:
        return UNKNOWN
    change = actual - estimate
    sign = "+" if change > 0 else "−" if change < 0 else ""
    if max(abs(actual), abs(estimate)) >= _CENTS_FROM:
        return f"{sign}${abs(change):,.2f}"
    return f"{sign}{money(abs(change))}"


def money_sum(amounts: Iterable[Decimal | None]) -> str:
    """A total. With unknown parts it is a lower bound and says so; with nothing known it is unknown."""
    listed = list(amounts)
    known = [amount for amount in listed if amount is not None]
    if not known:
        return UNKNOWN if listed else money(Decimal(0))
    total = money(sum(known, Decimal(0)))
    return total if len(known) == len(listed) else f"at least {total}"


def duration_sum(times: Iterable[float | None]) -> str:
    """A total time; a lower bound where a part is unknown, and says so."""
    listed = list(times)
    known = [seconds for seconds in listed if seconds is not None]
    if not known:
        return UNKNOWN if listed else duration(0)
    total = duration(sum(known))
    return total if len(known) == len(listed) else f"at least {total}"


def duration(seconds: float | None) -> str:
    """A time in the two largest units."""
    if seconds is None:
        return UNKNOWN
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    total = round(seconds)
    if total < 60:
        return f"{total} s"
    if total < 3600:
        return f"{total // 60} min {total % 60:02d} s"
    return f"{total // 3600} h {total % 3600 // 60:02d} min"

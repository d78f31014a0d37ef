"""Money and counts that are not exactly known yet, and how they are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Band:
    """A count or a duration between two bounds."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.likely <= self.high:
            raise ValueError(f"not a band: {self.low}, {self.likely}, {self.high}")

    @classmethod
    def exactly(cls, value: float) -> Band:
        """A band without width."""
        return cls(value, value, value)

    def times(self, factor: float) -> Band:
        """The band of ``factor`` (>= 0) such things."""
        return Band(self.low * factor, self.likely * factor, self.high * factor)

    def __add__(self, other: Band) -> Band:
        return Band(self.low + other.low, self.likely + other.likely, self.high + other.high)


@dataclass(frozen=True, slots=True)
class Amount:
    """USD between two bounds; all three are None when the amount is unknown."""

    low: Decimal | None
    likely: Decimal | None
    high: Decimal | None

    def __post_init__(self) -> None:
        known = [value for value in (self.low, self.likely, self.high) if value is not None]
        if len(known) not in (0, 3) or known != sorted(known):
            raise ValueError(f"not an amount: {self.low}, {self.likely}, {self.high}")

    @classmethod
    def exactly(cls, value: Decimal | None) -> Amount:
        """An amount without width, or the unknown one."""
        return cls(value, value, value)

    @property
    def known(self) -> bool:
        """False when any part of it has no known price."""
        return self.likely is not None

    def __add__(self, other: Amount) -> Amount:
        """The sum; unknown as soon as one side is."""
        if (
            self.low is None
            or self.likely is None
            or self.high is None
            or other.low is None
            or other.likely is None
            or other.high is None
        ):
            return UNKNOWN
        return Amount(self.low + other.low, self.likely + other.likely, self.high + other.high)


UNKNOWN = Amount(None, None, None)
NOTHING = Amount.exactly(Decimal(0))


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum of all; unknown as soon as one is, zero for none."""
    result = NOTHING
    for amount in amounts:
        result = result + amount
    return result


_UNKNOWN = "unknown"


def usd(value: Amount | Decimal | None) -> str:
    """Write money with as many digits as it takes to be true.

    Two decimals from $1 up, otherwise two significant digits at least: ``$0.0004``, ``$0.79``, ``$1.09``,
    ``$78,949.50``. A band is ``likely (low–high)``. None is ``unknown``.
    """
    if value is None:
        return _UNKNOWN
    if isinstance(value, Decimal):
        return _one(value)
    if value.low is None or value.likely is None or value.high is None:
        return _UNKNOWN
    low, likely, high = _one(value.low), _one(value.likely), _one(value.high)
    return likely if low == high else f"{likely} ({low}–{high})"


MARK = "*"
"""Stands behind an amount in a table that rests on a price which nobody has confirmed."""
LEGEND = f"{MARK} unverified price"


def marked(value: Amount | Decimal | None, *, unverified: bool) -> str:
    """An amount in a table, with the mark of an unverified price; an unknown amount has none."""
    words = usd(value)
    return words + MARK if unverified and words != _UNKNOWN else words


def confirmed(value: Amount | Decimal | None, *, unverified: bool) -> str:
    """An amount inside a sentence, with a word where its price is unverified; an unknown amount has none."""
    words = usd(value)
    return f"{words} (unverified)" if unverified and words != _UNKNOWN else words


def about(value: Amount | Decimal | None, *, unverified: bool = False) -> str:
    """An estimate inside a sentence: ``about $1.09``, and ``an unknown amount``."""
    words = confirmed(value, unverified=unverified)
    return "an unknown amount" if words == _UNKNOWN else f"about {words}"


def rate(value: Decimal | None) -> str:
    """Write a price with all its digits (``$0.00378``); None is ``unknown``."""
    if value is None:
        return _UNKNOWN
    places = max(2, -int(value.normalize().as_tuple().exponent)) if value else 2
    return f"${value:,.{places}f}"


def beyond(value: Decimal, bound: Decimal) -> str:
    """Write an amount that is more than another with the digits that show it."""
    places = _places(value)
    while value > bound >= value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):
        places += 1
    return rate(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def gone_and_left(limit: Decimal, gone: Decimal) -> tuple[str, str]:
    """Write what has gone of a limit, and what is left of it, never below zero: the two add up as written.

    Each has the digits that either of them needs: a small rest of a large limit is told as exactly as alone.
    """
    left = max(Decimal(0), limit - gone)
    rounded = gone.quantize(Decimal(1).scaleb(-max(_places(gone), _places(left))), rounding=ROUND_HALF_UP)
    return rate(rounded), rate(max(Decimal(0), limit - rounded))


def _places(value: Decimal) -> int:
    """Two decimals from $1 up and for nothing, otherwise two significant digits at least."""
    size = abs(value)
    return max(2, 1 - size.adjusted()) if 0 < size < 1 else 2


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-_places(value)), rounding=ROUND_HALF_UP)


def _one(value: Decimal) -> str:
    rounded = _rounded(value)
    whole, _, cents = f"{abs(rounded):,f}".partition(".")
    sign = "-" if rounded < 0 else ""
    return f"{sign}${whole}.{cents.rstrip('0').ljust(2, '0')}"

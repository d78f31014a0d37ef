"""Numbers as a person reads them."""

from decimal import Decimal

import pytest

from stillroom.report import figures


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (None, "unknown"),
        ("0", "$0.00"),
        ("1234.5", "$1,234.50"),
        ("0.10", "$0.10"),
        ("0.0213", "$0.0213"),
        ("0.00002", "$0.00002"),
        ("0.00000001", "< $0.000001"),
        ("-2", "−$2.00"),
    ],
)
def test_money(amount: str | None, shown: str) -> None:
    assert figures.money(None if amount is None else Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("actual", "estimate", "shown"),
    [
        ("1.5", "1", "+$0.50"),
        ("1", "1.5", "−$0.50"),
        ("1", "1.00", "$0.00"),
        ("0.0213", "0.0210", "+$0.0003"),
        (None, "1", "unknown"),
        ("1", None, "unknown"),
    ],
)
def test_differences(actual: str | None, estimate: str | None, shown: str) -> None:
    known = [None if amount is None else Decimal(amount) for amount in (actual, estimate)]
    assert figures.difference(*known) == shown


def test_sums_with_unknown_parts() -> None:
    assert figures.money_sum([]) == "$0.00"
    assert figures.money_sum([None]) == "unknown"
    assert figures.money_sum([Decimal(1), None]) == "at least $1.00"
    assert figures.money_sum([Decimal(1), Decimal("0.5")]) == "$1.50"
    assert figures.duration_sum([]) == "0.0 s"
    assert figures.duration_sum([None]) == "unknown"
    assert figures.duration_sum([30, None]) == "at least 30 s"
    assert figures.duration_sum([30, 40]) == "1 min 10 s"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "unknown"), (0.25, "0.2 s"), (9.97, "10 s"), (59.6, "1 min 00 s"), (61, "1 min 01 s"),
        (3599.7, "1 h 00 min"), (7380, "2 h 03 min"),
    ],
)  # fmt: skip
def test_durations(seconds: float | None, shown: str) -> None:
    assert figures.duration(seconds) == shown


def test_prices_keep_their_digits() -> None:
    assert figures.price(Decimal("0.00006")) == "$0.00006"
    assert figures.price(Decimal("108.150")) == "$108.15"
    assert figures.price(Decimal("1E+2")) == "$100"
    assert figures.price(None) == "unknown"


def test_counts_and_shares() -> None:
    assert figures.share(1, 3) == "33\u00a0%"
    assert figures.share(0, 0) == "–"
    assert figures.score(None) == "–"

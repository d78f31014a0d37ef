"""Amounts, bands, and how money is written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.money import UNKNOWN, Amount, Band, rate, usd
from stillroom.money.amounts import beyond, total

MONEY = st.decimals(0, 100_000, places=6)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "$0.00"),
        ("0.0004", "$0.0004"),
        ("0.00000123", "$0.0000012"),
        ("0.0149", "$0.015"),
        ("0.0996", "$0.10"),
        ("0.995", "$1.00"),
        ("0.79", "$0.79"),
        ("1.0880", "$1.09"),
        ("1.085", "$1.09"),
        ("12", "$12.00"),
        ("78949.5", "$78,949.50"),
        ("-0.5", "-$0.50"),
    ],
)
def test_money_has_as_many_digits_as_it_takes(value: str, text: str) -> None:
    assert usd(Decimal(value)) == text


def test_unknown_is_never_zero() -> None:
    assert usd(None) == usd(UNKNOWN) == rate(None) == "unknown"
    assert not UNKNOWN.known
    assert UNKNOWN + Amount.exactly(Decimal(1)) == UNKNOWN == Amount.exactly(Decimal(1)) + UNKNOWN
    assert Amount.exactly(None) == UNKNOWN


def test_a_band_is_written_with_its_ends() -> None:
    assert usd(Amount(Decimal("2.1"), Decimal("2.33"), Decimal("2.55"))) == "$2.33 ($2.10–$2.55)"
    assert usd(Amount.exactly(Decimal("2.1"))) == "$2.10"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.00378", "$0.00378"),
        ("108.15", "$108.15"),
        ("0.000035", "$0.000035"),
        ("20", "$20.00"),
        ("0", "$0.00"),
    ],
)
def test_a_price_keeps_all_its_digits(value: str, text: str) -> None:
    assert rate(Decimal(value)) == text


@pytest.mark.parametrize("values", [(2, 1, 3), (1, 3, 2), (1, None, 2), (None, 1, 1)])
def test_an_amount_is_ordered_and_whole(values: tuple[int | None, ...]) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        Amount(*(None if value is None else Decimal(value) for value in values))


def test_a_band_is_ordered() -> None:
    with pytest.raises(ValueError, match="not a band"):
        Band(3, 2, 1)
    with pytest.raises(ValueError, match="not a band"):
        Band(-1, 2, 3)
    assert Band(1, 2, 3).times(2) + Band.exactly(1) == Band(3, 5, 7)


@given(st.lists(st.tuples(MONEY, MONEY, MONEY)))
def test_a_sum_stays_ordered_and_loses_nothing(values: list[tuple[Decimal, Decimal, Decimal]]) -> None:
    amounts = [Amount(*sorted(each)) for each in values]
    result = total(amounts)
    assert result.low <= result.likely <= result.high
    assert result.high == sum((amount.high for amount in amounts), Decimal(0))


@given(st.decimals("0.000001", 1_000_000, places=8))
def test_what_is_written_is_within_one_in_twenty_of_the_truth(value: Decimal) -> None:
    written = Decimal(usd(value).removeprefix("$").replace(",", ""))
    assert abs(written - value) <= value / 20


@pytest.mark.parametrize(
    ("value", "bound", "text"),
    [
        ("0.1014", "0.1", "$0.101"),
        ("0.100004", "0.1", "$0.100004"),
        ("2", "1", "$2.00"),
        ("1.004", "1", "$1.004"),
        ("0", "0", "$0.00"),
    ],
)
def test_what_is_more_than_a_bound_is_written_as_more(value: str, bound: str, text: str) -> None:
    assert beyond(Decimal(value), Decimal(bound)) == text


@given(MONEY, MONEY)
def test_what_is_more_never_reads_as_if_it_fitted(value: Decimal, bound: Decimal) -> None:
    said = Decimal(beyond(value, bound)[1:].replace(",", ""))
    assert said > bound or value <= bound

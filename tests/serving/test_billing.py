from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.serving.billing import begun_hours, bills_by_the_hour, hourly_cost
from stillroom.serving.values import Provisioned


def held(units: int = 1, status: str = "InService") -> Provisioned:
    return Provisioned("arn:p", "pt", "arn:m", "arn:f", units, status, 0.0)


def test_ten_minutes_forgotten_bill_an_hour() -> None:
    found = hourly_cost(held(), Decimal("108.15"), now=600)
    assert (found.hours, found.so_far) == (1, Decimal("108.15"))
    assert found.per_month == Decimal("78949.50")


def test_units_multiply() -> None:
    found = hourly_cost(held(units=2), Decimal(10), now=3601)
    assert (found.hours, found.unit_hours, found.per_hour, found.so_far) == (2, 4, Decimal(20), Decimal(40))


def test_an_unknown_price_is_not_zero() -> None:
    found = hourly_cost(held(), None, now=0)
    assert (found.per_hour, found.so_far, found.per_month) == (None, None, None)
    assert found.unit_hours == 1


@pytest.mark.parametrize(
    ("status", "bills"), [("Creating", True), ("InService", True), ("Odd", True), ("Failed", False)]
)
def test_what_bills(status: str, bills: bool) -> None:
    assert bills_by_the_hour(held(status=status)) is bills


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_hours_are_whole_and_at_least_one(created: float, now: float) -> None:
    hours = begun_hours(created, now)
    assert hours >= 1
    assert hours * 3600 >= now - created - 1

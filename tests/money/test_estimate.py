"""Estimates by step, against the figures that people published."""

from __future__ import annotations

from decimal import Decimal

from stillroom.money import UNKNOWN, Amount, Band, Estimate, Kind, PriceBook, Step, usd
from stillroom.money.estimate import (
    HOURS_A_MONTH,
    deployment_estimate,
    joined,
    label_estimate,
    paid_line,
    provisioned_estimate,
    storage_estimate,
    training_estimate,
    unknown_line,
)

BOOK = PriceBook.load()
LITE, PRO, TWO = "amazon.nova-lite-v1:0", "amazon.nova-pro-v1:0", "amazon.nova-2-lite-v1:0"


def test_labeling_a_thousand_photographs() -> None:
    line = label_estimate(
        "teacher",
        900,
        Band(1000, 1100, 1300),
        Band(60, 90, 512),
        BOOK.tokens("us." + PRO),
        seconds=Band(1, 2, 3),
    )
    assert usd(line.amount.likely) == "$1.05"
    assert line.amount.low == 900 * (1000 * Decimal("0.0008") + 60 * Decimal("0.0032")) / 1000
    assert line.amount.high == 900 * (1300 * Decimal("0.0008") + 512 * Decimal("0.0032")) / 1000
    assert (line.step, line.unverified, line.seconds) == (Step.LABEL, False, Band(1, 2, 3))
    assert line.how == "900 pictures × (1,100 tokens in at $0.0008 + 90 out at $0.0032 per 1K)"


def test_labeling_with_an_unknown_price_is_unknown() -> None:
    line = label_estimate("ask", 1, Band.exactly(1), Band.exactly(1), BOOK.tokens("vendor.model"))
    assert line.amount == UNKNOWN
    assert line.unverified
    assert "at unknown" in line.how


def test_training_spans_the_formula_and_the_published_runs() -> None:
    price, published = BOOK.price(LITE, Kind.TRAINING), BOOK.calibration(LITE)
    tokens = Band.exactly(300 * 1100)
    line = training_estimate("student 300", 300, 5, tokens, price, calibration=published)
    assert line.amount.low == Decimal("2.1")
    assert line.amount.likely == Decimal("2.325")
    assert line.amount.high == Decimal("3.3")
    assert line.unverified
    assert line.how == (
        "300 records × 5 epochs at $0.00155, as published runs cost ($2.10–$2.55); "
        "by tokens $3.30: 330,000 × 5 epochs at $0.002 per 1K (unverified)"
    )


def test_a_training_price_that_is_sure_is_the_likely_one() -> None:
    book = PriceBook.load({LITE: {"training": 0.001}})
    line = training_estimate(
        "s",
        300,
        5,
        Band.exactly(330_000),
        book.price(LITE, Kind.TRAINING),
        calibration=book.calibration(LITE),
    )
    assert (line.amount.low, line.amount.likely, line.unverified) == (Decimal("1.65"), Decimal("1.65"), False)
    assert line.amount.high == Decimal("2.55")
    assert line.how == "330,000 tokens × 5 epochs at $0.001 per 1K; as published runs cost: $2.10–$2.55"


def test_training_without_published_runs_is_the_formula() -> None:
    line = training_estimate("s", 100, 2, Band(90_000, 100_000, 120_000), BOOK.price(TWO, Kind.TRAINING))
    assert line.amount == Amount(Decimal("0.6804"), Decimal("0.756"), Decimal("0.9072"))
    assert not line.unverified


def test_training_without_a_price_is_what_runs_cost_or_unknown() -> None:
    nothing = BOOK.price("vendor.model", Kind.TRAINING)
    assert training_estimate("s", 10, 1, Band.exactly(1), nothing).amount == UNKNOWN
    line = training_estimate("s", 300, 5, Band.exactly(1), nothing, calibration=BOOK.calibration(LITE))
    assert (line.amount.low, line.amount.high, line.unverified) == (Decimal("2.1"), Decimal("2.55"), True)
    assert "no training price is known" in line.how


def test_the_end_of_the_band_is_named_with_the_likely_price() -> None:
    line = training_estimate(
        "s", 233, 1, Band(200_000, 229_496, 300_000), BOOK.price(LITE, Kind.TRAINING),
        calibration=BOOK.calibration(LITE),
    )  # fmt: skip
    assert line.how.startswith("233 records × 1 epoch at $0.00155, as published runs cost")
    assert "; by tokens $0.46 ($0.40–$0.60): 229,496 × 1 epoch at $0.002 per 1K" in line.how
    assert (usd(line.amount.likely), usd(line.amount.high)) == ("$0.36", "$0.60")


def test_what_is_held_is_paid_by_begun_hours() -> None:
    hour = BOOK.price(LITE, Kind.HOUR)
    assert provisioned_estimate("pt", 1 / 6, 1, hour).amount.likely == Decimal("108.15")
    assert provisioned_estimate("pt", 24, 1, hour).amount.likely == Decimal("2595.60")
    assert usd(provisioned_estimate("pt", HOURS_A_MONTH, 1, hour).amount) == "$78,949.50"
    assert provisioned_estimate("pt", 2, 2, hour).amount.likely == Decimal("432.60")
    unknown = provisioned_estimate("pt", 1, 1, BOOK.price(PRO, Kind.HOUR))
    assert unknown.amount == UNKNOWN
    assert unknown.seconds == Band.exactly(3600)


def test_storage_by_the_month() -> None:
    line = storage_estimate("2 students", 2, 1.5, BOOK.price(LITE, Kind.STORAGE))
    assert line.amount.likely == Decimal("5.85")
    assert line.how == "2 × 1.5 months at $1.95 a month"
    assert storage_estimate("x", 1, 1, BOOK.price("vendor.model", Kind.STORAGE)).amount == UNKNOWN


def test_a_deployment_costs_nothing_by_the_hour() -> None:
    assert usd(deployment_estimate("student").amount) == "$0.00"


def test_a_total_says_what_it_does_not_know() -> None:
    known = storage_estimate("s", 1, 1, BOOK.price(LITE, Kind.STORAGE))
    unknown = provisioned_estimate("pt", 1, 1, BOOK.price(PRO, Kind.HOUR))
    both = joined([Estimate((known,)), Estimate((unknown,))])
    assert both.total == UNKNOWN
    assert usd(both.known) == "$1.95"
    assert both.unknown == (unknown,)
    assert both.unverified
    assert not Estimate((known,)).unverified
    assert Estimate(()).total == Amount.exactly(Decimal(0))


def test_what_was_paid_and_what_may_have_been() -> None:
    prices = BOOK.tokens(PRO)
    assert paid_line("teacher", 900, 990_000, 81_000, prices).amount == Amount.exactly(Decimal("1.0512"))
    assert paid_line("x", 1, 1, 1, BOOK.tokens("vendor.model")).amount == UNKNOWN
    line = unknown_line("teacher", 3, 3000, 512, prices)
    assert (line.amount.low, line.amount.high) == (
        0,
        Decimal("0.0024") + Decimal("1.536") * Decimal("0.0032"),
    )
    assert unknown_line("x", 1, 1, 1, BOOK.tokens("vendor.model")).amount == UNKNOWN

"""Estimates by step, against the figures that people published."""

from __future__ import annotations

from decimal import Decimal

from stillroom.money import UNKNOWN, Amount, Band, Kind, PriceBook, Step, usd
from stillroom.money.estimate import (
    label_estimate,
    training_estimate,
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
    line = training_estimate(
        "s", 300, 5, None, BOOK.price(LITE, Kind.TRAINING), calibration=BOOK.calibration(LITE)
    )
    assert line.how.endswith("the tokens are not known")


def test_the_end_of_the_band_is_named_with_the_likely_price() -> None:
    line = training_estimate(
        "s", 233, 1, Band(200_000, 229_496, 300_000), BOOK.price(LITE, Kind.TRAINING),
        calibration=BOOK.calibration(LITE),
    )  # fmt: skip
    assert line.how.startswith("233 records × 1 epoch at $0.00155, as published runs cost")
    assert "; by tokens $0.46 ($0.40–$0.60): 229,496 × 1 epoch at $0.002 per 1K" in line.how
    assert (usd(line.amount.likely), usd(line.amount.high)) == ("$0.36", "$0.60")


def test_an_unknown_number_of_tokens_is_not_0_tokens() -> None:
    line = training_estimate("s", 10, 2, None, BOOK.price("vendor.unknown-v1:0", Kind.TRAINING))
    assert line.amount == UNKNOWN
    assert line.how == "an unknown number of tokens × 2 epochs at unknown per 1K"


def test_asking_at_an_unverified_price_says_so() -> None:
    prices = BOOK.tokens("us.amazon.nova-pro-v1:0", region="eu-west-1")
    line = label_estimate("teacher", 9, Band.exactly(100), Band.exactly(10), prices)
    assert line.how.endswith("per 1K) (unverified)")

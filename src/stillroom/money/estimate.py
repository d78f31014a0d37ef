"""What a step is going to cost, and how long it takes: pure arithmetic over counts and prices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from stillroom.money.amounts import UNKNOWN, Amount, Band, rate, usd
from stillroom.money.prices import Calibration, Price, TokenPrices
from stillroom.plural import plural

HOURS_A_MONTH = 730
"""As AWS counts a month of hours."""


class Step(StrEnum):
    """The step that a line belongs to, in the order of the flow."""

    LABEL = "label"
    UPLOAD = "upload"
    TRAIN = "train"
    STORAGE = "storage"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an estimate or of a bill."""

    step: Step
    what: str
    """What is paid for, as the user calls it."""
    amount: Amount
    how: str
    """The arithmetic, one line."""
    seconds: Band | None = None
    """How long it takes; None when nobody knows or it takes no time."""
    unverified: bool = False
    """It rests on a price that nobody has confirmed."""
    pictures: int = 0
    """Of labeling, those that a model is asked about."""


def token_amount(prices: TokenPrices, input_tokens: Band, output_tokens: Band) -> Amount:
    """USD of tokens between bounds; unknown when a price is."""
    low = prices.of(input_tokens.low, output_tokens.low)
    likely = prices.of(input_tokens.likely, output_tokens.likely)
    high = prices.of(input_tokens.high, output_tokens.high)
    return Amount(low, likely, high)


def label_estimate(
    what: str,
    pictures: int,
    input_tokens: Band,
    output_tokens: Band,
    prices: TokenPrices,
    *,
    seconds: Band | None = None,
) -> Line:
    """What asking a model about pictures costs.

    Args:
        what: The run, as the user calls it.
        pictures: Calls to make.
        input_tokens: Of one call.
        output_tokens: Of one call; the highest is ``maxTokens``.
        prices: Of the model that is asked.
        seconds: How long the whole run takes.
    """
    amount = token_amount(prices, input_tokens.times(pictures), output_tokens.times(pictures))
    how = (
        f"{plural(pictures, 'picture')} × "
        f"({input_tokens.likely:,.0f} tokens in at {rate(prices.input.amount)} + "
        f"{output_tokens.likely:,.0f} out at {rate(prices.output.amount)} per 1K)"
    )
    unverified = prices.input.unverified or prices.output.unverified
    if unverified and amount.known:
        how += " (unverified)"
    return Line(Step.LABEL, what, amount, how, seconds, unverified, pictures)


def training_estimate(
    what: str,
    pictures: int,
    epochs: int,
    tokens: Band | None,
    price: Price,
    *,
    calibration: Calibration | None = None,
    seconds: Band | None = None,
) -> Line:
    """What training a student costs: tokens × epochs × rate, beside what published runs cost.

    The two disagree for Nova Lite (how training counts a picture's tokens is not documented), so the band
    spans both, and the published runs are taken as likely while the rate is unverified. The arithmetic of the
    line is that of the likely price; the other stands behind it.

    Args:
        what: The student, as the user calls it.
        pictures: Records in the training file.
        epochs: Times that each is trained on.
        tokens: Of the whole training file, once; None: unknown.
        price: Training price per 1K tokens.
        calibration: What published runs of this model cost per picture and epoch.
        seconds: How long the job takes.
    """
    formula = UNKNOWN
    if tokens is not None:
        by_rate = [price.of(count * epochs) for count in (tokens.low, tokens.likely, tokens.high)]
        formula = Amount(by_rate[0], by_rate[1], by_rate[2])
    count = "an unknown number of" if tokens is None else f"{tokens.likely:,.0f}"
    times = f"× {plural(epochs, 'epoch')} at"
    at_rate = f"{times} {rate(price.amount)} per 1K"
    if price.unverified and price.amount is not None:
        at_rate += " (unverified)"
    by_tokens = f"{count} tokens {at_rate}"
    if calibration is None:
        return Line(Step.TRAIN, what, formula, by_tokens, seconds, price.unverified)
    shown = Decimal(pictures * epochs)
    low, high = shown * calibration.low, shown * calibration.high
    published, mean = Amount(low, (low + high) / 2, high), (calibration.low + calibration.high) / 2
    theirs = (
        f"{plural(pictures, 'record')} {times} {rate(mean)}, as published runs cost ({usd(low)}–{usd(high)})"
    )
    if formula.low is None or formula.likely is None or formula.high is None:
        lacking = "the tokens are not known" if price.amount is not None else "no training price is known"
        return Line(Step.TRAIN, what, published, f"{theirs}; {lacking}", seconds, True)
    ends = min(low, formula.low), max(high, formula.high)
    if price.unverified:
        amount = Amount(ends[0], (low + high) / 2, ends[1])
        how = f"{theirs}; by tokens {usd(formula)}: {count} {at_rate}"
    else:
        amount = Amount(ends[0], formula.likely, ends[1])
        how = f"{by_tokens}; as published runs cost: {usd(low)}–{usd(high)}"
    return Line(Step.TRAIN, what, amount, how, seconds, price.unverified)

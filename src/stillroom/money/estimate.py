"""What a step is going to cost, and how long it takes: pure arithmetic over counts and prices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from stillroom.money.amounts import NOTHING, UNKNOWN, Amount, Band, rate, total, usd
from stillroom.money.prices import Calibration, Price, TokenPrices
from stillroom.plural import plural

HOURS_A_MONTH = 730
"""As AWS counts a month of hours."""


class Step(StrEnum):
    """The step that a line belongs to, in the order of the flow."""

    LABEL = "label"
    UPLOAD = "upload"
    TRAIN = "train"
    DEPLOY = "deploy"
    """What is held by the hour."""
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


@dataclass(frozen=True, slots=True)
class Estimate:
    """Lines and their sum."""

    lines: tuple[Line, ...]

    @property
    def total(self) -> Amount:
        """The sum; unknown as soon as one line is."""
        return total(line.amount for line in self.lines)

    @property
    def known(self) -> Amount:
        """The sum of the lines that have a price: a lower bound when one has none."""
        return total(line.amount for line in self.lines if line.amount.known)

    @property
    def unknown(self) -> tuple[Line, ...]:
        """The lines without a price."""
        return tuple(line for line in self.lines if not line.amount.known)

    @property
    def unverified(self) -> bool:
        """Whether any line rests on an unconfirmed price."""
        return any(line.unverified for line in self.lines)


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
    return Line(Step.LABEL, what, amount, how, seconds, prices.input.unverified or prices.output.unverified)


def training_estimate(
    what: str,
    pictures: int,
    epochs: int,
    tokens: Band,
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
        tokens: Of the whole training file, once.
        price: Training price per 1K tokens.
        calibration: What published runs of this model cost per picture and epoch.
        seconds: How long the job takes.
    """
    by_rate = [price.of(count * epochs) for count in (tokens.low, tokens.likely, tokens.high)]
    formula = Amount(by_rate[0], by_rate[1], by_rate[2])
    times = f"× {plural(epochs, 'epoch')} at"
    at_rate = f"{times} {rate(price.amount)} per 1K"
    if price.unverified and price.amount is not None:
        at_rate += " (unverified)"
    by_tokens = f"{tokens.likely:,.0f} tokens {at_rate}"
    if calibration is None:
        return Line(Step.TRAIN, what, formula, by_tokens, seconds, price.unverified)
    shown = Decimal(pictures * epochs)
    low, high = shown * calibration.low, shown * calibration.high
    published, mean = Amount(low, (low + high) / 2, high), (calibration.low + calibration.high) / 2
    theirs = (
        f"{plural(pictures, 'record')} {times} {rate(mean)}, as published runs cost ({usd(low)}–{usd(high)})"
    )
    if formula.low is None or formula.likely is None or formula.high is None:
        return Line(Step.TRAIN, what, published, f"{theirs}; no training price is known", seconds, True)
    ends = min(low, formula.low), max(high, formula.high)
    if price.unverified:
        amount = Amount(ends[0], (low + high) / 2, ends[1])
        how = f"{theirs}; by tokens {usd(formula)}: {tokens.likely:,.0f} {at_rate}"
    else:
        amount = Amount(ends[0], formula.likely, ends[1])
        how = f"{by_tokens}; as published runs cost: {usd(low)}–{usd(high)}"
    return Line(Step.TRAIN, what, amount, how, seconds, price.unverified)


def storage_estimate(what: str, models: int, months: float, price: Price) -> Line:
    """What keeping custom models costs.

    Args:
        what: The models, as the user calls them.
        models: How many.
        months: For how long; broken months are counted as they are.
        price: Per model and month.
    """
    how = f"{models} × {months:g} months at {rate(price.amount)} a month"
    if price.amount is None:
        return Line(Step.STORAGE, what, UNKNOWN, how, unverified=True)
    amount = Amount.exactly(price.amount * models * Decimal(str(months)))
    return Line(Step.STORAGE, what, amount, how, unverified=price.unverified)


def provisioned_estimate(what: str, hours: float, units: int, price: Price) -> Line:
    """What provisioned throughput costs; a begun hour is a whole one.

    Args:
        what: Its name.
        hours: How long it is held, used or not.
        units: Model units.
        price: Per unit and hour.
    """
    whole = math.ceil(hours)
    how = f"{plural(whole, 'hour')} × {plural(units, 'model unit')} at {rate(price.amount)} an hour"
    seconds = Band.exactly(hours * 3600)
    if price.amount is None:
        return Line(Step.DEPLOY, what, UNKNOWN, how, seconds, True)
    return Line(
        Step.DEPLOY, what, Amount.exactly(price.amount * whole * units), how, seconds, price.unverified
    )


def deployment_estimate(what: str) -> Line:
    """An on-demand deployment: it costs nothing while it is there, only when it is asked.

    Source: Bedrock user guide, deploy a custom model for on-demand inference.
    """
    return Line(Step.DEPLOY, what, NOTHING, "on demand: paid by the token, nothing by the hour")


def paid_line(
    what: str,
    calls: int,
    input_tokens: int,
    output_tokens: int,
    prices: TokenPrices,
    *,
    step: Step = Step.LABEL,
) -> Line:
    """What answered calls cost, from the tokens that the service reported.

    Args:
        what: The run, as the user calls it.
        calls: Answers that arrived.
        input_tokens: Of all of them.
        output_tokens: Of all of them.
        prices: Of the model that was asked.
        step: The step that asked.
    """
    amount = Amount.exactly(prices.of(input_tokens, output_tokens))
    how = f"{plural(calls, 'answer')}: {input_tokens:,} tokens in, {output_tokens:,} out"
    return Line(step, what, amount, how, unverified=prices.input.unverified or prices.output.unverified)


def unknown_line(what: str, attempts: int, input_tokens: int, max_tokens: int, prices: TokenPrices) -> Line:
    """What attempts without a known outcome may have cost: from nothing to the highest price.

    Args:
        what: The run, as the user calls it.
        attempts: Calls that were begun and never heard of again.
        input_tokens: Estimated, of all of them.
        max_tokens: Most output tokens of one call.
        prices: Of the model that was asked.
    """
    high = prices.of(input_tokens, max_tokens * attempts)
    amount = UNKNOWN if high is None else Amount(Decimal(0), high, high)
    how = f"{plural(attempts, 'attempt')} of unknown outcome, at most {max_tokens:,} tokens out each"
    return Line(Step.LABEL, what, amount, how, unverified=prices.input.unverified or prices.output.unverified)


def joined(parts: Sequence[Estimate]) -> Estimate:
    """One estimate of several."""
    return Estimate(tuple(line for part in parts for line in part.lines))

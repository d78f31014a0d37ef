"""The meter of a labeling run, and the budget over everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from stillroom.money.amounts import Amount, beyond, gone_and_left, rate
from stillroom.money.prices import TokenPrices
from stillroom.money.purse import Share, blind

MARGIN = Decimal("1.25")
# The published token figures of pictures fit within about 10 %; a quarter keeps the budget a real bound.


class Picture(Protocol):
    """What the meter must know of a picture that is about to be asked about."""

    @property
    def content(self) -> str: ...
    @property
    def estimated_input_tokens(self) -> int: ...


class Usage(Protocol):
    """Tokens that the service reported."""

    @property
    def input_tokens(self) -> int: ...
    @property
    def output_tokens(self) -> int: ...


class Attempt(Protocol):
    """What the meter must know of an attempt that has ended."""

    @property
    def item(self) -> Picture: ...
    @property
    def answer(self) -> Usage | None: ...
    @property
    def outcome_unknown(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Budget:
    """The project's limit, and what has gone towards it so far."""

    limit: Decimal | None = None
    """USD; None: no limit."""
    spent: Decimal = Decimal(0)
    """USD spent so far, upper bounds of unknown outcomes included."""

    @property
    def left(self) -> Decimal | None:
        """USD that may still be spent; None: no limit."""
        return None if self.limit is None else max(Decimal(0), self.limit - self.spent)

    @property
    def left_words(self) -> str:
        """What may still be spent, with the digits of ``words``; empty: no limit."""
        return "" if self.limit is None else gone_and_left(self.limit, self.spent)[1]

    @property
    def words(self) -> str:
        """``budget $0.50, of which $0.44 count as gone, $0.06 left``, the same everywhere; empty: no limit.

        What counts as gone is more than what was spent: it has jobs at their highest price, and what may have
        been paid. That may be more than the whole budget.
        """
        if self.limit is None:
            return ""
        if self.spent > self.limit:
            return f"budget {rate(self.limit)}, used up: {beyond(self.spent, self.limit)} count as gone"
        gone, left = gone_and_left(self.limit, self.spent)
        return f"budget {rate(self.limit)}, of which {gone} count as gone, {left} left"

    def stops(self, prices: Mapping[str, Amount], then: str) -> tuple[str, ...]:
        """Why a step stops where its highest price is unknown or does not fit, in one line; else empty.

        Args:
            prices: Of what the budget does not count yet, by what is paid for, as the user calls it, and in
                the order in which it is.
            then: What becomes of a step that does not fit.
        """
        if self.left is None:
            return ()
        if unknown := [what for what, price in prices.items() if not price.known]:
            refusal = blind(" and ".join(unknown))
            return (f"{refusal.what} {refusal.todo}",)
        gone = Decimal(0)
        for what, price in prices.items():
            gone += Decimal("inf") if price.high is None else price.high
            if gone and not self.left:
                return (f"B{self.words[1:]}: nothing more is paid for.",)
            if gone > self.left:
                where = f"; at the highest prices that is at: {what}" if len(prices) > 1 else ""
                return (f"B{self.words[1:]}: {then}{where}.",)
        return ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a run has cost. None is unknown, never zero."""

    spent: Decimal | None
    """USD of the answers that arrived."""
    uncertain: Decimal | None
    """Highest USD that attempts with an unknown outcome may have cost on top."""
    projected: Decimal | None
    """USD of this part of the run, up to its end, at the measured mean price of an answer; unknown before."""
    reserved: Decimal
    """USD held back for the calls in flight; 0 without a price."""
    paid: int
    """Answers that were paid for."""
    unknown: int
    """Attempts with an unknown outcome."""
    unpriced: int
    """Paid or possibly paid attempts that no price is known for."""
    refused: Decimal | None = None
    """Highest USD of the call that the budget did not admit last; None: it admitted all."""


class Meter:
    """Counts what each attempt of one run costs and keeps the run inside the budget.

    Fits `stillroom.labeling.Meter`. Not for use from several threads.
    """

    def __init__(self, prices: TokenPrices, *, max_tokens: int, share: Share, what: str) -> None:
        """Begin at zero.

        Args:
            prices: Of the model that is asked.
            max_tokens: Most output tokens of one call.
            share: The run's hand in the project's purse.
            what: The model, as the user calls it.

        Raises:
            BudgetReached: There is a limit and a price is unknown.
        """
        self._prices = prices
        self._max_tokens = max_tokens
        self._share = share
        self._priced = prices.of(1, 1) is not None
        if share.limit is not None and not self._priced:
            raise blind(what)
        self._margin = MARGIN
        self._reserved: dict[str, Decimal] = {}
        self._held = Decimal(0)
        self._spent = Decimal(0)
        self._uncertain = Decimal(0)
        self._paid = 0
        self._unknown = 0
        self._unpriced = 0
        self._refused: Decimal | None = None

    def price(self, outcome: Attempt) -> Decimal | None:
        """USD of one attempt, for the record; None when no price is known.

        An answer costs its tokens, an attempt of unknown outcome at most the highest price of a call, any
        other attempt nothing.
        """
        if outcome.answer is not None:
            return self._of(outcome.answer)
        return self._highest(outcome.item) if outcome.outcome_unknown else Decimal(0)

    def admit(self, item: Picture) -> bool:
        """Reserve the highest price of one call; False when the budget could be passed, or not be kept."""
        price = self._highest(item)
        if price is None:
            return self._share.limit is None  # there was none as it began
        if not self._share.hold(price):
            self._refused = price
            return False
        self._reserved[item.content] = price
        self._held += price
        return True

    @property
    def may_wait(self) -> bool:
        """Whether money that others hold may be given back, so that a refused call may be admitted later."""
        return self._share.may_wait

    def settle(self, outcome: Attempt) -> None:
        """Give the reservation back and count what the attempt cost.

        Failures with a known outcome cost nothing: the service bills answers only.
        """
        reserved = self._reserved.pop(outcome.item.content, Decimal(0))
        self._held -= reserved
        cost = Decimal(0)
        if outcome.answer is not None:
            self._paid += 1
            self._learn(outcome.item, outcome.answer)
            cost = self._of(outcome.answer) or cost
            self._unpriced += not self._priced
            self._spent += cost
        elif outcome.outcome_unknown:
            cost = reserved
            self._unknown += 1
            self._unpriced += not self._priced
            self._uncertain += cost
        self._share.settle(reserved, cost)

    def reading(self, left: int) -> Reading:
        """What has been spent, and what will be when ``left`` more pictures are answered."""
        projected = None
        if self._priced and (self._paid or not left):
            mean = self._spent / self._paid if self._paid else Decimal(0)
            projected = self._spent + mean * left
        return Reading(
            # What nobody was billed for came to nothing, whatever its price.
            spent=self._spent if self._priced or not self._paid else None,
            uncertain=self._uncertain if self._priced or not self._unknown else None,
            projected=projected,
            reserved=self._held,
            paid=self._paid,
            unknown=self._unknown,
            unpriced=self._unpriced,
            refused=self._refused,
        )

    def _of(self, usage: Usage) -> Decimal | None:
        return self._prices.of(usage.input_tokens, usage.output_tokens)

    def _highest(self, item: Picture) -> Decimal | None:
        return self._prices.of(float(self._margin * item.estimated_input_tokens), self._max_tokens)

    def _learn(self, item: Picture, answer: Usage) -> None:
        """Widen the margin when a picture took more tokens than even the margin allowed for."""
        if item.estimated_input_tokens > 0:
            ratio = Decimal(answer.input_tokens) / item.estimated_input_tokens
            if ratio > self._margin:
                self._margin = ratio * Decimal("1.05")

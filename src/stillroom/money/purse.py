"""What several steps of one process spend at the same time, so that their sum keeps to the budget."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal

from stillroom.errors import BudgetReached
from stillroom.money.amounts import Amount, beyond, gone_and_left, usd


def _nothing() -> Decimal:
    return Decimal(0)


class Purse:
    """Money that has gone, and money that is held for what is under way. Usable from several threads.

    What goes on by itself, such as the keeping of models, is not in it: a share reads that each time.
    """

    def __init__(self, spent: Decimal) -> None:
        """Begin with the USD that had been spent before; upper bounds of unknown outcomes included."""
        self._spent = spent
        self._held = Decimal(0)
        self._lock = threading.Lock()

    @property
    def spent(self) -> Decimal:
        """USD that has gone, by whomever."""
        return self._spent

    @property
    def held(self) -> Decimal:
        """USD that is held for calls and jobs under way."""
        return self._held

    def learn(self, spent: Decimal) -> None:
        """Hear from the store what has gone: more than is known here, when other processes spent too."""
        with self._lock:
            self._spent = max(self._spent, spent)

    def share(self, limit: Callable[[], Decimal | None], growing: Callable[[], Decimal] = _nothing) -> Share:
        """Let one more step spend.

        Args:
            limit: Tells the USD for the whole project, each time; None: no limit.
            growing: Tells the USD that has gone by itself up to now, each time; counts beside the purse.
        """
        return Share(self, limit, growing)

    def hold(self, amount: Decimal, limit: Decimal | None) -> bool:
        """Hold an amount; False when all that has gone and is held would then pass the limit."""
        with self._lock:
            if limit is not None and self._spent + self._held + amount > limit:
                return False
            self._held += amount
            return True

    def settle(self, held: Decimal, cost: Decimal) -> None:
        """Give back what was held, and count what it came to."""
        with self._lock:
            self._held -= held
            self._spent += cost


class Share:
    """One step's hand in the purse. For one thread at a time."""

    def __init__(
        self, purse: Purse, limit: Callable[[], Decimal | None], growing: Callable[[], Decimal]
    ) -> None:
        self._purse = purse
        self._held = Decimal(0)
        self._limit = limit
        self._growing = growing

    @property
    def limit(self) -> Decimal | None:
        """USD for the whole project, which may be set anew while the step spends; None: no limit."""
        return self._limit()

    @property
    def spent(self) -> Decimal:
        """USD that has gone in the whole project, up to now."""
        return self._purse.spent + self._growing()

    @property
    def may_wait(self) -> bool:
        """Whether others hold money that they may give back."""
        return self._purse.held > self._held

    def hold(self, amount: Decimal) -> bool:
        """Hold the highest price of what comes next; False when the budget could be passed."""
        return self._hold(amount, self.limit)

    def _hold(self, amount: Decimal, limit: Decimal | None) -> bool:
        held = self._purse.hold(amount, None if limit is None else limit - self._growing())
        if held:
            self._held += amount
        return held

    def reserve(self, amount: Amount, what: str) -> Decimal:
        """Hold the high end of a whole step.

        Args:
            amount: What it costs.
            what: The step, as the user calls it.

        Returns:
            USD that is held now; 0 when no price is known and there is no limit.

        Raises:
            BudgetReached: It does not fit, or no price is known while there is a limit.
        """
        limit = self.limit
        if amount.high is None:
            if limit is None:
                return Decimal(0)
            raise blind(what)
        if not self._hold(amount.high, limit):
            # Only a limit can refuse.
            gone = self.spent + self._purse.held
            _, left = gone_and_left(limit or Decimal(0), gone)
            cost = beyond(amount.high, max(Decimal(0), (limit or Decimal(0)) - gone))
            raise BudgetReached(
                f"{what[:1].upper()}{what[1:]} may cost {cost}; "
                f"{left} of the budget of {usd(limit)} is left.",
                "Raise limits.budget in stillroom.toml, or do less.",
            )
        return amount.high

    def settle(self, held: Decimal, cost: Decimal) -> None:
        """Give back what was held for one thing, and count what it cost."""
        self._held -= held
        self._purse.settle(held, cost)

    def close(self) -> None:
        """End the step. What is still held may have been paid: nobody heard the answer."""
        self.settle(self._held, self._held)


def blind(what: str) -> BudgetReached:
    """The refusal to spend under a budget without knowing a price."""
    return BudgetReached(
        f"No price is known for {what}, so the budget cannot be kept.",
        "Add the price to [prices] in stillroom.toml, or remove limits.budget.",
    )

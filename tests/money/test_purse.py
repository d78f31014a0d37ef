"""One purse for all who spend at the same time: their sum stays within the budget."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.errors import BudgetReached
from stillroom.money import UNKNOWN, Amount, Purse

TEN = Decimal(10)


def test_what_one_holds_the_other_cannot() -> None:
    purse = Purse(Decimal(4))
    one, other = purse.share(lambda: TEN), purse.share(lambda: TEN)
    assert one.hold(Decimal(5))
    assert not other.hold(Decimal(2))
    assert other.may_wait
    assert not one.may_wait
    one.settle(Decimal(5), Decimal(3))
    assert not other.may_wait
    assert other.hold(Decimal(2))
    assert not other.hold(Decimal(2))
    assert (purse.spent, purse.held) == (Decimal(7), Decimal(2))


def test_each_keeps_the_limit_that_it_began_with() -> None:
    purse = Purse(Decimal(0))
    free, bound = purse.share(lambda: None), purse.share(lambda: Decimal(3))
    assert free.hold(Decimal(100))
    assert not bound.hold(Decimal(1)), "what others spend without a limit counts"


def test_what_grows_by_itself_counts_before_each_payment() -> None:
    grown = [Decimal(0)]
    share = Purse(Decimal(4)).share(lambda: TEN, lambda: grown[-1])
    assert share.hold(Decimal(3))
    grown.append(Decimal("2.5"))
    assert share.spent == Decimal("6.5")
    assert not share.hold(Decimal(1))
    with pytest.raises(BudgetReached, match=r"\$0\.50 of the budget"):
        share.reserve(Amount.exactly(Decimal(1)), "training")


def test_what_is_left_held_may_have_been_paid() -> None:
    purse = Purse(Decimal(0))
    share = purse.share(lambda: TEN)
    share.hold(Decimal(6))
    share.close()
    share.close()
    assert (purse.spent, purse.held) == (Decimal(6), Decimal(0))


def test_a_step_holds_its_high_end_or_is_refused() -> None:
    purse = Purse(Decimal(2))
    one, other = purse.share(lambda: TEN), purse.share(lambda: TEN)
    assert one.reserve(Amount(Decimal(1), Decimal(2), Decimal(6)), "training") == 6
    with pytest.raises(
        BudgetReached, match=r"Training may cost \$6.00; \$2.00 of the budget of \$10.00 is left\."
    ):
        other.reserve(Amount(Decimal(1), Decimal(2), Decimal(6)), "training")
    with pytest.raises(BudgetReached, match="No price is known for training"):
        other.reserve(UNKNOWN, "training")
    assert purse.share(lambda: None).reserve(UNKNOWN, "training") == 0


def test_the_store_may_know_of_more_than_the_purse() -> None:
    purse = Purse(Decimal(2))
    purse.learn(Decimal(5))
    assert purse.spent == 5
    purse.learn(Decimal(1))
    assert purse.spent == 5


MOVES = st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.decimals(0, 4, places=2)), max_size=60)


@given(MOVES, st.decimals(0, 9, places=2))
def test_the_sum_never_passes_the_limit(moves: list[tuple[int, bool, Decimal]], before: Decimal) -> None:
    purse = Purse(before)
    shares = [purse.share(lambda: TEN) for _ in range(3)]
    held: list[list[Decimal]] = [[], [], []]
    paid = before
    for who, begins, amount in moves:
        if begins:
            if shares[who].hold(amount):
                held[who].append(amount)
        elif held[who]:
            most = held[who].pop()
            cost = min(amount, most)
            shares[who].settle(most, cost)
            paid += cost
        assert (purse.spent, purse.held) == (paid, sum(map(sum, held)))
        assert purse.spent + purse.held <= TEN


def test_threads_share_it() -> None:
    purse = Purse(Decimal(0))
    began = threading.Barrier(8)
    got: list[int] = []

    def spend() -> None:
        share = purse.share(lambda: Decimal(500))
        began.wait(20)
        got.append(sum(share.hold(Decimal(1)) for _ in range(400)))

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sum(got) == 500

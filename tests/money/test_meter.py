"""The meter counts every paid attempt, and the budget holds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.errors import BudgetReached
from stillroom.money import Amount, Budget, Meter, PriceBook, Purse
from stillroom.money.amounts import rate

PRICES = PriceBook.load({"test.model": {"input": 1, "output": 10}}).tokens("test.model")
FREE = PriceBook.load().tokens("vendor.unknown")


@dataclass(frozen=True)
class Picture:
    content: str
    estimated_input_tokens: int = 1000


@dataclass(frozen=True)
class Usage:
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True)
class Attempt:
    item: Picture
    answer: Usage | None = None
    outcome_unknown: bool = False


def meter(limit: str | None = None, spent: str = "0", max_tokens: int = 100) -> Meter:
    share = Purse(Decimal(spent)).share(lambda: None if limit is None else Decimal(limit))
    return Meter(PRICES, max_tokens=max_tokens, share=share, what="the teacher")


def test_answers_cost_their_tokens_and_failures_nothing() -> None:
    counted = meter()
    for content in "abc":
        assert counted.admit(Picture(content))
    # 1,000 tokens with a quarter on top at $1 per 1K, 100 at $10: $2.25 each.
    assert counted.reading(3).reserved == Decimal("6.75")
    counted.settle(Attempt(Picture("a"), Usage(1100, 50)))
    counted.settle(Attempt(Picture("b")))
    counted.settle(Attempt(Picture("c"), outcome_unknown=True))
    reading = counted.reading(10)
    assert (reading.spent, reading.uncertain, reading.reserved) == (Decimal("1.6"), Decimal("2.25"), 0)
    assert (reading.paid, reading.unknown, reading.unpriced) == (1, 1, 0)
    assert reading.projected == Decimal("17.6")


def test_nothing_is_projected_before_the_first_answer() -> None:
    assert meter().reading(10).projected is None
    assert meter().reading(0).projected == 0


def test_the_budget_counts_what_came_before_and_what_is_in_flight() -> None:
    counted = meter("10", spent="4")
    assert counted.admit(Picture("a"))
    assert counted.admit(Picture("b"))
    assert not counted.admit(Picture("c"))
    counted.settle(Attempt(Picture("a"), Usage(1000, 10)))
    assert counted.admit(Picture("c"))
    assert not counted.admit(Picture("d"))
    counted.settle(Attempt(Picture("b"), outcome_unknown=True))
    assert not counted.admit(Picture("d")), "what may have been paid counts as paid"


def test_the_margin_grows_with_what_is_measured() -> None:
    counted = meter("100")
    counted.admit(Picture("a"))
    counted.settle(Attempt(Picture("a"), Usage(3000, 0)))
    counted.admit(Picture("b"))
    assert counted.reading(0).reserved == Decimal("3.15") + 1
    counted.settle(Attempt(Picture("zero", 0), Usage(10, 0)))


def test_without_a_price_a_budget_refuses_and_no_budget_counts() -> None:
    with pytest.raises(BudgetReached) as caught:
        Meter(FREE, max_tokens=1, share=Purse(Decimal(0)).share(lambda: Decimal(5)), what="vendor.unknown")
    assert "vendor.unknown" in caught.value.what
    assert "[prices]" in caught.value.todo
    counted = Meter(FREE, max_tokens=1, share=Purse(Decimal(0)).share(lambda: None), what="vendor.unknown")
    assert counted.admit(Picture("a"))
    assert counted.admit(Picture("b"))
    assert counted.admit(Picture("refused"))
    counted.settle(Attempt(Picture("refused")))
    reading = counted.reading(5)
    assert (reading.spent, reading.uncertain, reading.projected, reading.unpriced) == (0, 0, None, 0)
    counted.settle(Attempt(Picture("a"), Usage(1, 1)))
    counted.settle(Attempt(Picture("b"), outcome_unknown=True))
    reading = counted.reading(5)
    assert (reading.spent, reading.uncertain, reading.projected, reading.unpriced) == (None, None, None, 2)


def test_prices_of_attempts_for_the_record() -> None:
    counted = meter()
    assert counted.price(Attempt(Picture("a"), Usage(1000, 100))) == 2
    assert counted.price(Attempt(Picture("a"), outcome_unknown=True)) == Decimal("2.25")
    assert counted.price(Attempt(Picture("a"))) == 0
    blind = Meter(FREE, max_tokens=1, share=Purse(Decimal(0)).share(lambda: None), what="x")
    assert blind.price(Attempt(Picture("a"), Usage(1, 1))) is None


def test_what_is_left_of_a_budget() -> None:
    assert Budget(Decimal(10), Decimal("7.5")).left == Decimal("2.5")
    assert Budget().left is None
    assert Budget(Decimal(1), Decimal(3)).left == 0


def test_two_runs_that_share_a_purse_keep_the_budget_together() -> None:
    purse = Purse(Decimal(4))
    one, other = (
        Meter(PRICES, max_tokens=100, share=purse.share(lambda: Decimal(10)), what=name)
        for name in ("a", "b")
    )
    assert one.admit(Picture("a"))
    assert other.admit(Picture("a"))
    assert not other.admit(Picture("b"))
    assert other.may_wait
    one.settle(Attempt(Picture("a"), Usage(1000, 10)))
    assert other.admit(Picture("b"))
    assert one.may_wait
    assert not other.may_wait
    assert (one.reading(0).spent, other.reading(0).spent) == (Decimal("1.1"), Decimal(0))
    assert (one.reading(0).reserved, other.reading(0).reserved) == (Decimal(0), Decimal("4.5"))


STEPS = st.lists(
    st.tuples(st.sampled_from(["admit", "answer", "fail", "lose"]), st.floats(0, 1), st.floats(0, 1)),
    max_size=80,
)


@given(STEPS, st.decimals(0, 40, places=2), st.decimals(0, 20, places=2))
def test_the_budget_is_never_passed(
    steps: list[tuple[str, float, float]], limit: Decimal, before: Decimal
) -> None:
    counted = Meter(PRICES, max_tokens=100, share=Purse(before).share(lambda: limit), what="x")
    flying: list[Picture] = []
    real = before
    for number, (what, size, length) in enumerate(steps):
        if what == "admit":
            picture = Picture(str(number), 100 + int(size * 2000))
            if counted.admit(picture):
                flying.append(picture)
        elif flying:
            picture = flying.pop(int(size * (len(flying) - 1)))
            # The service counts at most a quarter more than was estimated.
            usage = Usage(int(picture.estimated_input_tokens * (0.8 + 0.45 * size)), int(100 * length))
            highest = PRICES.of(picture.estimated_input_tokens * 1.25, 100)
            if what == "answer":
                counted.settle(Attempt(picture, usage))
                real += PRICES.of(usage.input_tokens, usage.output_tokens)
            else:
                counted.settle(Attempt(picture, outcome_unknown=what == "lose"))
                real += highest if what == "lose" else 0
        reading = counted.reading(0)
        assert real == before + reading.spent + reading.uncertain
        worst = real + sum(
            (PRICES.of(each.estimated_input_tokens * 1.25, 100) for each in flying), Decimal(0)
        )
        assert worst <= max(limit, before)


def test_a_budget_that_comes_later_stops_what_has_no_price() -> None:
    limits: list[Decimal | None] = [None]
    blind = Meter(FREE, max_tokens=1, share=Purse(Decimal(0)).share(lambda: limits[-1]), what="x")
    picture = Picture("a", 100)
    assert blind.admit(picture)
    limits.append(Decimal(5))
    assert not blind.admit(picture)


def test_what_has_gone_and_what_is_left_add_up_as_they_are_written() -> None:
    for limit, spent, gone, left in (
        ("0.5", "0.005", "$0.005", "$0.495"),
        ("0.5", "0.4356", "$0.436", "$0.064"),
        ("0.03", "0.0276", "$0.0276", "$0.0024"),
        ("50", "8.5432", "$8.54", "$41.46"),
        ("0.5", "0.5", "$0.50", "$0.00"),
        ("5", "0", "$0.00", "$5.00"),
    ):
        words = Budget(Decimal(limit), Decimal(spent)).words
        assert f"of which {gone} count as gone, {left} left" in words
    assert Budget().words == ""


def test_a_budget_that_is_passed_says_how_much_counts_as_gone() -> None:
    for limit, spent, gone in (
        ("0.5", "4.7", "$4.70"),
        ("0.5", "0.55", "$0.55"),
        ("0.5", "0.5004", "$0.5004"),
        ("0.0001", "0.26140782905", "$0.26"),
    ):
        budget = Budget(Decimal(limit), Decimal(spent))
        assert budget.words == f"budget {rate(Decimal(limit))}, used up: {gone} count as gone"
        (stop,) = budget.stops({"a call": Amount.exactly(Decimal("0.01"))}, "it stops")
        assert stop == f"B{budget.words[1:]}: nothing more is paid for."


def test_the_price_of_the_call_that_was_not_admitted_is_told() -> None:
    purse = Purse(Decimal(0))
    meter = Meter(PRICES, max_tokens=100, share=purse.share(lambda: Decimal("0.000001")), what="m")
    assert meter.reading(1).refused is None
    assert not meter.admit(Picture("a", 100))
    assert meter.reading(1).refused == PRICES.of(125.0, 100)


PAID = {"label teacher": Amount.exactly(Decimal(2)), "train": Amount.exactly(Decimal(3))}


@pytest.mark.parametrize(("left", "reached"), [("1", "label teacher"), ("2", "train"), ("4.99", "train")])
def test_a_budget_that_is_too_small_for_several_things_names_the_one_it_reaches(
    left: str, reached: str
) -> None:
    (line,) = Budget(Decimal(left)).stops(PAID, "it stops")
    assert line.endswith(f" left: it stops; at the highest prices that is at: {reached}.")


def test_a_budget_that_is_enough_stops_nothing_and_of_one_thing_none_is_named() -> None:
    assert Budget(Decimal(5)).stops(PAID, "it stops") == ()
    (line,) = Budget(Decimal(1)).stops({"train": PAID["train"]}, "it stops")
    assert line.endswith(" left: it stops.")

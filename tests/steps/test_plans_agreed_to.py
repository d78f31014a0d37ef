"""When agreeing to a plan is agreeing to what is planned a moment later."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from stillroom.cli.output import as_json
from stillroom.money import Amount
from stillroom.steps.agreements import plain
from stillroom.steps.cut_short import cut_short_note
from stillroom.steps.orders import unmet
from stillroom.steps.plan import Counted, Document, Plan

BUDGET = "Budget $0.50, of which $0.44 count as gone, $0.06 left: it stops before a call that could pass it."
COPIES = "Exact copies count as one picture and go with it: 9 files in all."
AGREED = Plan(
    verb="label", title="Label 6 pictures", count=6, price=Amount(Decimal(1), Decimal(2), Decimal(10)),
    stops=(Counted(BUDGET, "budget"), "records/9.jsonl is not uploaded."), loses=("a", "b"), command="x",
    notes=(
        Counted("1,297 calls have no known price.", "unpriced", 1_297),
        *unmet((20, 30), 12),
        Counted(COPIES, "copies", 9),
        "lite-300 was trained on other labels.",
        "12.jpg is left out by hand.",
    ),
)  # fmt: skip


def up_to(high: str) -> Amount:
    return Amount(Decimal(0), Decimal(1), Decimal(high))


@pytest.mark.parametrize(
    "now",
    [
        AGREED,
        replace(AGREED, price=up_to("11")),
        replace(AGREED, price=up_to("1")),
        replace(AGREED, stops=(Counted(BUDGET.replace("$0.44", "$0.50").replace("$0.06", "$0"), "budget"),)),
        replace(AGREED, stops=(), loses=("b",)),
        replace(AGREED, notes=()),
        replace(AGREED, notes=unmet((20, 30), 19)),
        replace(AGREED, notes=(Counted("1,400 calls have no known price.", "unpriced", 1_400),)),
        replace(AGREED, notes=(Counted("1 call has no known price.", "unpriced", 1),)),
        replace(AGREED, stops=("records/9.jsonl is not uploaded.",)),
    ],
)
def test_what_is_no_worse_was_agreed_to(now: Plan) -> None:
    assert AGREED.holds_for(now)


@pytest.mark.parametrize(
    "now",
    [
        replace(AGREED, price=up_to("11.01")),
        replace(AGREED, price=Amount.exactly(None)),
        replace(AGREED, title="Label 6 pictures (test)"),
        replace(AGREED, count=5),
        replace(AGREED, stops=("one", "two")),
        replace(AGREED, stops=("The bucket is gone.",)),
        replace(AGREED, stops=("records/12.jsonl is not uploaded.",)),
        replace(AGREED, notes=("lite-897 was trained on other labels.",)),
        replace(AGREED, notes=("9.jpg is left out by hand.",)),
        replace(AGREED, notes=(Counted("1,500 calls have no known price.", "unpriced", 1_500),)),
        replace(AGREED, notes=unmet((20,), 3)),
        replace(AGREED, notes=cut_short_note(1)),
        replace(AGREED, loses=("a", "b", "c")),
        replace(AGREED, notes=("This leaves no test pictures.",)),
        replace(AGREED, notes=(*AGREED.notes, *unmet((40,), 12))),
        replace(AGREED, documents=(Document("Policy", "{}"),)),
    ],
)
def test_what_is_worse_or_something_else_is_shown_again(now: Plan) -> None:
    assert not AGREED.holds_for(now)


def test_of_an_unknown_price_only_an_unknown_one_was_agreed_to() -> None:
    unknown = replace(AGREED, price=Amount.exactly(None))
    assert unknown.holds_for(unknown)
    assert not unknown.holds_for(AGREED)


def test_more_calls_that_may_be_paid_for_twice_than_were_told_of_were_not_agreed_to() -> None:
    told = replace(AGREED, notes=cut_short_note(3))
    assert not told.holds_for(replace(AGREED, notes=cut_short_note(300)))
    assert told.holds_for(replace(AGREED, notes=cut_short_note(1)))


NUMBERS = some.dictionaries(some.sampled_from(["calls", "copies", "sizes"]), some.integers(1, 10_000))


def telling(numbers: dict[str, int]) -> Plan:
    return replace(
        AGREED, notes=tuple(Counted(f"{count} {kind}", kind, count) for kind, count in numbers.items())
    )


@given(NUMBERS, NUMBERS)
def test_a_number_may_fall_and_rise_by_a_tenth_and_no_line_is_taken_for_another(
    before: dict[str, int], now: dict[str, int]
) -> None:
    no_worse = all(10 * count <= 11 * before.get(kind, 0) for kind, count in now.items())
    assert telling(before).holds_for(telling(now)) == no_worse


@given(some.sets(some.text()), some.sets(some.text()))
def test_of_words_without_a_number_none_may_be_new(before: set[str], now: set[str]) -> None:
    agreed = replace(AGREED, stops=tuple(before)).holds_for(replace(AGREED, stops=tuple(now)))
    assert agreed == (now <= before)


def test_a_line_that_counts_is_told_and_kept_like_any_other() -> None:
    line = Counted(COPIES, "copies", 9)
    plan = replace(AGREED, notes=(line,))
    assert json.dumps(as_json(plan)["notes"]) == json.dumps([COPIES])
    assert plain(plan)["notes"] == [COPIES]
    assert f"{line}" == COPIES

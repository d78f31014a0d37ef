"""When agreeing to a plan is agreeing to what is planned a moment later."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from stillroom.money import Amount
from stillroom.steps.plan import Document, Plan

BUDGET = "Budget $0.50, of which $0.44 count as gone, $0.06 left: it stops before a call that could pass it."
AGREED = Plan(
    verb="label", title="Label 6 pictures", count=6, price=Amount(Decimal(1), Decimal(2), Decimal(10)),
    stops=(BUDGET, "records/9.jsonl is not uploaded."), loses=("a", "b"), command="x",
    notes=(
        "1,297 calls have no known price.", "Training size 9 cannot be met.",
        "2 copies are left out with them.", "lite-300 was trained on other labels.",
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
        replace(AGREED, stops=(BUDGET.replace("$0.44", "$0.50").replace("$0.06", "$0"),)),
        replace(AGREED, stops=(), loses=("b",)),
        replace(AGREED, notes=()),
        replace(AGREED, notes=("Training size 8 cannot be met.", "3 calls have no known price.")),
        replace(AGREED, notes=("1 call has no known price.",)),
        replace(AGREED, notes=(AGREED.notes[2].replace("2 copies are", "1 copy is"),)),
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
        replace(AGREED, stops=(BUDGET, BUDGET)),
        replace(AGREED, stops=("records/12.jsonl is not uploaded.",)),
        replace(AGREED, notes=("lite-897 was trained on other labels.",)),
        replace(AGREED, notes=("9.jpg is left out by hand.",)),
        replace(AGREED, loses=("a", "b", "c")),
        replace(AGREED, notes=("This leaves no test pictures.",)),
        replace(AGREED, notes=(*AGREED.notes, "Training size 20 cannot be met.")),
        replace(AGREED, documents=(Document("Policy", "{}"),)),
    ],
)
def test_what_is_worse_or_something_else_is_shown_again(now: Plan) -> None:
    assert not AGREED.holds_for(now)


def test_of_an_unknown_price_only_an_unknown_one_was_agreed_to() -> None:
    unknown = replace(AGREED, price=Amount.exactly(None))
    assert unknown.holds_for(unknown)
    assert not unknown.holds_for(AGREED)

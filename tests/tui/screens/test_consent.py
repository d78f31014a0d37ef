"""A plan as it is shown: price, time, what is lost, the command, and no line that is too wide."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from stillroom.money import Amount, Band
from stillroom.money.amounts import UNKNOWN
from stillroom.steps.plan import Document, Line, Plan
from stillroom.tui.screens.consent import plan_text

LABEL = Plan(
    verb="label",
    title="Label 897 pictures with teacher",
    count=897,
    lines=(Line("model", "us.amazon.nova-pro-v1:0"), Line("done before", "100 of 997")),
    price=Amount(Decimal("0.9"), Decimal("1.09"), Decimal("1.4")),
    time=Band(60, 252, 300),
    notes=("The price is unverified.",),
    loses=("The old labels stay, and count no more.",),
    documents=(Document("Trust policy", '{"Version": "2012-10-17"}'),),
    command="stillroom label teacher",
    needs_consent=True,
)


def test_a_plan_is_shown_whole() -> None:
    text = plan_text(LABEL, 80, sandbox=False).plain
    for part in (
        "us.amazon.nova-pro-v1:0", "$1.09", "4 m 12 s", "The price is unverified.", "⚠ loses", "Trust policy",
        "stillroom label teacher",
    ):  # fmt: skip
        assert part in text
    assert "SANDBOX" not in text


def test_on_the_sandbox_it_says_that_nobody_is_billed() -> None:
    assert "SANDBOX: nobody is billed" in plan_text(LABEL, 80, sandbox=True).plain


def test_what_has_moved_stands_apart_from_the_plan() -> None:
    lines = plan_text(LABEL, 80, sandbox=False, above=("Made anew.", "Highest $2, was $1")).plain.split("\n")
    assert lines[:3] == ["Made anew.", "Highest $2, was $1", ""]
    assert lines[3].startswith("price ")


def test_the_command_stands_before_long_documents() -> None:
    text = plan_text(LABEL, 80, sandbox=False).plain
    assert text.index("stillroom label teacher") < text.index("Trust policy")


def test_price_and_losses_stand_before_what_is_seen_by_scrolling() -> None:
    text = plan_text(LABEL, 80, sandbox=False).plain
    assert (
        text.index("$1.09") < text.index("4 m 12 s") < text.index("loses") < text.index("us.amazon.nova-pro")
    )


def test_a_price_that_nobody_knows_is_not_zero() -> None:
    plan = Plan(verb="x", title="x", count=1, price=UNKNOWN, command="x", needs_consent=True)
    text = plan_text(plan, 80, sandbox=False).plain
    assert "$0" not in text
    assert "unknown" in text


@given(
    label=st.text(max_size=30),
    value=st.text(max_size=200),
    lost=st.text(max_size=120),
    width=st.integers(40, 100),
)
def test_no_line_is_wider_than_it_may_be(label: str, value: str, lost: str, width: int) -> None:
    plan = Plan(verb="x", title="x", count=1, lines=(Line(label, value),), loses=(lost,), command=value)
    for line in plan_text(plan, width, sandbox=True).plain.split("\n"):
        assert cell_len(line) <= width
        assert "\x1b" not in line

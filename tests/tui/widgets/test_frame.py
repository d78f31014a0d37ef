"""The frame's lines: always exactly as wide as the terminal, with what must never be missing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from stillroom.steps.heading import Heading
from stillroom.tui.widgets.frame import footer_line, header_line, hourly, masked, money, tabs_line


def a_heading(**changed: Any) -> Heading:
    facts: dict[str, Any] = {
        "project": "harbour-keywords",
        "region": "us-east-1",
        "account": "111122223333",
        "profile": "ml-ops",
        "where": "SANDBOX",
        "spent_usd": Decimal("3.41"),
        "unknown_usd": Decimal(0),
        "gone_usd": Decimal("3.41"),
        "budget_usd": Decimal(50),
        "hourly_usd": Decimal(0),
        "hourly_things": 0,
    }
    return Heading(**(facts | changed))


def test_everything_is_told_where_there_is_room() -> None:
    line = header_line(a_heading(), 2, 120).plain
    for part in (
        "harbour-keywords",
        "us-east-1",
        "1111…3333",
        "ml-ops",
        "SANDBOX",
        "$3.41 / $50.00",
        "● 2 running",
    ):
        assert part in line


def test_profile_account_and_region_go_first_in_this_order() -> None:
    place = ["us-east-1", "1111…3333", "ml-ops"]
    before = 0
    for width in range(60, 141):
        line = header_line(a_heading(), 0, width).plain
        shown = [part for part in place if part in line]
        assert shown == place[: len(shown)]
        assert len(shown) >= before
        assert not shown or "harbour-keywords" in line
        before = len(shown)
    assert before == 3


def test_money_place_and_hourly_bills_stay_in_the_narrowest_terminal() -> None:
    heading = a_heading(project="x" * 90, hourly_usd=Decimal("108.15"), hourly_things=1)
    line = header_line(heading, 1, 60).plain
    for part in ("SANDBOX", "$3.41 / $50.00", "⚠ $108.15/h"):
        assert part in line


def test_what_is_paused_is_not_called_running() -> None:
    line = header_line(a_heading(), 0, 100, paused=1).plain
    assert "‖ 1 paused" in line
    assert "running" not in line


def test_a_price_that_is_unknown_is_not_zero() -> None:
    assert "$0" not in header_line(a_heading(spent_usd=None, budget_usd=None), 0, 100).plain
    line = header_line(a_heading(hourly_usd=None, hourly_things=1), 0, 120).plain
    assert "⚠ bills by the hour, price unknown" in line


def test_what_a_budget_counts_beyond_what_was_spent_is_told_with_the_word_that_status_has() -> None:
    heading = a_heading(gone_usd=Decimal("50.2"), project="x" * 60)
    assert "SANDBOX   $50.20 gone of $50.00  ● 1 running" in header_line(heading, 1, 80).plain


def test_what_a_budget_counts_is_told_also_where_a_price_is_unknown() -> None:
    heading = a_heading(spent_usd=None, unknown_usd=None, gone_usd=Decimal("49.99"))
    assert "$49.99+ gone of $50.00" in header_line(heading, 0, 80).plain


@pytest.mark.parametrize("unknown", [Decimal("0.016"), None])
def test_what_may_have_cost_more_has_a_mark(unknown: Decimal | None) -> None:
    heading = a_heading(spent_usd=Decimal("0.032"), unknown_usd=unknown, budget_usd=None)
    assert "SANDBOX   $0.032+ spent" in header_line(heading, 0, 80).plain
    assert "$0.032 spent" in header_line(replace(heading, unknown_usd=Decimal(0)), 0, 80).plain
    assert "unknown spent" in header_line(replace(heading, spent_usd=None), 0, 80).plain
    rounded = replace(heading, gone_usd=Decimal("0.032"), budget_usd=Decimal(5))
    assert "$0.032+ / $5.00" in header_line(rounded, 0, 80).plain


@given(name=st.text(max_size=80), profile=st.text(max_size=40), width=st.integers(70, 200))
def test_the_header_is_as_wide_as_the_terminal(name: str, profile: str, width: int) -> None:
    line = header_line(a_heading(project=name, profile=profile), 3, width).plain
    assert cell_len(line) == width
    assert "\n" not in line
    assert "\x1b" not in line


@given(
    gone=st.sampled_from(["3.41", "345.67", "12345.67"]),
    spent=st.sampled_from([None, Decimal("3.41")]),
    budget=st.sampled_from([None, "500.00", "50,000.00"]),
    rate=st.sampled_from([None, Decimal("26.4"), Decimal("1081.50")]),
    things=st.integers(0, 1),
    running=st.integers(0, 12),
    paused=st.integers(0, 2),
    where=st.sampled_from(["SANDBOX", "AWS", "AWS via bedrock.vpce-0123456789.example.com"]),
    read_only=st.booleans(),
    name=st.sampled_from(["x", "harbour-keywords", "항구 키워드"]),
    width=st.integers(60, 200),
)
def test_money_rate_and_counts_are_whole_or_not_there(
    gone: str, spent: Decimal | None, budget: str | None, rate: Decimal | None, things: int, running: int,
    paused: int, where: str, read_only: bool, name: str, width: int,
) -> None:  # fmt: skip
    heading = a_heading(
        project=name, spent_usd=spent, gone_usd=Decimal(gone), where=where, hourly_usd=rate,
        budget_usd=Decimal(budget.replace(",", "")) if budget else None, hourly_things=things,
    )  # fmt: skip
    line = header_line(heading, running, width, paused=paused, read_only=read_only).plain
    assert cell_len(line) == width
    assert f"  {money(heading)} " in line
    assert not things or f"  {hourly(heading, short=True)} " in line or f"  {hourly(heading)} " in line
    for symbol, word, count in (("●", "running", running), ("‖", "paused", paused)):
        assert (symbol in line) == (f"{symbol} {count} " in line)
        assert width < 120 or not count or f"  {symbol} {count} " in line
        assert word not in line or f"{symbol} {count} {word} " in line
    assert "AWS " in line or "SANDBOX " in line


@given(
    gone=st.sampled_from(["3.41", "1234.56"]),
    rate=st.sampled_from([None, Decimal("26.4")]),
    things=st.integers(0, 1),
    paused=st.integers(0, 2),
    where=st.sampled_from(["SANDBOX", "AWS via bedrock.vpce-0123456789.example.com"]),
    read_only=st.booleans(),
    width=st.integers(60, 140),
)
def test_whatever_there_is_to_tell_the_header_fits_and_money_is_whole(
    gone: str, rate: Decimal | None, things: int, paused: int, where: str, read_only: bool, width: int
) -> None:
    heading = a_heading(
        gone_usd=Decimal(gone), budget_usd=Decimal(5000), where=where, hourly_usd=rate, hourly_things=things
    )
    line = header_line(heading, 1, width, paused=paused, read_only=read_only).plain
    assert cell_len(line) == width
    assert "$5,000.00 " in line
    assert not things or "⚠ $26.40/h " in line or "unknown" in line


def test_words_give_way_to_their_symbols_before_the_project_has_no_name() -> None:
    heading = a_heading(gone_usd=Decimal("1234.56"), hourly_usd=Decimal("26.4"), hourly_things=1)
    line = header_line(heading, 1, 80, paused=2).plain
    assert line.endswith("⚠ $26.40/h  ● 1  ‖ 2 ")
    assert "harbour" in line
    assert "● 1 running  ‖ 2 paused" in header_line(heading, 1, 120, paused=2).plain


def test_escape_sequences_and_markup_in_a_name_are_text() -> None:
    line = header_line(a_heading(project="\x1b[31m[bold]x[/]"), 0, 120)
    assert "[bold]x[/]" in line.plain
    assert "\x1b" not in line.plain


@pytest.mark.parametrize("width", [60, 79, 80, 140])
def test_tabs_fit_and_name_the_active_screen(width: int) -> None:
    line = tabs_line("labeling", width).plain
    assert cell_len(line) <= width
    assert "3 Labeling" in line


@given(
    keys=st.lists(
        st.tuples(st.text("abcXYZ", min_size=1, max_size=6), st.text("word ", max_size=14)), max_size=14
    ),
    width=st.integers(60, 200),
)
def test_a_footer_never_wraps_and_keeps_its_last_two_keys(keys: list[tuple[str, str]], width: int) -> None:
    keys = [*keys, ("?", "help"), (":", "command")]
    line = footer_line(keys, width).plain
    assert cell_len(line) <= width
    assert "? help" in line
    assert ": command" in line


def test_a_footer_holds_eight_keys_at_most() -> None:
    keys = [(str(number), "x") for number in range(12)] + [("?", "help"), (":", "command")]
    assert len(footer_line(keys, 400).plain.split()) == 2 * 8


def test_an_account_is_told_by_its_ends() -> None:
    assert masked("111122223333") == "1111…3333"
    assert masked(None) == ""

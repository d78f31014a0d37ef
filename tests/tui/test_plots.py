"""Pictures made of characters: exact width for any numbers, and what they show."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from stillroom.cli.verbs.compare_ import histogram as on_the_command_line
from stillroom.tui.cells import cell_len
from stillroom.tui.plots import Bar, TimedStage, bars, histogram, sparkline, timeline

ANY = st.floats(allow_nan=True, allow_infinity=True)
WIDTHS = st.integers(0, 140)
NAMES = st.text(max_size=40)
STATES = st.sampled_from(["done", "running", "waiting", "paused", "failed", "stopped", "Resting"])


def drawn(lines: list[Content]) -> list[str]:
    return [line.plain for line in lines]


def widths(lines: list[Content]) -> set[int]:
    return {cell_len(line.plain) for line in lines}


@given(st.lists(st.none() | ANY, max_size=300), WIDTHS, st.booleans())
def test_a_sparkline_is_exactly_as_wide_as_asked(
    values: list[float | None], width: int, ascii_only: bool
) -> None:
    line = sparkline(values, width, ascii_only=ascii_only).plain
    assert cell_len(line) == width
    assert line.isascii() or not ascii_only


@given(st.lists(ANY, max_size=60), WIDTHS, st.integers(0, 6), st.none() | ANY, st.booleans())
def test_a_histogram_has_the_size_that_was_asked(
    counts: list[float], width: int, height: int, most: float | None, ascii_only: bool
) -> None:
    lines = histogram(counts, width, height=height, most=most, ascii_only=ascii_only)
    assert len(lines) == height
    assert widths(lines) <= {width}


@given(
    st.lists(st.builds(Bar, NAMES, st.none() | ANY, NAMES, st.none() | ANY), max_size=6),
    WIDTHS,
    st.booleans(),
)
def test_bars_are_exactly_as_wide_as_asked(rows: list[Bar], width: int, ascii_only: bool) -> None:
    lines = bars(rows, width, ascii_only=ascii_only)
    assert len(lines) == len(rows)
    assert widths(lines) <= {width}


@given(
    st.lists(st.builds(TimedStage, NAMES, STATES, st.none() | ANY, st.none() | ANY), max_size=5),
    WIDTHS,
    st.booleans(),
)
def test_a_timeline_is_exactly_as_wide_as_asked(
    stages: list[TimedStage], width: int, ascii_only: bool
) -> None:
    lines = timeline(stages, width, ascii_only=ascii_only)
    assert len(lines) == len(stages)
    assert widths(lines) <= {width}


def test_a_sparkline_shows_the_newest_at_the_right_and_the_largest_as_a_full_block() -> None:
    assert sparkline([0, 4, 8], 6).plain == "   ▁▅█"
    assert sparkline([0, 0], 3).plain == " ▁▁"
    assert sparkline([7, 7], 2).plain == "██"
    assert sparkline([1, math.nan, 1], 3).plain == "█ █"
    assert sparkline([0, 4, 8], 6, ascii_only=True).plain == "   .+@"


def test_a_long_course_is_drawn_as_means() -> None:
    assert sparkline([0, 0, 8, 8, 4, 4], 3).plain == "▁█▅"


def test_a_histogram_tells_empty_bins_from_nearly_empty_ones() -> None:
    assert drawn(histogram([0, 1, 1000], 3)) == [" ▁█"]
    assert drawn(histogram([0, 1, 2], 7, height=2)) == ["    ██ ", "  ████ "]


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(any))
def test_both_front_doors_draw_the_same_histogram(counts: list[int]) -> None:
    assert drawn(histogram(counts, len(counts))) == [on_the_command_line(counts)]


def test_histograms_with_the_same_scale_can_be_compared() -> None:
    assert drawn(histogram([5], 1, most=10)) != drawn(histogram([5], 1))


def test_a_count_far_beyond_the_shared_scale_is_a_full_column() -> None:
    assert drawn(histogram([1e246], 1, most=1e-61)) == ["█"]


def test_bins_that_do_not_fit_are_added_together() -> None:
    assert drawn(histogram([1, 1, 4, 4], 2)) == ["▂█"]


def test_bars_share_a_scale_and_their_numbers_stand_below_each_other() -> None:
    rows = [Bar("label", 4, "$4.00", mark=8), Bar("train", 8, "$8.00"), Bar("keep", None, "unknown")]
    lines = drawn(bars(rows, 32))
    assert lines[0].count("█") * 2 == lines[1].count("█")
    assert "│" in lines[0]
    assert [line[-7:].strip() for line in lines] == ["$4.00", "$8.00", "unknown"]


def test_what_is_not_zero_has_a_bar() -> None:
    assert "▏" in drawn(bars([Bar("a", 1000, ""), Bar("b", 0.001, "")], 40))[1]
    assert "#" in drawn(bars([Bar("a", 1000, ""), Bar("b", 0.001, "")], 40, ascii_only=True))[1]


def test_stages_follow_each_other_in_time() -> None:
    stages = [
        TimedStage("validation", "done", 300.0),
        TimedStage("training", "running", 300.0, 600.0),
        TimedStage("after", "waiting", None),
    ]
    first, second, third = drawn(timeline(stages, 60))
    assert first.startswith("✓ validation    5 m 00 s  ━")
    assert second.index("━") > first.rindex("━")
    assert second.count("╌") > second.count("━")
    assert third.strip() == "◌ after"

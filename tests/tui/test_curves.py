"""Loss curves: exact size for any numbers, round ticks, every curve told by its letter."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stillroom.tui.cells import cell_len
from stillroom.tui.curves import Series, curves, ticks

ANY = st.floats(allow_nan=True, allow_infinity=True)
POINTS = st.lists(st.tuples(ANY, ANY), max_size=40)
SERIES = st.lists(st.builds(Series, st.text(max_size=30), POINTS, POINTS), max_size=4)


def falling(steps: int, floor: float) -> list[tuple[float, float]]:
    return [(float(step), floor + 2 * math.exp(-4 * step / steps)) for step in range(steps)]


@given(SERIES, st.integers(0, 150), st.integers(0, 40), st.booleans())
def test_the_size_is_exactly_what_was_asked(
    series: list[Series], width: int, height: int, ascii_only: bool
) -> None:
    lines = curves(series, width, height, ascii_only=ascii_only)
    assert len(lines) == height
    assert {cell_len(line.plain) for line in lines} <= {width}


@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300), st.integers(1, 12))
@example(0.0, 5e-324, 1)
@example(0.0, 5e-324, 12)
def test_ticks_are_few_and_inside(one: float, other: float, most: int) -> None:
    low, high = min(one, other), max(one, other)
    found = ticks(low, high, most)
    assert len(found) <= most
    assert all(low - (high - low) * 1e-6 <= value <= high + (high - low) * 1e-6 for value in found)


def test_ticks_are_round() -> None:
    assert ticks(0.41, 2.8, 5) == [0.5, 1.0, 1.5, 2.0, 2.5]
    assert ticks(0, 375, 5) == [0, 100, 200, 300]
    assert ticks(0.2, 3.4, 12, least=1.0) == [1.0, 2.0, 3.0]


def test_every_curve_has_its_letter_and_validation_the_small_one() -> None:
    series = [
        Series("lite-300", falling(300, 0.6), [(100, 1.4), (200, 0.9)], 0.623),
        Series("lite-897", falling(900, 0.4), [(450, 0.8)], 0.412),
    ]
    text = "\n".join(line.plain for line in curves(series, 80, 16))
    for letter, least in (("A", 2), ("B", 2), ("a", 2), ("b", 1)):
        assert sum(line.count(letter) for line in text.split("\n")[2:]) >= least
    assert "A lite-300  last epoch 0.623" in text
    assert "b validation 0.800" in text


def test_the_number_does_not_hang_on_the_width() -> None:
    points = [*((float(step), 1.0) for step in range(999)), (999.0, 3.0)]
    for width in (60, 80, 200):
        first = curves([Series("a", points, (), 1.417)], width, 16)[0].plain
        assert first.strip() == "A a  last epoch 1.417"


def course(points: list[tuple[float, float]], width: int) -> list[float]:
    """The middle of what is drawn, in lines from the top, at some places from left to right."""
    lines = [line.plain for line in curves([Series("a", points)], width, 16)][1:-2]
    left = max(line.index("┤") for line in lines if "┤" in line) + 1
    dots: dict[int, list[int]] = {}
    for row, line in enumerate(lines):
        for column, character in enumerate(line[left:]):
            bits = ord(character) - 0x2800 if "\u2800" < character <= "\u28ff" else 0
            for x, ups in enumerate(((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))):
                for y, up in enumerate(ups):
                    if bits & up:
                        dots.setdefault(2 * column + x, []).append(4 * row + y)
    last = max(dots)
    seen = [dots[min(dots, key=lambda x: abs(x - last * part / 60))] for part in range(4, 54)]
    return [(min(column) + max(column)) / 8 for column in seen]


@pytest.mark.parametrize("steps", [54, 450])
def test_a_curve_has_one_shape_however_wide_it_is(steps: int) -> None:
    chance = random.Random(steps)
    points = [(step, loss + chance.gauss(0, 0.35)) for step, loss in falling(steps, 0.6)]
    for width in range(60, 120):
        pairs = zip(course(points, width), course(points, width + 1), strict=True)
        apart = [abs(one - other) for one, other in pairs]
        assert sum(apart) / len(apart) <= 0.35, f"other bumps at {width + 1} columns than at {width}"


def test_an_outlier_does_not_flatten_the_curve() -> None:
    points = falling(1000, 0.5)
    points[500] = (500.0, 1e6)
    text = "\n".join(line.plain for line in curves([Series("a", points)], 80, 12))
    assert "1.5 ┤" in text


@pytest.mark.parametrize(
    "points", [[(0.0, 0.5)], [(3.0, 0.5), (3.0, 0.5)], [(float(step), 0.5) for step in range(50)]]
)
def test_one_point_and_constant_losses_are_drawn(points: list[tuple[float, float]]) -> None:
    text = "\n".join(line.plain for line in curves([Series("a", points)], 60, 10))
    assert "0.5 ┤" in text
    assert text.count("A") == 2


def test_nothing_to_draw_says_so() -> None:
    for series in ([], [Series("a", [(0.0, math.nan)])]):
        lines = [line.plain for line in curves(series, 40, 5, nothing="no losses yet")]
        assert "".join(lines).strip() == "no losses yet"


def test_without_braille_all_is_ascii() -> None:
    series = [Series("a", falling(300, 0.6), [(100, 1.4)]), Series("b", falling(900, 0.4))]
    assert all(line.plain.isascii() for line in curves(series, 80, 16, ascii_only=True))

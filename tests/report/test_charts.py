"""Charts: scales, marks and curves of any length."""

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.report import LossCurve, LossPoint
from stillroom.report.drawing import buckets, steps
from stillroom.report.loss_chart import MOST_BUCKETS, loss_chart, losses
from stillroom.report.score_charts import histograms, intervals

from .reading import read
from .samples import points, result

NUMBERS = {"untuned": 0, "lite-300": 1, "lite-900": 2}
VALUES = st.floats(-1e3, 1e3)


def paths(chart: str, kind: str) -> list[str]:
    return re.findall(rf'<path class="{kind} run-\d" d="([^"]*)"', chart)


def test_one_point_is_a_mark_and_a_name() -> None:
    chart = loss_chart([LossCurve("lite-300", (LossPoint(0, 0, 2.31),))], NUMBERS)
    page = read(chart)
    assert paths(chart, "training") == []
    assert page.tags.count("use") == 1
    assert "lite-300 2.31" in page.text
    assert "nan" not in chart.lower()


@pytest.mark.parametrize("count", [2, 40, MOST_BUCKETS, MOST_BUCKETS + 1, 4_500])
def test_a_long_curve_is_drawn_with_few_points(count: int) -> None:
    chart = loss_chart([LossCurve("lite-900", points(count, 2))], NUMBERS)
    (drawn,) = paths(chart, "training")
    assert drawn.count("L") + 1 == min(count, MOST_BUCKETS)
    assert len(paths(chart, "range")) == (count > MOST_BUCKETS)
    assert len(chart) < 12_000
    page = read(chart)
    assert re.findall("end of epoch [0-9]+", page.text) == [
        "end of epoch 1",
        "end of epoch 2",
    ]


def test_a_curve_keeps_within_the_chart_whatever_its_values() -> None:
    given_curve = LossCurve("lite-300", tuple(LossPoint(step, 0, 1e6 * (step % 3)) for step in range(50)))
    (drawn,) = paths(loss_chart([given_curve], NUMBERS), "training")
    places = [tuple(map(float, place.split())) for place in drawn[1:].split("L")]
    assert min(x for x, _ in places) == 0
    assert max(x for x, _ in places) == 1000
    assert all(0 <= y <= 300 for _, y in places)


def test_an_outlier_does_not_flatten_a_long_curve() -> None:
    plain = [LossPoint(step, 0, 2 - step / 1000) for step in range(1000)]
    plain[500] = LossPoint(500, 0, 1e9)
    chart = loss_chart([LossCurve("lite-300", tuple(plain))], NUMBERS)
    assert "1.2" in read(chart).text
    assert "e+" not in read(chart).text


def test_several_students_differ_by_class_and_by_mark() -> None:
    curves = [
        LossCurve("lite-300", points(20, 2), (LossPoint(9, 0, 1.9), LossPoint(19, 1, 1.7))),
        LossCurve("lite-900", points(60, 2), points(40)),
    ]
    chart = loss_chart(curves, NUMBERS)
    page = read(chart)
    assert {"run-1", "run-2"} <= set(re.findall(r"run-\d", chart))
    assert {"#mark-1", "#mark-2"} == set(page.references)
    assert len(paths(chart, "validation")) == 2
    assert chart.count("mark hollow run-1") == 2
    assert chart.count("mark hollow run-2") == 1
    for name in ("lite-300 1.32", "lite-300 validation 1.70", "lite-900", "training step", "loss"):
        assert name in page.text


def test_what_is_not_finite_is_left_out() -> None:
    bad = LossCurve("lite-300", (LossPoint(0, 0, math.nan), LossPoint(1, 0, math.inf)))
    assert loss_chart([bad], NUMBERS) == ""
    assert losses(bad) is None
    mixed = LossCurve("lite-300", (LossPoint(0, 0, 2.0), LossPoint(1, 0, math.nan), LossPoint(2, 1, 1.0)))
    assert "nan" not in loss_chart([mixed], NUMBERS).lower()
    found = losses(mixed)
    assert found is not None
    assert (found.steps, found.epochs, found.first, found.last, found.validation) == (2, 2, 2.0, 1.0, None)
    assert loss_chart([], NUMBERS) == ""


def test_names_at_the_same_end_are_apart() -> None:
    curves = [LossCurve(name, (LossPoint(0, 0, 2), LossPoint(9, 0, 1.0))) for name in NUMBERS]
    chart = loss_chart(curves, NUMBERS)
    heights = [float(y) for y in re.findall(r'<text class="end[^"]*" x="[^"]*" y="([^"]*)"', chart)]
    assert len(heights) == 3
    assert all(abs(one - other) >= 15 for one, other in pairwise(heights))


def test_bars_lie_on_the_shared_axis() -> None:
    chart = histograms([result("untuned", 0.21, None), result("lite-900", 0.99, 900)])
    bars = re.findall(
        r'<rect class="bar (run-\d)" x="([\d.]+)%" y="([\d.]+)" width="([\d.]+)%" height="([\d.]+)"', chart
    )
    assert [(run, float(x)) for run, x, *_ in bars] == [("run-0", 20.2), ("run-1", 95.2)]
    assert {(width, height) for *_, width, height in bars} == {("4.60", "56.0")}
    assert "0.20–0.25: 100 pictures" in read(chart).text


def test_an_interval_lies_where_it_says() -> None:
    chart = intervals([result("untuned", 0.21, None)])
    assert 'class="interval run-0" x="19.00%"' in chart
    assert 'width="4.00%"' in chart
    assert "0.210 [0.190, 0.230]" in read(chart).text


def test_no_interval_is_drawn_where_there_is_none() -> None:
    chart = intervals([result("untuned", 0.21, None, half=None)])
    assert "interval run-0" not in chart
    assert "0.210" in read(chart).text
    assert "[" not in read(chart).text


@given(st.lists(VALUES, min_size=1, max_size=500), st.integers(1, 50))
def test_buckets_keep_range_and_order(values: list[float], most: int) -> None:
    made = buckets(list(enumerate(values)), most)
    assert len(made) == min(most, len(values))
    assert min(bucket.low for bucket in made) == min(values)
    assert max(bucket.high for bucket in made) == max(values)
    assert [bucket.x for bucket in made] == sorted(bucket.x for bucket in made)
    assert all(bucket.low - 1e-9 <= bucket.mean <= bucket.high + 1e-9 for bucket in made)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(1, 10))
def test_ticks_lie_inside_and_are_few(low: float, size: float, about: int) -> None:
    ticks = steps(low, low + size, about)
    assert len(ticks) <= about + 1
    assert all(low - size * 1e-6 <= tick <= low + size * 1.000001 for tick in ticks)
    assert ticks == sorted(ticks)

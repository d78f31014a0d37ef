"""Statistics of a run."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.comparison import HISTOGRAM_BINS, RESAMPLES, Summary
from stillroom.comparison.scoring import score_pairs
from stillroom.comparison.summary import interval_of_mean, summarise

WORDS = st.lists(st.sampled_from("abcdefgh"), max_size=8).map("\n".join)
ANSWERS = st.lists(st.tuples(st.none() | WORDS, st.none() | WORDS), max_size=60)


def summary_of(pairs: list[tuple[str | None, str | None]]) -> Summary:
    scores = score_pairs([teacher for teacher, _ in pairs], [student for _, student in pairs])
    return summarise(scores, resamples=499)


@settings(max_examples=60)
@given(ANSWERS)
def test_every_picture_is_accounted_for(pairs: list[tuple[str | None, str | None]]) -> None:
    summary = summary_of(pairs)
    assert summary.pictures + summary.missing + summary.unlabeled == len(pairs)
    assert sum(summary.histogram) == summary.pictures
    assert len(summary.histogram) == HISTOGRAM_BINS
    assert (summary.jaccard is None) == (summary.pictures == 0)
    assert bool(summary.warning) == (summary.pictures < 30)


@settings(max_examples=60)
@given(ANSWERS)
def test_the_interval_contains_the_mean_and_percentiles_ascend(
    pairs: list[tuple[str | None, str | None]],
) -> None:
    summary = summary_of(pairs)
    spread = summary.jaccard
    if spread is not None:
        assert (spread.low is None) == (spread.high is None) == (summary.pictures < 2)
        if spread.low is not None and spread.high is not None:
            assert 0 <= spread.low <= spread.mean <= spread.high <= 1
        assert 0 <= spread.p10 <= spread.p50 <= spread.p90 <= 1


def test_the_same_scores_give_the_same_summary_and_another_seed_another_interval() -> None:
    chance = np.random.default_rng(3)
    values = np.round(chance.random(80), 2)
    assert interval_of_mean(values) == interval_of_mean(values.copy())
    assert interval_of_mean(values) != interval_of_mean(values, seed=4)
    assert RESAMPLES >= 9_999


@pytest.mark.parametrize("different", [5, 400])
def test_the_interval_is_that_of_theory(different: int) -> None:
    """Both ways to draw against the normal approximation, which is close for 2,000 bounded values."""
    values = np.random.default_rng(1).integers(0, different, 2_000) / different
    low, high = interval_of_mean(values)
    half = 1.96 * values.std() / np.sqrt(len(values))
    assert low == pytest.approx(values.mean() - half, abs=half * 0.05)
    assert high == pytest.approx(values.mean() + half, abs=half * 0.05)


def test_equal_scores_have_an_interval_without_width() -> None:
    spread = summary_of([("a\nb\nc", "a")] * 37).jaccard
    assert spread is not None
    assert spread.low <= spread.mean <= spread.high
    assert (spread.low, spread.high) == pytest.approx((1 / 3, 1 / 3))


def test_the_numbers_of_a_small_run() -> None:
    summary = summary_of(
        [
            ("a\nb\nc\nd", "a\nb"),  # J 1/2, P 1, R 1/2
            ("a\nb", "a\nb\nc\nd"),  # J 1/2, P 1/2, R 1
            ("a\nb", ""),  # failed
            ("", ""),  # both empty: 1
            ("a", None),
            (None, "a"),
        ]
    )
    assert (summary.pictures, summary.failed, summary.missing, summary.unlabeled) == (4, 1, 1, 1)
    assert summary.both_empty == 1
    assert summary.jaccard is not None
    assert summary.jaccard.mean == pytest.approx((0.5 + 0.5 + 0 + 1) / 4)
    assert summary.precision == pytest.approx((1 + 0.5 + 0 + 1) / 4)
    assert summary.recall == pytest.approx((0.5 + 1 + 0 + 1) / 4)
    assert summary.f1 == pytest.approx((2 / 3 + 2 / 3 + 0 + 1) / 4)
    assert summary.micro_jaccard == pytest.approx(4 / 10)
    assert summary.size_ratio == pytest.approx(6 / 6)
    assert summary.warning == "Only 4 pictures compared: below 30 the interval says little."


def test_a_run_without_pictures_has_no_means() -> None:
    summary = summary_of([("a", None)])
    assert summary.jaccard is summary.precision is summary.micro_jaccard is summary.size_ratio is None
    assert summary.warning == "No picture has been compared."
    assert sum(summary.histogram) == 0


def test_one_picture_is_named_in_the_singular() -> None:
    assert summary_of([("a", "a")]).warning == "Only 1 picture compared: too few for an interval."


def test_one_picture_has_no_interval() -> None:
    one = summary_of([("a\nb", "a")]).jaccard
    assert one is not None
    assert (one.mean, one.low, one.high, one.p50) == (0.5, None, None, 0.5)
    two = summary_of([("a\nb", "a")] * 2).jaccard
    assert two is not None
    assert (two.low, two.high) == (0.5, 0.5)


def test_only_empty_lists_agree() -> None:
    summary = summary_of([("", "")] * 2)
    assert summary.micro_jaccard == 1
    assert summary.size_ratio is None
    assert summary.histogram[-1] == 2


def test_bins_begin_at_their_own_edge() -> None:
    """3/10 is in the bin from 0.30 to 0.35, although 0.3 < 6 * 0.05 in floating point."""
    teacher = "\n".join("abcdefghij")
    summary = summary_of([(teacher, "a\nb\nc"), (teacher, "k"), (teacher, teacher)])
    assert [place for place, count in enumerate(summary.histogram) if count] == [0, 6, 19]


def test_a_summary_is_a_plain_value() -> None:
    given_values = dataclasses.asdict(summary_of([("a", "a"), ("a", "b")]))
    assert all(type(value) in {int, float} for value in given_values["jaccard"].values())
    assert all(type(count) is int for count in given_values["histogram"])

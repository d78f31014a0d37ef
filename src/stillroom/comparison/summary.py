"""Statistics of a run. Imports numpy: import this module where summaries are computed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stillroom.comparison.scoring import PictureScores, Scores
from stillroom.comparison.values import (
    HISTOGRAM_BINS,
    LEAST_FOR_INTERVAL,
    RESAMPLES,
    SMALL_SAMPLE,
    Spread,
    State,
    Summary,
)

SEED = 20_250_501
_COUNT_COST = 8
"""Drawing one multinomial count takes about as long as drawing so many pictures."""
_CELLS = 1 << 20
"""Numbers drawn at a time: bounds the memory of the bootstrap at some 16 MiB."""


def summarise(scores: PictureScores, *, resamples: int = RESAMPLES, seed: int = SEED) -> Summary:
    """Sum up one run.

    Args:
        scores: The run, from ``score_runs`` or ``score_pairs``.
        resamples: Bootstrap resamples for the interval of the mean.
        seed: Seed of the resampling: the same scores always give the same interval.

    Returns:
        Means, interval, percentiles and histogram; the means are None when no picture counts.
    """
    counted = scores.counted
    pictures = int(np.count_nonzero(counted))
    jaccard = scores.jaccard[counted]
    union = int(scores.union.sum())
    return Summary(
        pictures=pictures,
        failed=scores.count(State.FAILED),
        missing=scores.count(State.MISSING),
        unlabeled=scores.count(State.UNLABELED),
        both_empty=int(np.count_nonzero(counted & (scores.union == 0))),
        jaccard=_spread(jaccard, resamples, seed) if pictures else None,
        precision=_mean(scores.precision[counted]),
        recall=_mean(scores.recall[counted]),
        f1=_mean(scores.f1[counted]),
        micro_jaccard=(int(scores.shared.sum()) / union if union else 1.0) if pictures else None,
        size_ratio=_size_ratio(scores),
        histogram=_histogram(scores),
        warning=_warning(pictures),
    )


def interval_of_mean(values: Scores, *, resamples: int = RESAMPLES, seed: int = SEED) -> tuple[float, float]:
    """95 % percentile bootstrap interval of the mean.

    A resample draws n pictures with replacement. Its mean is told completely by how often each *different*
    score comes up, and these counts are multinomial. Scores are ratios of small numbers, so few of many
    differ: drawing the counts gives the very same distribution in a fraction of the time. Where most scores
    differ, pictures are drawn.

    Args:
        values: Scores of the counted pictures, at least one.
        resamples: How many resamples.
        seed: Seed of the resampling.

    Returns:
        The 2.5th and 97.5th percentiles of the resampled means.
    """
    generator = np.random.default_rng(seed)
    different, counts = np.unique(values, return_counts=True)
    by_counts = len(different) * _COUNT_COST < len(values)
    step = max(1, _CELLS // (len(different) if by_counts else len(values)))
    sizes = [min(step, resamples - start) for start in range(0, resamples, step)]
    if by_counts:
        shares = counts / len(values)
        parts = [generator.multinomial(len(values), shares, size) @ different / len(values) for size in sizes]
    else:
        shape = [(size, len(values)) for size in sizes]
        parts = [values[generator.integers(0, len(values), drawn)].mean(axis=1) for drawn in shape]
    means = np.concatenate(parts)
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)


def _spread(jaccard: Scores, resamples: int, seed: int) -> Spread:
    mean = float(jaccard.mean())
    p10, p50, p90 = (float(value) for value in np.percentile(jaccard, (10, 50, 90)))
    if len(jaccard) < LEAST_FOR_INTERVAL:
        return Spread(mean, None, None, p10, p50, p90)
    low, high = interval_of_mean(jaccard, resamples=resamples, seed=seed)
    # Sums in another order differ in the last bit: equal scores would leave their own mean outside.
    return Spread(mean, max(0.0, min(low, mean)), min(1.0, max(high, mean)), p10, p50, p90)


def _mean(values: Scores) -> float | None:
    return float(values.mean()) if len(values) else None


def _size_ratio(scores: PictureScores) -> float | None:
    answered = scores.codes == scores.code_of(State.SCORED)
    taught = int(scores.teacher_size[answered].sum())
    return int(scores.student_size[answered].sum()) / taught if taught else None


def _histogram(scores: PictureScores) -> tuple[int, ...]:
    counted = scores.counted
    shared: npt.NDArray[np.int64] = scores.shared[counted].astype(np.int64)
    union: npt.NDArray[np.int64] = scores.union[counted].astype(np.int64)
    # In whole numbers, so that 3/10 is in the bin that begins at 0.3 on every machine.
    bins = np.where(union == 0, HISTOGRAM_BINS, shared * HISTOGRAM_BINS // np.maximum(union, 1))
    counts = np.bincount(np.minimum(bins, HISTOGRAM_BINS - 1), minlength=HISTOGRAM_BINS)
    return tuple(int(count) for count in counts)


def _warning(pictures: int) -> str:
    if pictures == 0:
        return "No picture has been compared."
    if pictures < LEAST_FOR_INTERVAL:
        return f"Only {pictures} picture compared: too few for an interval."
    if pictures < SMALL_SAMPLE:
        noun = "picture" if pictures == 1 else "pictures"
        return f"Only {pictures} {noun} compared: below {SMALL_SAMPLE} the interval says little."
    return ""

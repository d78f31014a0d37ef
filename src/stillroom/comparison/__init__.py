"""Comparison: how close a student's keywords come to the teacher's.

The values here are light. The sums need numpy and live in ``comparison.scoring`` and ``comparison.summary``,
which callers import when they are about to compute.
"""

from stillroom.comparison.details import detail, gather
from stillroom.comparison.values import (
    HISTOGRAM_BINS,
    RESAMPLES,
    SMALL_SAMPLE,
    Detail,
    Extremes,
    Spread,
    State,
    Summary,
)

__all__ = [
    "HISTOGRAM_BINS",
    "RESAMPLES",
    "SMALL_SAMPLE",
    "Detail",
    "Extremes",
    "Spread",
    "State",
    "Summary",
    "detail",
    "gather",
]

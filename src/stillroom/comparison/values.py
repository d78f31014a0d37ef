"""What a comparison says: about one picture, and about a run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

HISTOGRAM_BINS = 20
"""Every histogram has so many equal bins from 0 to 1, so that all runs share one axis."""

RESAMPLES = 9_999
"""Bootstrap resamples behind an interval, unless a caller asks for others."""

LEAST_FOR_INTERVAL = 2
"""One picture drawn again and again is always the same one: its interval would have no width."""

SMALL_SAMPLE = 30
"""Below so many scored pictures an interval misleads, and the summary says so."""


class State(StrEnum):
    """What a picture is to a run. The words are stored and shown: never rename."""

    SCORED = "scored"
    """Teacher and student both gave keywords (or both gave none)."""
    FAILED = "failed"
    """The student was asked and gave nothing usable: counts, with score 0."""
    MISSING = "missing"
    """The student was never asked: left out of every mean."""
    UNLABELED = "unlabeled"
    """The teacher has no answer to compare with: left out of every mean."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One student's keywords for one picture beside the teacher's."""

    shared: tuple[str, ...]
    """Words of both, in the teacher's order."""
    missing: tuple[str, ...]
    """Words of the teacher alone, in the teacher's order."""
    extra: tuple[str, ...]
    """Words of the student alone, in the student's order."""

    @property
    def jaccard(self) -> float:
        """Shared words over all words, 0–1. Two empty lists agree: 1."""
        union = len(self.shared) + len(self.missing) + len(self.extra)
        return len(self.shared) / union if union else 1.0

    @property
    def precision(self) -> float:
        """Shared words over the student's, 0–1. One empty list: 0; both empty: 1."""
        return self._share(len(self.shared) + len(self.extra))

    @property
    def recall(self) -> float:
        """Shared words over the teacher's, 0–1. One empty list: 0; both empty: 1."""
        return self._share(len(self.shared) + len(self.missing))

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0–1; the same as 2J / (1 + J)."""
        return 2 * self.jaccard / (1 + self.jaccard)

    def _share(self, size: int) -> float:
        if size:
            return len(self.shared) / size
        return 0.0 if self.missing or self.extra else 1.0


@dataclass(frozen=True, slots=True)
class Spread:
    """The Jaccard scores of one run. All values 0–1."""

    mean: float
    low: float | None
    """Lower end of the 95 % bootstrap interval of the mean; None: too few pictures for one."""
    high: float | None
    """Upper end of the 95 % bootstrap interval of the mean; None: too few pictures for one."""
    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class Summary:
    """One run against the teacher.

    Means are macro: every picture weighs the same. ``micro_jaccard`` pools the words of all pictures, so that
    long lists weigh more.
    """

    pictures: int
    """Pictures that count: scored and failed ones."""
    failed: int
    """Of them, asked without a usable answer; each counts as 0."""
    missing: int
    """Never asked; left out."""
    unlabeled: int
    """Without a teacher's answer; left out."""
    both_empty: int
    """Counted pictures for which both lists are empty; each counts as 1."""
    jaccard: Spread | None
    """None when no picture counts."""
    precision: float | None
    recall: float | None
    f1: float | None
    micro_jaccard: float | None
    size_ratio: float | None
    """The student's keywords over the teacher's, pooled over answered pictures; None where undefined."""
    histogram: tuple[int, ...]
    """Pictures by Jaccard in ``HISTOGRAM_BINS`` bins from 0 to 1, the last with 1; sums to ``pictures``."""
    warning: str
    """One line when there are too few pictures to trust the interval, otherwise empty."""


@dataclass(frozen=True, slots=True)
class Extremes:
    """Positions of the pictures with the highest and the lowest scores. No picture is in both."""

    best: tuple[int, ...]
    """Highest first; equal scores in order of position."""
    worst: tuple[int, ...]
    """Lowest first; equal scores in order of position."""

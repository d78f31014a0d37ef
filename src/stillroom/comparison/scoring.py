"""Scores of whole runs, picture by picture. Imports numpy: import this module where scores are computed.

All arrays of a comparison have the length and the order of the compared pictures, also where a run has no
answer. Statistics that need the same picture in two runs (paired differences, the teacher's ceiling) can take
them as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stillroom.comparison.values import Extremes, State

Counts = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_UNLABELED, _MISSING, _FAILED, _SCORED = range(4)
_STATES = (State.UNLABELED, State.MISSING, State.FAILED, State.SCORED)


@dataclass(frozen=True, slots=True, eq=False)
class PictureScores:
    """One run against the teacher, picture by picture. All arrays have one element a compared picture."""

    codes: npt.NDArray[np.int8]
    """What each picture is to the run; read it through ``state`` and ``counted``."""
    shared: Counts
    """Words that both gave; 0 where the picture does not count."""
    teacher_size: Counts
    """Different words of the teacher; 0 where the picture does not count."""
    student_size: Counts
    """Different words of the student; 0 where the picture does not count."""

    def __len__(self) -> int:
        return len(self.codes)

    def state(self, position: int) -> State:
        """What the picture at this position is to the run."""
        return _STATES[int(self.codes[position])]

    @staticmethod
    def code_of(state: State) -> int:
        """How ``codes`` writes this state."""
        return _STATES.index(state)

    def count(self, state: State) -> int:
        """How many pictures are in this state."""
        return int(np.count_nonzero(self.codes == self.code_of(state)))

    @property
    def counted(self) -> Mask:
        """True for pictures that enter the means: scored and failed ones."""
        return self.codes >= _FAILED

    @property
    def union(self) -> Counts:
        """Different words of both together."""
        return self.teacher_size + self.student_size - self.shared

    @property
    def jaccard(self) -> Scores:
        """Shared words over all words, 0–1; NaN where the picture does not count."""
        return self._ratio(self.shared, self.union)

    @property
    def precision(self) -> Scores:
        """Shared words over the student's, 0–1; NaN where the picture does not count."""
        return self._ratio(self.shared, self.student_size)

    @property
    def recall(self) -> Scores:
        """Shared words over the teacher's, 0–1; NaN where the picture does not count."""
        return self._ratio(self.shared, self.teacher_size)

    @property
    def f1(self) -> Scores:
        """Harmonic mean of precision and recall, 2J / (1 + J), 0–1; NaN where the picture does not count."""
        return self._ratio(2 * self.shared, self.teacher_size + self.student_size)

    def _ratio(self, part: Counts, whole: Counts) -> Scores:
        # Where the whole is empty: 1 when both lists are empty (they agree), 0 when only one of them is.
        ratio = np.where(self.union == 0, 1.0, 0.0)
        np.divide(part, whole, out=ratio, where=whole > 0)
        ratio[~self.counted] = np.nan
        return ratio


def score_pairs(teacher: Sequence[str | None], student: Sequence[str | None]) -> PictureScores:
    """Score one run; see ``score_runs``."""
    return score_runs(teacher, {"": student})[""]


def score_runs(
    teacher: Sequence[str | None], students: Mapping[str, Sequence[str | None]]
) -> dict[str, PictureScores]:
    """Compare the keywords of every run with the teacher's.

    Keywords come in their stored form: normalised words joined by ``\\n``. A word that was stored twice
    counts once. Two empty lists agree and score 1; when one is empty the score is 0.

    Args:
        teacher: The teacher's keywords for each compared picture. None: there is no label, and the picture is
            left out of every run. ``""``: the teacher found nothing to say, which is a label.
        students: For each run its keywords for the same pictures in the same order. None: never asked, left
            out and counted as missing. ``""``: asked without a usable answer, scored 0 and counted as failed
            (but 1 where the teacher's list is empty too).

    Returns:
        The scores of each run, in the order of ``students``.

    Raises:
        ValueError: A run has not as many pictures as the teacher.
    """
    for name, answers in students.items():
        if len(answers) != len(teacher):
            raise ValueError(f"run {name!r} has {len(answers)} pictures, the teacher {len(teacher)}")
    columns = {name: _Columns() for name in students}
    for start in range(0, len(teacher), _BLOCK):
        block = slice(start, start + _BLOCK)
        taught = _sets(teacher[block])
        for name, answers in students.items():
            columns[name].extend(taught, _sets(answers[block]))
    labeled = np.array([label is not None for label in teacher], dtype=np.bool_)
    return {name: columns[name].scores(labeled, answers) for name, answers in students.items()}


# The teacher's sets are built once for all runs, and no more than a block's sets are alive at a time: memory
# stays flat, and the garbage collector has little to walk through (it would take longer than the sums).
_BLOCK = 256
_EMPTY: frozenset[str] = frozenset()


def _sets(stored: Sequence[str | None]) -> list[Set[str]]:
    return [set(text.split("\n")) if text else _EMPTY for text in stored]


class _Columns:
    """The growing columns of one run."""

    __slots__ = ("shared", "student_size", "teacher_size")

    def __init__(self) -> None:
        self.shared: list[int] = []
        self.teacher_size: list[int] = []
        self.student_size: list[int] = []

    def extend(self, taught: list[Set[str]], given: list[Set[str]]) -> None:
        self.shared.extend([len(one & other) for one, other in zip(taught, given, strict=True)])
        self.teacher_size.extend(map(len, taught))
        self.student_size.extend(map(len, given))

    def scores(self, labeled: Mask, answers: Sequence[str | None]) -> PictureScores:
        asked = np.array([answer is not None for answer in answers], dtype=np.bool_)
        counted = labeled & asked
        shared, taught, given = (
            np.where(counted, np.array(column, dtype=np.int32), np.int32(0))
            for column in (self.shared, self.teacher_size, self.student_size)
        )
        codes = np.full(len(labeled), _SCORED, dtype=np.int8)
        codes[(given == 0) & (taught > 0)] = _FAILED
        codes[~asked] = _MISSING
        codes[~labeled] = _UNLABELED
        return PictureScores(codes, shared, taught, given)


def extremes(scores: PictureScores, count: int) -> Extremes:
    """Find the pictures with the highest and the lowest Jaccard of a run.

    Args:
        scores: The run.
        count: How many pictures at each end. With fewer than ``2 * count`` counted pictures the best take the
            larger half, so that no picture is shown as both.

    Returns:
        Positions in the compared pictures.
    """
    values = scores.jaccard
    places = np.flatnonzero(scores.counted)
    ascending = places[np.argsort(values[places], kind="stable")]
    descending = places[np.argsort(-values[places], kind="stable")]
    best = tuple(int(place) for place in descending[: min(count, (len(places) + 1) // 2)])
    worst = tuple(int(place) for place in ascending[: 2 * count] if int(place) not in best)[:count]
    return Extremes(best=best, worst=worst)

"""Contrasting: the test pictures one by one, the teacher's keywords beside every student's.

Computing imports numpy; what comes of it are plain values that a screen reads without.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isnan

from stillroom.comparison import State, detail
from stillroom.steps.comparing import CompareResult, RunScore, gathered, outdated_among, scored
from stillroom.steps.present import present_specs
from stillroom.steps.workspace import Workspace
from stillroom.store.one_picture import OnePicture, Said

__all__ = ["Case", "Column", "Contrast", "Found", "Said", "Sort", "contrast", "said_about"]


class Sort(StrEnum):
    """Which picture comes first."""

    WORST = "worst first"
    BEST = "best first"
    GAIN = "largest gain"
    """Where the run is ahead of the other one by most."""
    LOSS = "largest loss"
    NAME = "by name"


@dataclass(frozen=True, slots=True)
class Found:
    """One of the teacher's words that at least one run found."""

    word: str
    by: tuple[int, ...]
    """Positions of the runs that found it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One run about one picture."""

    name: str
    state: State
    jaccard: float | None
    """0–1; None: the picture does not count for this run."""
    extra: tuple[str, ...]
    """Words of the run alone, in its order."""


@dataclass(frozen=True, slots=True)
class Case:
    """One test picture."""

    path: str
    content: str
    both: tuple[Found, ...]
    """Words of the teacher that a run found, too, in the teacher's order."""
    missing: tuple[str, ...]
    """Words of the teacher that no run found."""
    runs: tuple[Column, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """All test pictures that the teacher has labeled, in the order of the store, and some runs."""

    runs: tuple[RunScore, ...]
    """Untuned first, then students by size."""
    paths: tuple[str, ...]
    contents: tuple[str, ...]
    teacher: tuple[str, ...]
    """Keywords joined by newlines."""
    answers: tuple[tuple[str | None, ...], ...]
    """For each run its keywords, one string a picture; None: never asked, empty: nothing usable."""
    scores: tuple[array[float], ...]
    """For each run its Jaccard with the teacher, one number a picture; NaN where it does not count."""

    outdated: tuple[str, ...] = ()
    """Runs of students that learnt from other records than the present labels and settings make."""

    def __len__(self) -> int:
        return len(self.paths)

    def pair(self, chosen: int | None, other: int) -> tuple[int, int]:
        """Positions of a run, None the last one, and of another one: not the same while there are two."""
        last = len(self.runs) - 1
        run, other = last if chosen is None else min(chosen, last), min(other, last)
        return run, other if other != run else (run + 1) % (last + 1)

    def after(self, place: int, *, but: int) -> list[int]:
        """Positions of the other runs, from the one after ``place`` on and around, without one."""
        count = len(self.runs)
        return [at % count for at in range(place + 1, place + count) if at % count != but]

    def named(self, part: str, order: Sequence[int], place: int) -> int | None:
        """The next place of an order, from the one after ``place`` on and around, with a part in its name."""
        wanted, count = part.casefold(), len(order)
        around = (at % count for at in range(place + 1, place + 1 + count))
        return next((at for at in around if wanted in self.paths[order[at]].casefold()), None)

    def case(self, position: int) -> Case:
        """One picture with everybody's words."""
        teacher = self.teacher[position]
        columns: list[Column] = []
        finders: dict[str, list[int]] = {word: [] for word in teacher.split("\n") if word}
        for number, (run, answers, scores) in enumerate(
            zip(self.runs, self.answers, self.scores, strict=True)
        ):
            answer, score = answers[position], scores[position]
            words = detail(teacher, answer or "")
            for word in words.shared:
                finders[word].append(number)
            state = State.MISSING if answer is None else State.SCORED
            if answer == "" and teacher:
                state = State.FAILED
            columns.append(Column(run.name, state, None if isnan(score) else score, words.extra))
        return Case(
            path=self.paths[position],
            content=self.contents[position],
            both=tuple(Found(word, tuple(by)) for word, by in finders.items() if by),
            missing=tuple(word for word, by in finders.items() if not by),
            runs=tuple(columns),
        )

    def order(self, sort: Sort, run: int = -1, other: int = 0) -> list[int]:
        """Positions in an order; equal ones by name, pictures that do not count last.

        Args:
            sort: Which order.
            run: Position of the run that is sorted by.
            other: Position of the run that gain and loss are measured against.
        """
        by_name = sorted(range(len(self)), key=lambda place: (self.paths[place].casefold(), place))
        if sort is Sort.NAME or not self.runs:
            return by_name
        scores, before = self.scores[run], self.scores[other]
        value: Callable[[int], float] = {
            Sort.WORST: lambda place: scores[place],
            Sort.BEST: lambda place: -scores[place],
            Sort.GAIN: lambda place: before[place] - scores[place],
            Sort.LOSS: lambda place: scores[place] - before[place],
        }[sort]

        def key(place: int) -> tuple[bool, float]:
            found = value(place)
            return (True, 0.0) if isnan(found) else (False, found)

        return sorted(by_name, key=key)


def contrast(workspace: Workspace, names: Sequence[str] = ()) -> Contrast:
    """Gather and score; asks nobody and stores no score.

    Args:
        workspace: The project.
        names: Runs, as ``stillroom compare`` takes them; empty: untuned and every student.

    Raises:
        UsageError: Nobody has been asked, the teacher has labeled no test picture, or there is no such run.
    """
    field = gathered(workspace, names)
    result: CompareResult = scored(workspace, field)
    keys = [str(run.id) for run in field.runs]
    return Contrast(
        runs=result.runs,
        paths=tuple(row.path for row in field.rows),
        contents=tuple(row.content for row in field.rows),
        teacher=tuple(label or "" for label in field.teacher),
        answers=tuple(tuple(field.students[key]) for key in keys),
        scores=tuple(array("d", field.scores[key].jaccard.tolist()) for key in keys),
        outdated=outdated_among(workspace, field.runs),
    )


def said_about(workspace: Workspace, content: str) -> list[Said]:
    """Everybody's own words about one picture, the teacher's first; who was never asked is left out."""
    said = OnePicture(workspace.store.database).said(content, present_specs(workspace))
    return [one for one in said if one.state is not None]

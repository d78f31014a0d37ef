"""The teacher's labels: its own run's, and imported ones where it was never asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from stillroom.pictures import Side
from stillroom.plural import plural
from stillroom.steps.judging import judge_anew
from stillroom.steps.targets import TEACHER, target
from stillroom.steps.workspace import Workspace
from stillroom.store import IMPORTED, ContentRow, Run

_RECORDED: Final = (Side.TRAIN, Side.VALIDATION)
"""Sides that records are made of."""


def teacher_runs(workspace: Workspace) -> list[Run]:
    """The runs whose answers are labels, the teacher's own first."""
    own = workspace.store.runs.find(target(workspace, TEACHER).spec)
    taken_in = workspace.store.runs.find(IMPORTED)
    return [run for run in (own, taken_in) if run is not None]


def labels(workspace: Workspace, contents: list[str]) -> list[str | None]:
    """The teacher's keywords (joined by newlines) for each of ``contents``; None where there are none."""
    runs = teacher_runs(workspace)
    for run in runs:
        judge_anew(workspace, run)
    columns = workspace.store.answers.keyword_strings([run.id for run in runs], contents)
    if not columns:
        return [None] * len(contents)
    return [
        next((found for found in cells if found is not None), None) for cells in zip(*columns, strict=True)
    ]


def imported_contents(workspace: Workspace) -> set[str]:
    """Contents whose label was imported: the teacher is not paid to say it again."""
    return _done(workspace, workspace.store.runs.find(IMPORTED))


def imported_words(count: int) -> str:
    """What follows a number of answers, some of which were never asked for with this prompt."""
    return f", {count:,} of them imported" if count else ""


def answered_itself(workspace: Workspace) -> set[str]:
    """Contents that the teacher has a usable answer of its own for: no imported label comes before it."""
    return _done(workspace, workspace.store.runs.find(target(workspace, TEACHER).spec))


def displaced_words(workspace: Workspace, rows: Sequence[ContentRow]) -> tuple[str, ...]:
    """What is lost when the teacher is asked about pictures whose labels were imported; at most a line."""
    taken_in = imported_contents(workspace) if rows else set()
    going = [row for row in rows if row.content in taken_in]
    if not going:
        return ()
    said = f"The teacher's answer takes the place of the imported label of {plural(len(going), 'picture')}"
    if workspace.store.records.files() and any(row.side in _RECORDED and not row.excluded for row in going):
        said += "; what was built and trained with that may be out of date then"
    return (f"{said}.",)


def answered_of(workspace: Workspace, contents: Collection[str]) -> int:
    """How many of ``contents`` have a label, imported ones too; no other picture is read for it."""
    runs = workspace.store.runs
    states = [runs.states(run.id, contents) for run in teacher_runs(workspace)]
    return len({content for found in states for content, state in found.items() if state == "done"})


def given_up(workspace: Workspace, contents: Collection[str]) -> dict[str, str]:
    """Those of ``contents`` that the teacher gave up, and as what; whoever labels asks about them no more."""
    run = workspace.store.runs.find(target(workspace, TEACHER).spec)
    if run is None:
        return {}
    judge_anew(workspace, run)
    taken_in = imported_contents(workspace)
    return {
        row.content: row.failure.value
        for row in workspace.store.runs.failures(run.id)
        if row.content in contents and row.content not in taken_in
    }


def given_up_words(failed: Mapping[str, str]) -> str:
    """What was given up in words, such as ``11 refused, 2 truncated``; empty: nothing."""
    return ", ".join(f"{count:,} {kind}" for kind, count in Counter(failed.values()).most_common())


def _done(workspace: Workspace, run: Run | None) -> set[str]:
    if run is None:
        return set()
    judge_anew(workspace, run)
    return {content for content, state in workspace.store.runs.states(run.id).items() if state == "done"}

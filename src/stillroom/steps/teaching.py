"""The teacher's labels: its own run's, and imported ones where it was never asked."""

from __future__ import annotations

from stillroom.steps.targets import TEACHER, target
from stillroom.steps.workspace import Workspace
from stillroom.store import Run

IMPORTED = "imported"


def teacher_runs(workspace: Workspace) -> list[Run]:
    """The runs whose answers are labels, the teacher's own first."""
    own = workspace.store.runs.find(target(workspace, TEACHER).spec)
    imported = [run for run in workspace.store.runs.all() if run.spec.name == IMPORTED]
    return ([own] if own is not None else []) + imported


def labels(workspace: Workspace, contents: list[str]) -> list[str | None]:
    """The teacher's keywords (joined by newlines) for each of ``contents``; None where there are none."""
    columns = workspace.store.answers.keyword_strings([run.id for run in teacher_runs(workspace)], contents)
    if not columns:
        return [None] * len(contents)
    return [
        next((found for found in cells if found is not None), None) for cells in zip(*columns, strict=True)
    ]

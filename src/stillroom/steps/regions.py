"""Where each thing is asked: what was made in a region stays there, whatever ``aws.region`` says later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillroom.arns import region_of

if TYPE_CHECKING:
    from stillroom.steps.workspace import Workspace
    from stillroom.store import StudentRow

TEACHER = "teacher"
"""Name of the run, and of the role, that ``aws.teacher_region`` is for."""


def kept_in(workspace: Workspace) -> dict[str, list[StudentRow]]:
    """The students whose models are kept, as far as is known, by the region in which they are."""
    found: dict[str, list[StudentRow]] = {}
    for row in workspace.store.students.all():
        found.setdefault(region_of(row.arn) or workspace.settings.aws.region, []).append(row)
    return found


def region_asked(workspace: Workspace, name: str, model: str) -> str:
    """Region in which a model is called: an ARN's own, else the teacher's or the project's.

    Args:
        workspace: The project.
        name: Whom it is called for: ``teacher``, ``untuned``, a student, or the model itself.
        model: Its id or ARN.
    """
    aws = workspace.settings.aws
    return region_of(model) or (aws.region_of_teacher if name == TEACHER else aws.region)

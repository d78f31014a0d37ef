"""What a student that is to be trained is called, and why one of a size that has had a job is trained."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from stillroom.steps.trained import DEAD, training_of, trainings
from stillroom.steps.workspace import Workspace
from stillroom.store import JobRow
from stillroom.training import Hyperparameters
from stillroom.training.hyperparameters import as_strings, base_family


def student_name(workspace: Workspace, size: int) -> str:
    """A short name that no student has and no job can still give one: ``lite-300``, ``lite-300-2`` …"""
    family = base_family(workspace.settings.training.base_model).value.removeprefix("nova-")
    taken = {job.student for job in workspace.store.jobs.all() if job.status not in DEAD}
    taken |= {row.name for row in workspace.store.students.all(deleted=True)}
    name = plain = f"{family}-{size}"
    number = 2
    while name in taken:
        name, number = f"{plain}-{number}", number + 1
    return name


def why_anew(
    workspace: Workspace, planned: Collection[str], hyper: Hyperparameters, uris: Mapping[int, str]
) -> tuple[str, ...]:
    """Why sizes that a job was made for already are trained again, a line for each.

    Args:
        workspace: The project.
        planned: Names of the students that are to be trained.
        hyper: What they are trained with.
        uris: Their records in the bucket by size, where what was deleted is trained again; else empty.
    """
    newest = {job.size: job for job in workspace.store.jobs.all() if job.arn}
    names = {size: student_name(workspace, size) for size in sorted(newest)}
    known = trainings(workspace)
    for size, uri in uris.items():
        same = known.get(training_of(workspace, uri, hyper))
        if same is not None and same.arn:
            newest[size] = same  # whoever has learnt just this was deleted, whatever was trained since
    return tuple(
        _why(workspace, newest[size], name, hyper, uris) for size, name in names.items() if name in planned
    )


def _why(
    workspace: Workspace, job: JobRow, name: str, hyper: Hyperparameters, uris: Mapping[int, str]
) -> str:
    """Why another student, or the same once more, is trained of a size that had this job."""
    if job.status in DEAD:
        return f"{name} is trained anew: its job ended as {job.status}."
    why = "its labels, pictures, prompt or bucket have changed"
    if job.base_model != workspace.settings.training.base_model:
        why = "the base model has changed"
    elif dict(job.hyperparameters) != as_strings(hyper):
        why = "the hyperparameters have changed"
    elif job.training_uri == uris.get(job.size):
        return f"{name} is trained in place of {job.student}, which was deleted."
    return f"{name} is trained in place of {job.student}: {why} since."

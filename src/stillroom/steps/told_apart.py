"""What tells students of one training size apart: their names alone do not say it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from stillroom.plural import plural
from stillroom.steps.workspace import Workspace
from stillroom.store import JobRow, Run


def told_apart(workspace: Workspace, runs: Sequence[Run]) -> dict[str, str]:
    """How each student was trained, as far as others of its size were trained otherwise.

    Whose records are old, ``outdated_remarks`` tells.

    Args:
        workspace: The project.
        runs: Those that are compared; who was not trained, or whose job is not known, is passed over.

    Returns:
        Words such as ``5 epochs`` by the student's name; empty where nothing is to be told apart.
    """
    asked = {run.spec.student for run in runs}
    jobs = {job.name: job for job in workspace.store.jobs.all()}
    sizes: defaultdict[int, dict[str, JobRow]] = defaultdict(dict)
    for row in workspace.store.students.all(deleted=True):
        if row.name in asked and row.job in jobs:
            sizes[row.size][row.name] = jobs[row.job]
    words = {
        name: ", ".join(_own(job, list(alike.values())))
        for alike in sizes.values()
        for name, job in alike.items()
    }
    return {name: said for name, said in words.items() if said}


def apart_remarks(words: dict[str, str]) -> tuple[str, ...]:
    """A sentence about such students; empty where there are none."""
    if not words:
        return ()
    return (f"Trained otherwise: {'; '.join(f'{name} {said}' for name, said in words.items())}.",)


def _own(job: JobRow, others: Sequence[JobRow]) -> Iterator[str]:
    """What a job has that not all others have."""
    for key, value in job.hyperparameters.items():
        if any(other.hyperparameters.get(key) != value for other in others):
            yield _in_words(key, value)
    if any(other.base_model != job.base_model for other in others):
        yield f"from {job.base_model}"


def _in_words(key: str, value: str) -> str:
    match key:
        case "epochCount":
            return plural(int(value), "epoch")
        case "learningRate":
            return f"learning rate {value}"
        case "learningRateWarmupSteps":
            return plural(int(value), "warm-up step")
        case _:
            return f"{key} {value}"

"""Students that were deleted: how each is trained anew, or why none can be any more. Asks nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stillroom.plural import plural
from stillroom.steps.orders import present_sizes
from stillroom.steps.quoting import plan_command, sentences
from stillroom.steps.trained import (
    NO_STUDENT,
    deleted_students,
    of_job,
    present_uris,
    trained_sizes,
    trainings,
)
from stillroom.steps.workspace import Workspace
from stillroom.store import JobRow, StudentRow
from stillroom.training.hyperparameters import as_strings

_EPOCHS = "epochs"
_KEYS = {"epochCount": _EPOCHS, "learningRate": "learning_rate", "learningRateWarmupSteps": "warmup_steps"}
"""Keys of the table ``[training]`` by the names of the API."""

Values = tuple[tuple[str, str], ...]
"""Keys of the table ``[training]``, each with a value as it is written there."""


@dataclass(frozen=True, slots=True)
class _Ways:
    """Deleted students by how each is trained anew."""

    present: list[StudentRow]
    """By the present settings."""
    others: dict[Values, list[StudentRow]]
    """By the values with which their jobs were begun, on records that are still made."""
    none: list[StudentRow]
    """Their records are made no more."""


def again_words(workspace: Workspace, names: Sequence[str]) -> str:
    """What to do for want of students that were deleted, such as their training anew.

    Args:
        workspace: The project.
        names: Students that were deleted.
    """
    rows = [row for row in deleted_students(workspace) if row.name in names]
    if len(rows) == 1 and (heir := _heir(workspace, rows[0])):
        there = heir in {row.name for row in workspace.store.students.all()}
        how, jobs = ("was trained", "jobs") if there else ("is being trained", "jobs --watch")
        return f"{heir} {how} in its place: stillroom {jobs}"
    ways = _ways(workspace, rows)
    told = [_as_before(values, found) for values, found in ways.others.items()]
    if ways.present:
        sizes = {row.size for row in ways.present}
        named = () if sizes <= set(present_sizes(workspace)) else tuple(sorted(sizes))
        alike = len(ways.present) == len(rows)
        who = "anew what was deleted" if alike else f"{_and(ways.present)} anew"
        told.insert(0, f"To train {who}: {plan_command('train', size=named, again=True)}")
    if told:
        return sentences((*told, *([_made_no_more_words(_and(ways.none))] if ways.none else ())))
    return f"{_made_no_more_words(_they(len(names)))} {_on_the_present(workspace, len(names))}"


def not_again(workspace: Workspace, sizes: Sequence[int]) -> tuple[str, ...]:
    """Sentences on deleted students that the present settings train no more; empty when there are none.

    Args:
        workspace: The project.
        sizes: Training sizes of students that count; empty: all.
    """
    rows = [row for row in deleted_students(workspace) if not sizes or row.size in sizes]
    ways = _ways(workspace, [row for row in rows if not _heir(workspace, row)])
    said = []
    for values, found in ways.others.items():
        said += [_were_deleted(found), _as_before(values, found)]
    if ways.none:
        said += [_were_deleted(ways.none), _made_no_more_words(_they(len(ways.none)))]
    return tuple(said)


def passed_over(workspace: Workspace) -> list[StudentRow]:
    """Deleted students that are trained anew only where their size is named: the settings do not make it."""
    sizes = present_sizes(workspace)
    rows = [row for row in deleted_students(workspace) if row.size not in sizes]
    return _ways(workspace, [row for row in rows if not _heir(workspace, row)]).present


def _heir(workspace: Workspace, row: StudentRow) -> str:
    """Who has learnt, or is learning, just what a deleted student had; empty: nobody."""
    job = workspace.store.jobs.get(row.job)
    if job is None:
        return ""
    heir = trainings(workspace, deleted=False).get(of_job(job))
    return heir.student if heir and heir.status not in NO_STUDENT else ""


def _ways(workspace: Workspace, rows: Sequence[StudentRow]) -> _Ways:
    ways = _Ways([], {}, [])
    jobs = {job.name: job for job in workspace.store.jobs.all()}
    uris = present_uris(workspace, [row.size for row in rows])
    for row in rows:
        job = jobs.get(row.job)
        if job is None or job.training_uri != uris.get(row.size):
            ways.none.append(row)
        elif values := _other_values(workspace, job):
            ways.others.setdefault(values, []).append(row)
        else:
            ways.present.append(row)
    return ways


def _other_values(workspace: Workspace, job: JobRow) -> Values:
    """The values of a job that are not the present ones."""
    settings = workspace.settings.training
    present = as_strings(settings.hyperparameters)
    found = [
        (_KEYS.get(name, name), value)
        for name, value in sorted(job.hyperparameters.items())
        if present.get(name) != value
    ]
    if job.base_model != settings.base_model:
        found.append(("base_model", f'"{job.base_model}"'))
    return tuple(found)


def _as_before(values: Values, rows: Sequence[StudentRow]) -> str:
    """How students are trained anew with the values that they had been trained with."""
    who = f"To train {_and(rows)} anew"
    sizes = tuple(sorted({row.size for row in rows}))
    if [key for key, _ in values] == [_EPOCHS]:
        epochs = values[0][1]
        command = plan_command("train", size=sizes, epochs=epochs, again=True)
        return f"{who} with {plural(int(epochs), 'epoch')}, as before: {command}"
    there = " and ".join(f"{key} = {value}" for key, value in values)
    command = plan_command("train", size=sizes, again=True)
    return f"{who}, set {there} in stillroom.toml again, then: {command}"


def _on_the_present(workspace: Workspace, count: int) -> str:
    """What there is to do about the present records."""
    sizes = present_sizes(workspace)
    if sizes and set(sizes) <= trained_sizes(workspace, sizes).keys():
        return "What was trained on those: stillroom jobs"
    return f"To train {'another student' if count == 1 else 'other students'} on those: stillroom train"


def _made_no_more_words(they: str) -> str:
    return f"The present labels and settings make other records than {they} learnt from."


def _they(count: int) -> str:
    return "it" if count == 1 else "they"


def _were_deleted(rows: Sequence[StudentRow]) -> str:
    return f"{_and(rows)} {'was' if len(rows) == 1 else 'were'} deleted."


def _and(rows: Sequence[StudentRow]) -> str:
    return " and ".join(row.name for row in rows)

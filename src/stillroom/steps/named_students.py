"""Which student is meant by a name, and why there is none: not trained yet, being trained, or deleted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

from stillroom.errors import UsageError
from stillroom.steps.deleted import again_words
from stillroom.steps.looking import take_trained, unfinished
from stillroom.steps.trained import NO_STUDENT, deleted_students
from stillroom.steps.workspace import Workspace
from stillroom.store import StudentRow

T = TypeVar("T")


def student(workspace: Workspace, name: str) -> StudentRow:
    """The student of this name, as far as jobs have been looked at.

    Raises:
        UsageError: There is none, or none yet.
    """
    row = next((row for row in workspace.store.students.all() if row.name == name), None)
    if row is not None:
        return row
    if workspace.store.students.get(name) is not None:
        raise _was_deleted(workspace, [name])
    if name in _being_trained(workspace):
        raise _is_being_trained([name])
    status = next((job.status for job in reversed(workspace.store.jobs.all()) if job.student == name), "")
    if status in NO_STUDENT:
        raise UsageError(f"There is no student {name!r}: its job is {status}.", "Look at: stillroom jobs")
    known = ", ".join(row.name for row in workspace.store.students.all()) or "none yet"
    raise UsageError(f"There is no student {name!r}.", f"Students: {known}")


def of_each(workspace: Workspace, names: Iterable[str], read: Callable[[str], T]) -> dict[str, T]:
    """What is read of each of these names; a student that is deleted meanwhile is left out.

    Raises:
        UsageError: From ``read``, of a name that is no deleted student's.
    """
    found = {}
    for name in names:
        try:
            found[name] = read(name)
        except UsageError:
            if not _is_deleted(workspace, name):
                raise
    return found


def _is_deleted(workspace: Workspace, name: str) -> bool:
    row = workspace.store.students.get(name)
    return row is not None and row.deleted is not None


def look_for(workspace: Workspace, names: Iterable[str]) -> None:
    """Look at the jobs of students among these names of models that are to be called.

    Raises:
        UsageError: A student was deleted or is still being trained, or its job has left none.
        Refused: AWS refused to tell of a job.
        Unreachable: AWS did not answer.
    """
    jobs = {job.student for job in workspace.store.jobs.all()}
    for name in jobs.intersection(names):
        take_trained(workspace, (name,))
        student(workspace, name)


def nobody_yet(workspace: Workspace) -> UsageError:
    """What to say where no student is left, or none is there yet."""
    if names := _being_trained(workspace):
        return _is_being_trained(names)
    if gone := [row.name for row in deleted_students(workspace)]:
        return _was_deleted(workspace, gone)
    return UsageError("There is no student yet.", "Run: stillroom train, then stillroom jobs --watch")


def being_trained_remarks(workspace: Workspace, lost: Collection[str] = ()) -> tuple[str, ...]:
    """A sentence about students that are still to come of the jobs under way; empty when there are none.

    Args:
        workspace: The project.
        lost: Students of whose jobs nobody can tell that.
    """
    names = [name for name in _being_trained(workspace) if name not in lost]
    return (_being_trained_words(names),) if names else ()


def _being_trained(workspace: Workspace) -> list[str]:
    return [job.student for job in unfinished(workspace) if job.status not in NO_STUDENT]


def _being_trained_words(names: Sequence[str]) -> str:
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} still being trained."


def _is_being_trained(names: Sequence[str]) -> UsageError:
    who, it = (names[0], "it") if len(names) == 1 else ("NAME", "one")
    return UsageError(
        _being_trained_words(names), f"Wait: stillroom jobs --watch, or stop {it}: stillroom stop {who}"
    )


def _was_deleted(workspace: Workspace, names: Sequence[str]) -> UsageError:
    who = f"{names[0]} was" if len(names) == 1 else f"{', '.join(names)} were"
    return UsageError(f"{who} deleted.", again_words(workspace, names))

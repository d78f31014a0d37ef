"""Models of students that somebody else has deleted: they are noted, and cost no more."""

from __future__ import annotations

from collections.abc import Collection

from stillroom.arns import account_of
from stillroom.aws import customization
from stillroom.errors import NotFound, PermissionRefused
from stillroom.steps.deleted import again_words
from stillroom.steps.deployed import session_of
from stillroom.steps.foundation import is_set_up, miss_bucket
from stillroom.steps.lost_answers import SETTLED
from stillroom.steps.quoting import sentences
from stillroom.steps.workspace import Workspace
from stillroom.store import StudentRow
from stillroom.training import CustomModel


def gone_of(workspace: Workspace, rows: Collection[StudentRow], listed: Collection[CustomModel]) -> list[str]:
    """Names of the students whose models are gone; they are noted as deleted.

    Args:
        workspace: The project.
        rows: Students of one region.
        listed: All models there. Only one that is missing among them is asked about.

    Raises:
        Refused: AWS refused to tell.
        Unreachable: AWS did not answer.
    """
    there = {model.arn for model in listed}
    return [row.name for row in rows if row.arn not in there and _is_gone(workspace, row)]


def note_gone(workspace: Workspace, row: StudentRow) -> bool:
    """Note that AWS has just said not to know a student's model; False: that says nothing of it.

    Another account does not know it, whatever became of it; and what has only just been made need not be seen
    yet. Noted as deleted it would be kept and paid for unseen, and be trained and paid for once more.
    """
    if not _would_be_seen(workspace, row):
        return False
    _note(workspace, row)
    return True


def _would_be_seen(workspace: Workspace, row: StudentRow) -> bool:
    """Whether this account would be told of a student's model, were it there."""
    # What has only just been made need not be seen yet, by the service's clock.
    age = workspace.seconds_there(row.created, workspace.now())
    return age > SETTLED and account_of(row.arn) == workspace.account()


def _note(workspace: Workspace, row: StudentRow) -> None:
    students = workspace.store.students
    known = students.get(row.name)
    if known is not None and known.deleted is None and not workspace.store.read_only:
        students.mark_deleted(row.name, workspace.now())
        # AWS deletes no model that is still deployed.
        for one in students.deployments(row.name):
            if one.arn:
                students.end_deployment(one.name, workspace.now())
        workspace.store.diary.add_event("model_gone", row.name)
        if workspace.sandbox:
            miss_bucket(workspace)  # its state may have been thrown away


def gone_words(workspace: Workspace, names: Collection[str]) -> tuple[str, str]:
    """What to say of students whose models are gone, and what to do; nothing where nothing can be noted."""
    model, are = ("model", "is") if len(names) == 1 else ("models", "are")
    what = f"The {model} of {' and '.join(names)} {are} no longer there, and paid for no more."
    if workspace.store.read_only:
        return what, ""
    first = "" if is_set_up(workspace) else "First: stillroom run --until upload"
    return what, sentences((first, again_words(workspace, [*names])))


def _is_gone(workspace: Workspace, row: StudentRow) -> bool:
    if not _would_be_seen(workspace, row):
        return False
    try:
        customization.get_model(session_of(workspace, row.name), row.arn)
    except NotFound:
        _note(workspace, row)
        return True
    except PermissionRefused:
        return False  # nobody can tell
    return False

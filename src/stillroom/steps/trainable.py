"""How many records a job takes: said before anything is paid for one that could only fail. Asks nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from stillroom.errors import ItemsFailed, StillroomError, UsageError
from stillroom.pictures import Side
from stillroom.plural import plural
from stillroom.records import LEAST_RECORDS, MOST_RECORDS
from stillroom.steps.mending import all_left_out
from stillroom.steps.orders import Example, examples, in_order, sizes_met
from stillroom.steps.teaching import given_up, given_up_words
from stillroom.steps.workspace import Workspace
from stillroom.store import RecordsFile
from stillroom.training.hyperparameters import check
from stillroom.training.settings import Hyperparameters

TAKEN = f"training takes {LEAST_RECORDS} to {MOST_RECORDS:,}"
_FEWER = f"Set training.sizes in stillroom.toml to {MOST_RECORDS:,} or less."
_RETRY = "Ask again about those that failed: stillroom retry teacher"
_MORE = f"Label more pictures, or add some (stillroom scan), and build {LEAST_RECORDS} records or more."


def is_trainable(records: int) -> bool:
    """Whether the service takes a training file of so many records."""
    return LEAST_RECORDS <= records <= MOST_RECORDS


def no_job_takes(path: str, records: int) -> UsageError | None:
    """What to say of a training file that no job takes; None: one does.

    Args:
        path: The file, as the user calls it.
        records: How many it has.
    """
    if is_trainable(records):
        return None
    what = f"{path} has {plural(records, 'record')}; {TAKEN}."
    return UsageError(what, _FEWER if records > MOST_RECORDS else _MORE)


def refuse_files(files: Iterable[RecordsFile]) -> None:
    """Let no records go further that no job takes.

    Raises:
        UsageError: A training file has too few or too many.
    """
    for file in files:
        if file.size and (error := no_job_takes(file.path, file.records)):
            raise error


def refuse_hyperparameters(hyper: Hyperparameters, base_model: str) -> None:
    """Let nothing be paid for a job that the service would refuse for its base model or hyperparameters.

    Raises:
        UsageError: It would.
    """
    for finding in check(hyper, base_model):
        if finding.weight == "error":
            raise UsageError(finding.message, finding.todo)


def contents_to_train_on(
    workspace: Workspace, unlabeled: Set[str], labeled: Sequence[Example] | None = None
) -> list[str]:
    """Contents that can be trained on once the teacher has labeled, in order.

    Args:
        workspace: The project.
        unlabeled: Contents that the teacher is still going to label.
        labeled: Training pictures that can be trained on already, where they have been listed.
    """
    if labeled is None:
        labeled = examples(workspace, Side.TRAIN)
    if not unlabeled:
        return [one.row.content for one in labeled]
    chosen = {one.row.content for one in labeled} | unlabeled
    return [row.content for row in in_order(workspace, Side.TRAIN) if row.content in chosen]


def too_few_to_train(workspace: Workspace) -> tuple[str, ...]:
    """A warning where fewer pictures train than any job takes; empty otherwise."""
    count = workspace.store.pictures.summary().sides.get(Side.TRAIN, 0)
    if count >= LEAST_RECORDS:
        return ()
    have = plural(count, "picture is", "pictures are")
    return (f"No student can be trained: {have} there to train on; {TAKEN}. Add pictures.",)


def nothing_labeled(workspace: Workspace) -> StillroomError:
    """What to say where no training picture has a label."""
    if found := all_left_out(workspace):
        return found.error()
    if failed := _failed_training(workspace):
        return ItemsFailed(f"No training picture has a label: {failed}.", _RETRY)
    return UsageError("No training picture has a label yet.", "Run: stillroom label teacher")


def _failed_training(workspace: Workspace) -> str:
    """Training pictures that the teacher gave up, in words; empty: none."""
    return given_up_words(given_up(workspace, {row.content for row in in_order(workspace, Side.TRAIN)}))


def refuse_coming(workspace: Workspace, asked: Set[str]) -> None:
    """Let nothing be paid on the way to records that no job will take.

    Args:
        workspace: The project.
        asked: Contents that the teacher is still going to label.

    Raises:
        UsageError: There will be too few or too many.
        ItemsFailed: Too few, because the teacher gave up some; it is not asked about them again.
    """
    count = len(contents_to_train_on(workspace, asked))
    if all(map(is_trainable, sizes_met(workspace.settings.training.sizes, count))):
        return
    failed = "" if count > MOST_RECORDS else _failed_training(workspace)
    if not count and (failed or all_left_out(workspace)):
        raise nothing_labeled(workspace)
    have = f"{plural(count, 'picture is', 'pictures are')} there to train on"
    if failed:
        raise ItemsFailed(f"No student can be trained: {have}, {failed}; {TAKEN}.", _RETRY)
    todo = "Add pictures, or only label these: stillroom run --until label"
    raise UsageError(f"No student can be trained: {have}; {TAKEN}.", _FEWER if count > MOST_RECORDS else todo)


def next_step(counts: Iterable[int]) -> tuple[str, str] | None:
    """What to do next about training files of so many records, and its command; None: jobs take them all."""
    wrong = [count for count in counts if not is_trainable(count)]
    if not wrong:
        return None
    if wrong[0] > MOST_RECORDS:
        return _FEWER, "stillroom build"
    return f"Add pictures: {TAKEN} records.", "stillroom scan"

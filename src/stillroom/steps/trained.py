"""What has been trained: the same base model, records and hyperparameters are the same training."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from stillroom.steps.orders import Inputs, Order, inputs, ordered
from stillroom.steps.preparing import prepare_key
from stillroom.steps.upload import records_key
from stillroom.steps.workspace import Workspace
from stillroom.store import JobRow, RecordsFile, StudentRow
from stillroom.training import Hyperparameters, JobStatus
from stillroom.training.hyperparameters import as_strings

DEAD = (JobStatus.FAILED, JobStatus.STOPPED)
"""A job that ended so leaves no model; the same training may be started again.

One that is being stopped is still under way: it may complete before it is.
"""
NO_STUDENT = (*DEAD, JobStatus.STOPPING)
"""Of a job in these states no student is to be expected."""


def trainings(workspace: Workspace, *, deleted: bool = True) -> dict[str, JobRow]:
    """The newest job of each training that was begun and has not failed, by what it trains.

    Args:
        workspace: The project.
        deleted: Whether those count whose student was deleted since.
    """
    gone = set() if deleted else deleted_jobs(workspace)
    return {
        of_job(job): job
        for job in workspace.store.jobs.all()
        if job.status not in DEAD and job.name not in gone
    }


def training_of(workspace: Workspace, training_uri: str, hyper: Hyperparameters) -> str:
    """What a job would train of these records; a key of ``trainings``."""
    return _key(workspace.settings.training.base_model, training_uri, as_strings(hyper))


def of_job(job: JobRow) -> str:
    """What a job was to train; a key of ``trainings``."""
    return _key(job.base_model, job.training_uri, job.hyperparameters)


def _key(base: str, training: str, hyper: Mapping[str, str]) -> str:
    # The validation file is left out: it is measured with, so other pictures in it make no other student.
    facts = [base, training, dict(sorted(hyper.items()))]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def records_uri(workspace: Workspace, sha256: str) -> str:
    """Where a records file with this hash is, or will be, in the bucket."""
    aws = workspace.settings.aws
    return f"s3://{aws.bucket}/{records_key(aws.prefix, sha256)}"


def deleted_students(workspace: Workspace) -> list[StudentRow]:
    """Students that were trained and are no more."""
    return [row for row in workspace.store.students.all(deleted=True) if row.deleted is not None]


def deleted_words(workspace: Workspace) -> str:
    """That students were deleted, in words; empty when none was."""
    names = [row.name for row in deleted_students(workspace)]
    return f"{', '.join(names)} {'was' if len(names) == 1 else 'were'} deleted" if names else ""


def deleted_jobs(workspace: Workspace) -> set[str]:
    """Names of the jobs whose student was deleted."""
    return {row.job for row in deleted_students(workspace)}


def failed_jobs(jobs: Iterable[JobRow]) -> list[JobRow]:
    """Jobs that failed and were followed by no better one of the same student: what they cost has gone.

    Args:
        jobs: In the order in which they were created.
    """
    newest = {job.student: job for job in jobs}
    return [job for job in newest.values() if job.status == JobStatus.FAILED]


def present_uris(workspace: Workspace, sizes: Sequence[int]) -> dict[int, str]:
    """Where in the bucket the records are, or will be, that the present settings and labels make.

    Args:
        workspace: The project.
        sizes: Training sizes, whether or not the project file names them.

    Returns:
        URIs by size. A size that so few labels do not make is not in it; the URI is empty while pictures are
        still to be prepared anew for it: nothing can have learnt from such records.
    """
    account = workspace.known_account()
    prepared = workspace.store.pictures.prepared(prepare_key(workspace.settings.prepare))
    files = {file.path: file for file in workspace.store.records.files()}
    found = {}
    for order in ordered(workspace, sizes).orders:
        file = files.get(order.path)
        # Without an account nobody can say more than what was built last.
        digest = (file.sha256 if file else "") if account is None else _digest(
            workspace, order, inputs(workspace, order, prepared, account), file, account
        )  # fmt: skip
        if order.size in sizes:
            found[order.size] = records_uri(workspace, digest) if digest else ""
    return found


def _digest(workspace: Workspace, order: Order, made: Inputs, file: RecordsFile | None, account: str) -> str:
    """SHA-256 of a records file as it would be written now; empty while nobody can tell."""
    from stillroom.records.building import record_line

    if file is not None and file.key == made.key:
        return file.sha256
    if not workspace.settings.aws.bucket or not all(kind for _, _, kind in made.rows):
        return ""
    # Other records were built at this path since: what a student of before learnt from may be present again.
    prompt, digest = workspace.settings.prompt.prompt, hashlib.sha256()
    for label, uri, kind in made.rows:
        digest.update(record_line(prompt, label, uri, kind, account))
    return digest.hexdigest()


def trained_sizes(workspace: Workspace, sizes: Sequence[int]) -> dict[int, str]:
    """The student of each training size whose records, as built now, a job was made for already."""
    if not sizes:
        return {}
    known, hyper = trainings(workspace), workspace.settings.training.hyperparameters
    found = {
        size: known.get(training_of(workspace, uri, hyper))
        for size, uri in present_uris(workspace, sizes).items()
    }
    return {size: job.student for size, job in found.items() if job is not None and job.arn is not None}


def outdated(workspace: Workspace, *, deleted: bool = False) -> list[StudentRow]:
    """Students that learnt from other records than would be built of their size now.

    Args:
        workspace: The project.
        deleted: Whether students that are no more count, too: their answers are still compared.
    """
    rows = workspace.store.students.all(deleted=deleted)
    if not rows:
        return []
    present = present_uris(workspace, tuple({row.size for row in rows}))
    learnt = {job.name: job.training_uri for job in workspace.store.jobs.all()}
    return [row for row in rows if learnt.get(row.job) != present.get(row.size, "")]


def outdated_remarks(names: Sequence[str]) -> tuple[str, ...]:
    """A sentence about students that are outdated; empty when there are none."""
    if not names:
        return ()
    return (f"{', '.join(names)} learnt from other records than the present labels and settings make.",)

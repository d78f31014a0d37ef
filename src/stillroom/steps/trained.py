"""What has been trained: the same base model, records and hyperparameters are the same training."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping

from stillroom.steps.orders import out_of_date, present_files
from stillroom.steps.upload import records_key
from stillroom.steps.workspace import Workspace
from stillroom.store import JobRow, RecordsFile, StudentRow
from stillroom.training import Hyperparameters, JobStatus
from stillroom.training.hyperparameters import as_strings

DEAD = (JobStatus.FAILED, JobStatus.STOPPING, JobStatus.STOPPED)
"""A job that ended so leaves no model; the same training may be started again."""


def trainings(workspace: Workspace, *, deleted: bool = True) -> dict[str, JobRow]:
    """The newest job of each training that was begun and has not failed, by what it trains.

    Args:
        workspace: The project.
        deleted: Whether those count whose student was deleted since.
    """
    gone = set() if deleted else deleted_jobs(workspace)
    return {
        _of_job(job): job
        for job in workspace.store.jobs.all()
        if job.status not in DEAD and job.name not in gone
    }


def training_of(workspace: Workspace, file: RecordsFile, hyper: Hyperparameters) -> str:
    """What a job would train now; a key of ``trainings``."""
    return _key(workspace.settings.training.base_model, records_uri(workspace, file), as_strings(hyper))


def _of_job(job: JobRow) -> str:
    return _key(job.base_model, job.training_uri, job.hyperparameters)


def _key(base: str, training: str, hyper: Mapping[str, str]) -> str:
    # The validation file is left out: it is measured with, so other pictures in it make no other student.
    facts = [base, training, dict(sorted(hyper.items()))]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def records_uri(workspace: Workspace, file: RecordsFile) -> str:
    """Where a records file is, or will be, in the bucket."""
    aws = workspace.settings.aws
    return f"s3://{aws.bucket}/{records_key(aws.prefix, file)}"


def deleted_students(workspace: Workspace) -> list[StudentRow]:
    """Students that were trained and are no more."""
    return [row for row in workspace.store.students.all(deleted=True) if row.deleted is not None]


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


def outdated(workspace: Workspace) -> list[StudentRow]:
    """Students of a present training size that learnt from other records than the present ones."""
    stale = {order.path for order in out_of_date(workspace)}
    present = {
        file.size: "" if file.path in stale else records_uri(workspace, file)
        for file in present_files(workspace)
        if file.size
    }
    learnt = {job.name: job.training_uri for job in workspace.store.jobs.all()}
    return [
        row
        for row in workspace.store.students.all()
        if row.size in present and learnt.get(row.job) != present[row.size]
    ]


def outdated_remarks(workspace: Workspace, names: Collection[str] | None = None) -> tuple[str, ...]:
    """A sentence about the outdated students, all or those that are named; empty when there are none."""
    rows = [row.name for row in outdated(workspace) if names is None or row.name in names]
    if not rows:
        return ()
    return (f"{', '.join(rows)} learnt from other records than the present labels and settings make.",)

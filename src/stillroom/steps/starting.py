"""Starting a customization job once: one whose answer was lost is asked for by its name, and taken."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from stillroom.aws.customization import ROLE_PATIENCE, JobOrder, create_job, get_job
from stillroom.aws.tags import project_tags
from stillroom.background import Progress
from stillroom.errors import NotFound, Refused, StoreBusy, UsageError
from stillroom.steps.lost_answers import found_all_the_same, never_came_to_be
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import Workspace
from stillroom.store import JobRow
from stillroom.training import JobStatus

_FRESH_ROLE = 180.0
"""Seconds during which a new role may not yet be assumable everywhere."""


@dataclass(frozen=True, slots=True)
class Started:
    """One customization job."""

    job: str
    arn: str
    student: str
    size: int
    created: bool
    """False: it had been created before."""
    status: str = JobStatus.IN_PROGRESS
    """As Bedrock says it, at the latest look."""
    deleted: bool = False
    """Its student was trained, and deleted since."""


def take_lost(workspace: Workspace) -> None:
    """Ask about jobs that nobody answered for, unless somebody is starting jobs right now.

    Training asks about them, too; but nothing may be left to be trained.

    Raises:
        Refused: AWS refused to tell.
        Unreachable: AWS did not answer.
    """
    for job in _unanswered(workspace):
        arn = _arn(workspace, job)
        # Not before: who has come to train is turned away by nobody that waits for AWS.
        with suppress(StoreBusy), workspace.store.alone("train", "is looking for lost jobs"):
            if workspace.store.jobs.get(job.name) == job:  # else it was asked for again, or answered for
                _settle(workspace, job, arn)


def take_unanswered(workspace: Workspace, wanted: Collection[str]) -> None:
    """Ask about every job that was begun and never answered for, and take those that are there.

    Nobody else may be starting jobs meanwhile.

    Args:
        workspace: The project.
        wanted: Names of jobs that are going to be created if they are not there: they stay written down. Any
            other that is not there is forgotten after a while, so that no budget counts it for ever.

    Raises:
        Refused: AWS refused to tell.
        Unreachable: AWS did not answer.
    """
    for job in _unanswered(workspace):
        _settle(workspace, job, _arn(workspace, job), wanted=job.name in wanted)


def _unanswered(workspace: Workspace) -> list[JobRow]:
    return [job for job in workspace.store.jobs.all() if job.arn is None]


def _settle(workspace: Workspace, job: JobRow, arn: str | None, *, wanted: bool = False) -> None:
    """Take a job that is there. One that is not, and is not wanted, is forgotten after a while."""
    if arn is not None:
        _note(workspace, job, arn)
    elif not wanted and never_came_to_be(workspace, job.role_arn, job.created):
        workspace.store.jobs.drop(job.name)


def start(workspace: Workspace, job: JobRow, watch: Watch, *, asked_before: bool) -> Started:
    """Create a job that is written down; asked a second time with its token, AWS gives the same job.

    Args:
        workspace: The project.
        job: The job.
        watch: Where progress is told.
        asked_before: Whether it was asked for earlier, and nobody answered.

    Raises:
        Refused: The service refused. The job is forgotten, unless it may be there all the same.
        Unreachable: Nobody knows whether it was created.
        Interrupted: Stopped before it was.
    """
    changed = float(workspace.store.facts.get(f"role_changed:{job.role_arn}") or 0)
    fresh = workspace.now() - changed < _FRESH_ROLE

    def wait(seconds: float) -> None:
        watch.slot.put(Progress("wait until the new role is known everywhere"))
        watch.wait(seconds, "Stopped before the job was created.", "Run the same command again.")

    if asked_before:
        workspace.store.jobs.update(job.name, created=workspace.now())
    forget = partial(workspace.store.jobs.drop, job.name)
    session = workspace.session(job.region)
    try:
        arn = create_job(
            session,
            _order(workspace, job),
            role_patience=ROLE_PATIENCE if fresh else 0.0,
            sleep=wait,
        )
    except UsageError:
        forget()  # it was not even sent
        raise
    except Refused as refusal:
        arn = found_all_the_same(
            lambda: get_job(session, job.name).arn, refusal, forget, asked_before=asked_before
        )
    _note(workspace, job, arn)
    return Started(job.name, arn, job.student, job.size, created=True)


def _arn(workspace: Workspace, job: JobRow) -> str | None:
    """ARN of the job of this name; None when AWS knows none."""
    try:
        return get_job(workspace.session(job.region), job.name).arn
    except NotFound:
        return None


def _note(workspace: Workspace, job: JobRow, arn: str) -> None:
    """Write down that a job is there; whatever became of it since, the next look tells."""
    workspace.store.jobs.update(job.name, arn=arn, status=JobStatus.IN_PROGRESS, started=workspace.now())
    workspace.store.diary.add_event("job_created", f"{job.student}: {job.name}")


def _order(workspace: Workspace, job: JobRow) -> JobOrder:
    return JobOrder(
        job_name=job.name,
        model_name=job.name,
        role_arn=job.role_arn,
        base_model=job.base_model,
        training_uri=job.training_uri,
        output_uri=job.output_uri,
        hyperparameters=job.hyperparameters,
        token=job.token,
        validation_uri=job.validation_uri or "",
        tags=project_tags(workspace.settings.project.id, {"student": job.student}),
    )

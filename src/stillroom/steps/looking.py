"""Looking at a job: what AWS says is stored, and a completed one leaves its losses and its student."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from stillroom.aws import customization
from stillroom.errors import BadRequest, NotFound, Refused, StillroomError, Unreachable
from stillroom.steps.foundation import miss_bucket
from stillroom.steps.starting import take_lost
from stillroom.steps.workspace import Workspace
from stillroom.store import JobRow, StudentRow
from stillroom.training import JobState, JobStatus
from stillroom.training.failures import FORGOTTEN
from stillroom.training.jobs import FINISHED


def unfinished(workspace: Workspace) -> list[JobRow]:
    """Jobs that were created and may still change, or whose outcome was not yet taken in."""
    return [job for job in workspace.store.jobs.all() if job.arn and not _taken_in(workspace, job)]


def take_trained(workspace: Workspace, names: Collection[str] = ()) -> dict[str, Refused]:
    """Look at the jobs that may have left a student since their last look, or that nobody answered for.

    Args:
        workspace: The project.
        names: Students whose jobs are looked at; empty: all.

    Returns:
        By student, why its job cannot be looked at: AWS knows it no more. Of no student in ``names``.

    Raises:
        Refused: AWS refused.
        Unreachable: AWS did not answer.
    """
    if any(job.arn is None and (not names or job.student in names) for job in workspace.store.jobs.all()):
        take_lost(workspace)
    lost: dict[str, Refused] = {}
    for job in unfinished(workspace):
        if names and job.student not in names:
            continue
        try:
            look_at(workspace, job)
        except (NotFound, BadRequest) as error:
            if names:
                raise
            lost[job.student] = error  # it says nothing of the other jobs
    return lost


def _taken_in(workspace: Workspace, job: JobRow) -> bool:
    if job.status not in FINISHED:
        return False
    return job.status != JobStatus.COMPLETED or workspace.store.students.get(job.student) is not None


def look_at(workspace: Workspace, job: JobRow) -> JobState:
    """Ask about one job and store what is new; a completed one leaves its losses and its student.

    Without an ARN of its model it leaves nothing yet: a student that was saved stays as it is. One that a
    sandbox knows no more has failed.

    Raises:
        Refused: AWS refused.
        Unreachable: AWS did not answer.
    """
    state, store = _state(workspace, job), workspace.store
    if state.status == JobStatus.COMPLETED and not _taken_in(workspace, job):
        state = _with_model(workspace, job, state)
        if state.custom_model_arn:
            _take_losses(workspace, job, state)
            student = StudentRow(
                job.student, state.custom_model_arn, job.base_model, job.name, job.size, workspace.now()
            )
            if store.students.save(student):
                store.diary.add_event("job_completed", f"{job.student}: {job.name}")

    def turned() -> None:
        if state.status == JobStatus.FAILED:
            store.diary.add_event("job_failed", f"{job.student}: {state.failure_message}")

    store.jobs.look(
        job.name,
        turned,
        status=state.status,
        stages=state.stages,
        failure=state.failure_message,
        started=state.created or job.started,
        ended=state.ended,
        seen=workspace.now(),
        model_arn=state.custom_model_arn or None,
    )
    return state


def _state(workspace: Workspace, job: JobRow) -> JobState:
    try:
        return customization.get_job(workspace.session(job.region), job.arn or job.name)
    except NotFound:
        # AWS forgets no job: there it is another profile or account that asks, and to train it anew would be
        # paid twice. A sandbox forgets all of them once its state is gone.
        if not workspace.sandbox:
            raise
    miss_bucket(workspace)
    return JobState(
        arn=job.arn or "",
        name=job.name,
        status=JobStatus.FAILED,
        created=job.started or job.created,
        stages=job.stages,
        ended=workspace.now(),
        failure_message=FORGOTTEN,
    )


def _with_model(workspace: Workspace, job: JobRow, state: JobState) -> JobState:
    """A completed job with the ARN of its model; empty where AWS does not tell it yet.

    ``outputModelArn`` need not be in an answer of GetModelCustomizationJob.
    """
    if state.custom_model_arn or not state.custom_model_name:
        return state
    try:
        model = customization.get_model(workspace.session(job.region), state.custom_model_name)
    except NotFound:
        return state
    return replace(state, custom_model_arn=model.arn)


def _take_losses(workspace: Workspace, job: JobRow, state: JobState) -> None:
    """Store the losses of a completed job. A file that nobody can read must not keep the student away."""
    store = workspace.store
    try:
        metrics = customization.read_job_metrics(workspace.session(job.region), state, workspace.account())
    except (Refused, Unreachable):
        raise  # to be put right, or tried again
    except StillroomError as error:
        store.diary.add_event("losses_unread", f"{job.student}: {error.what}")
        return
    if metrics.training is not None:
        store.jobs.save_losses(job.name, "training", metrics.training.points)
    if metrics.validation is not None:
        store.jobs.save_losses(job.name, "validation", metrics.validation.points)

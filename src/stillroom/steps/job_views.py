"""What is known of jobs, students and hourly bills, as of the latest look; asks nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from stillroom.steps.deployed import state_of
from stillroom.steps.quoting import plan_command
from stillroom.steps.spent import is_rate_unverified, keeping_price
from stillroom.steps.trained import deleted_jobs, failed_jobs
from stillroom.steps.workspace import Workspace
from stillroom.store import JobRow, StudentRow
from stillroom.training import JobStatus
from stillroom.training.estimate import TimeEstimate, trained_share, training_time
from stillroom.training.failures import AGAIN, translate
from stillroom.training.jobs import FINISHED, timeline
from stillroom.training.metrics import last_epoch_loss


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage of a job."""

    stage: str
    state: str
    seconds: float
    """Seconds in this stage, on the service's clock."""


@dataclass(frozen=True, slots=True)
class JobView:
    """One customization job of the project."""

    job: str
    student: str
    size: int
    status: str
    stage: str
    """The stage it is in; empty when it is in none."""
    stages: tuple[StageView, ...]
    elapsed: float
    """Seconds since it was created, to its end or to now."""
    left: float | None
    """Seconds that it is likely to need still; None: it has ended, is being stopped, or nobody can honestly
    say."""
    usd: Decimal | None
    """Estimated price of the training; 0: it ended before its training began. None: unknown, or cut short."""
    unverified: bool
    """The training price is one that nobody has confirmed."""
    usd_at_most: Decimal | None
    """What a job that was stopped or has failed costs at most: AWS tells no figure. None: any other job."""
    loss: float | None
    """Training loss, the mean of the last epoch; None before completion."""
    deleted: bool
    """Whether its student was trained, and deleted since."""
    failure: str
    """What went wrong, in words."""
    todo: str
    seen: float | None
    """Unix time of the latest look."""
    arn: str
    hyperparameters: Mapping[str, str]
    """As sent, by the names of the API."""


@dataclass(frozen=True, slots=True)
class StudentView:
    """One student, whether it can be asked, and what its model costs for as long as it is kept."""

    student: str
    size: int
    model_arn: str
    deployment: str
    """Status of its deployment; empty when it has none."""
    todo: str
    """What to do about a deployment that failed; empty when none did."""
    usd_per_month: Decimal | None
    """What keeping its custom model costs, used or not. None: the price is unknown."""
    unverified: bool
    """That price is one that nobody has confirmed."""


def estimate(workspace: Workspace, job: JobRow) -> TimeEstimate:
    """How long the whole job takes, on the service's clock."""
    epochs = int(job.hyperparameters.get("epochCount", "2"))
    return training_time(job.records, epochs, speed=workspace.store_speed())


def trained(workspace: Workspace, job: JobRow) -> tuple[float, Decimal | None]:
    """The share of its training that a job has likely done, and the USD charged for that; asks nobody.

    None: its price is unknown.
    """
    done = trained_share(job, job.started or job.created, estimate(workspace, job), workspace.now())
    return done, None if job.usd is None else job.usd * Decimal(str(round(done, 4)))


def job_names(jobs: Iterable[tuple[str, str]]) -> list[str]:
    """The student of each job; where several are of one, with the job's own name, which stop takes too.

    Args:
        jobs: Student and name of each.
    """
    rows = list(jobs)
    count = Counter(student for student, _ in rows)
    return [student if count[student] == 1 else f"{student} ({job})" for student, job in rows]


def _todo(workspace: Workspace, job: JobRow, todo: str) -> str:
    """What to do about a job that failed; training it again has a command of its own."""
    if job not in failed_jobs([other for other in workspace.store.jobs.all() if other.arn]):
        return ""  # a later job of the same student has done so
    if todo != AGAIN:
        return todo
    epochs = job.hyperparameters.get("epochCount")
    usual = str(workspace.settings.training.hyperparameters.epochs)
    command = plan_command("train", size=(job.size,), epochs=None if epochs == usual else epochs)
    return f"{AGAIN.removesuffix('.')}: {command}"


def job_view(workspace: Workspace, job: JobRow) -> JobView:
    """A job as the store knows it; asks nobody."""
    now = workspace.now()
    began = job.started or job.created
    spent = max(0.0, (job.ended or now) - began)
    # A job that is being stopped will not need what its whole training would have taken.
    ending = job.status in FINISHED or job.cut_short
    left = None if ending else estimate(workspace, job).likely - spent
    losses = workspace.store.jobs.losses(job.name)
    explained = translate(job.failure) if job.failure else None
    stage = next((one for one in job.stages if one.state == JobStatus.IN_PROGRESS), None)
    return JobView(
        job=job.name,
        student=job.student,
        size=job.size,
        status=job.status,
        stage=stage.stage.value if stage else "",
        stages=tuple(StageView(one.stage.value, one.state, one.seconds) for one in timeline(job, now)),
        elapsed=spent,
        left=left if left is not None and left > 0 else None,
        usd=job.cost,
        unverified=is_rate_unverified(workspace, job.base_model, job.region),
        usd_at_most=job.most if job.cut_short else None,
        loss=last_epoch_loss(losses),
        deleted=job.name in deleted_jobs(workspace),
        failure=explained.what if explained else "",
        todo=_todo(workspace, job, explained.todo) if explained else "",
        seen=job.seen,
        arn=job.arn or "",
        hyperparameters=job.hyperparameters,
    )


def student_views(workspace: Workspace) -> list[StudentView]:
    """The project's students, each with its deployment's state."""
    return [_student_view(workspace, row) for row in workspace.store.students.all()]


def _student_view(workspace: Workspace, row: StudentRow) -> StudentView:
    price = keeping_price(workspace, row.base_model, row.arn)
    return StudentView(
        row.name, row.size, row.arn, *state_of(workspace, row.name), price.amount, price.unverified
    )

"""Everything that runs or bills, as the store knows it, and the details of one job. Asks nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from stillroom.serving import DeploymentStatus
from stillroom.steps.deployed import runs_own, state_of
from stillroom.steps.elsewhere import elsewhere
from stillroom.steps.hourly import hourly
from stillroom.steps.job_views import JobView, job_view, trained
from stillroom.steps.spent import keeping_price
from stillroom.steps.workspace import Workspace
from stillroom.store import DeploymentRow, JobRow, StudentRow
from stillroom.training import JobStatus
from stillroom.training.estimate import TimeEstimate, training_time
from stillroom.training.metrics import LossPoint

JOB, DEPLOYMENT, MODEL, THROUGHPUT = "job", "deployment", "model", "throughput"

_STATES: Mapping[str, str] = {
    JobStatus.IN_PROGRESS: "running",
    JobStatus.STOPPING: "running",
    JobStatus.COMPLETED: "done",
    JobStatus.FAILED: "failed",
    JobStatus.STOPPED: "stopped",
    DeploymentStatus.CREATING: "running",
    DeploymentStatus.ACTIVE: "done",
    "InService": "running",
    "Updating": "running",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that runs or bills."""

    key: str
    """Tells it from all others and stays the same."""
    kind: str
    """``job``, ``deployment``, ``model``, ``throughput``, or the service's kind of a foreign thing."""
    name: str
    """What verbs take: the student's name, or the thing's own. May come from outside."""
    own_name: str
    """Its name in AWS."""
    state: str
    """``done``, ``running``, ``waiting``, ``failed`` or ``stopped``."""
    status: str
    """The service's own word, known here or not."""
    usd: Decimal | None
    """Money in ``per``; None: nothing, or not known."""
    per: str
    """``about``, ``at most``, ``so far``, ``an hour``, ``a month``, ``by tokens``, or empty: unknown."""
    unverified: bool
    """The price is one that nobody has confirmed."""
    seen: float | None
    """Unix time of the latest look; None: never, or not looked at by itself."""
    ours: bool
    """False: this project did not make it."""
    job: JobView | None = None
    units: int = 0
    """Model units of provisioned throughput."""
    so_far: Decimal | None = None
    """USD that provisioned throughput has cost since it began."""
    deployment: str = ""
    """Of a job or a custom model: the status of what serves its student; empty: nothing does."""
    of_run: bool = False
    """Whether ``run`` has made what serves this student, and is going to remove it."""


@dataclass(frozen=True, slots=True)
class Everything:
    """All that runs or bills, in the order of the flow: jobs, then what they left; each newest first."""

    things: tuple[Thing, ...]
    listed: float | None
    """Unix time at which the account was last listed; None: never."""


@dataclass(frozen=True, slots=True)
class JobDetails:
    """One customization job, as far as it is known."""

    view: JobView
    made: float
    """Unix time when it was written down."""
    expected: TimeEstimate
    """Of the whole job, on the service's clock."""
    hyperparameters: Mapping[str, str]
    base_model: str
    region: str
    role_arn: str
    records: int
    """Training records."""
    tokens: int | None
    """Tokens that training is billed for, all epochs; an estimate."""
    training_uri: str
    validation_uri: str
    output_uri: str
    model_arn: str
    """Empty until it has completed."""
    training: tuple[LossPoint, ...]
    validation: tuple[LossPoint, ...]
    said: str
    """The service's own words about a failure; text from outside."""


def everything(workspace: Workspace) -> Everything:
    """Gather it from the store."""
    others, listed = elsewhere(workspace)
    students = sorted(workspace.store.students.all(), key=lambda row: row.created, reverse=True)
    served = reversed(workspace.store.students.deployments())
    things = [
        *(_job(workspace, job) for job in reversed(workspace.store.jobs.all()) if job.arn),
        *_throughput(workspace),
        *(_deployment(workspace, row) for row in served),
        *(_model(workspace, row) for row in students),
    ]
    for number, other in enumerate(others):
        things.append(
            Thing(
                f"other:{number}:{other.kind}:{other.name}", other.kind, other.name, other.name,
                _STATES.get(other.status, "waiting"), other.status, None, "", False, listed, ours=False,
            )
        )  # fmt: skip
    return Everything(tuple(things), listed)


def job_details(workspace: Workspace, name: str) -> JobDetails | None:
    """One job of the project by its name; None when there is none."""
    job = workspace.store.jobs.get(name)
    if job is None:
        return None
    epochs = int(job.hyperparameters.get("epochCount", "2"))
    return JobDetails(
        view=job_view(workspace, job),
        made=job.created,
        expected=training_time(job.records, epochs, speed=workspace.store_speed()),
        hyperparameters=job.hyperparameters,
        base_model=job.base_model,
        region=job.region,
        role_arn=job.role_arn,
        records=job.records,
        tokens=job.tokens,
        training_uri=job.training_uri,
        validation_uri=job.validation_uri or "",
        output_uri=job.output_uri,
        model_arn=job.model_arn or "",
        training=tuple(workspace.store.jobs.losses(name, "training")),
        validation=tuple(workspace.store.jobs.losses(name, "validation")),
        said=job.failure,
    )


def _job(workspace: Workspace, job: JobRow) -> Thing:
    view = job_view(workspace, job)
    usd, per = view.usd, "about"
    if view.usd_at_most is not None:
        usd, per = view.usd_at_most, "at most"
    elif job.status == JobStatus.IN_PROGRESS and usd is not None:
        usd, per = trained(workspace, job)[1], "so far"
    return Thing(
        f"job:{job.name}", JOB, job.student, job.name, _STATES.get(job.status, "waiting"), job.status,
        usd, per, view.unverified, job.seen, ours=True, job=view,
        deployment=state_of(workspace, job.student)[0], of_run=runs_own(workspace, job.student),
    )  # fmt: skip


def _deployment(workspace: Workspace, row: DeploymentRow) -> Thing:
    status = row.status or "asked for"
    return Thing(
        f"deployment:{row.name}", DEPLOYMENT, row.student, row.name, _STATES.get(status, "waiting"), status,
        None, "by tokens", False, None, ours=True, of_run=runs_own(workspace, row.student),
    )  # fmt: skip


def _model(workspace: Workspace, row: StudentRow) -> Thing:
    price = keeping_price(workspace, row.base_model, row.arn)
    return Thing(
        f"model:{row.name}", MODEL, row.name, row.arn, "done", "kept", price.amount, "a month",
        price.unverified, None, ours=True, deployment=state_of(workspace, row.name)[0],
        of_run=runs_own(workspace, row.name),
    )  # fmt: skip


def _throughput(workspace: Workspace) -> Iterator[Thing]:
    """Provisioned throughput: this project buys none, so all of it was made by other hands."""
    _, seen = workspace.billing()
    for one in hourly(workspace):
        yield Thing(
            f"throughput:{one.arn}", THROUGHPUT, one.name, one.arn, "running", "bills", one.usd_per_hour,
            "an hour", one.unverified, seen, ours=False, units=one.units, so_far=one.usd_so_far,
        )  # fmt: skip

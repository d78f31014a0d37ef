"""What the store keeps about files, AWS things and the project's history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypedDict

from stillroom.training.jobs import JobStatus, StageFact, never_trained


@dataclass(frozen=True, slots=True)
class RecordsFile:
    """A file of training records that was built."""

    size: int
    """Training size in unique pictures; 0 for the validation file."""
    path: str
    """POSIX path below the project folder."""
    sha256: str
    records: int
    bytes: int
    key: str
    """Hash of everything the file was built from."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An object that was seen in the bucket after uploading."""

    key: str
    bytes: int
    etag: str
    sha256: str


@dataclass(frozen=True, slots=True)
class JobRow:
    """A customization job. Written before the job is created, so that a run that died can go on."""

    name: str
    """``jobName``."""
    size: int
    """Training size in unique pictures."""
    student: str
    """``customModelName``."""
    token: str
    """``clientRequestToken``: the same token gives the same job."""
    base_model: str
    hyperparameters: Mapping[str, str]
    """As sent."""
    region: str
    role_arn: str
    training_uri: str
    validation_uri: str | None
    output_uri: str
    records: int
    created: float
    """Unix time when it was written down, or asked for again since nobody had answered."""
    tokens: int | None = None
    """Tokens that training is billed for, all epochs; an estimate."""
    usd: Decimal | None = None
    """Likely price of training; None: not known."""
    usd_high: Decimal | None = None
    """Highest price of training; None: ``usd`` is all that is known."""
    arn: str | None = None
    """None: the call was not answered yet."""
    status: str = ""
    """As AWS gives it; empty: not created yet."""
    stages: tuple[StageFact, ...] = ()
    failure: str = ""
    """``failureMessage``."""
    started: float | None = None
    ended: float | None = None
    seen: float | None = None
    """Unix time of the latest look."""
    model_arn: str | None = None
    """``outputModelArn``, when completed."""

    @property
    def cut_short(self) -> bool:
        """Whether it never trains to its end: what it had trained may be billed, and AWS tells no figure."""
        ends = (JobStatus.STOPPING, JobStatus.STOPPED, JobStatus.FAILED)
        return self.status in ends and not self.untrained

    @property
    def cost(self) -> Decimal | None:
        """USD that it is likely to cost in all; None: not known, or only that it is ``most`` at most."""
        if self.untrained:
            return Decimal(0)
        return None if self.cut_short else self.usd

    @property
    def most(self) -> Decimal | None:
        """USD that it may cost at most; None: not known."""
        if self.untrained:
            return Decimal(0)
        return self.usd if self.usd_high is None else self.usd_high

    @property
    def untrained(self) -> bool:
        """Whether it ended before its training began: it is billed for no token."""
        return self.status in (JobStatus.STOPPED, JobStatus.FAILED) and never_trained(self.stages)


class JobChanges(TypedDict, total=False):
    """The fields of a job that change."""

    created: float
    arn: str | None
    status: str
    stages: tuple[StageFact, ...]
    failure: str
    started: float | None
    ended: float | None
    seen: float | None
    model_arn: str | None
    tokens: int | None
    usd: Decimal | None
    usd_high: Decimal | None


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A custom model: what a completed job leaves."""

    name: str
    arn: str
    base_model: str
    job: str
    """Name of the job."""
    size: int
    """Training size in unique pictures."""
    created: float
    """Unix time; storage is billed from here."""
    deleted: float | None = None


@dataclass(frozen=True, slots=True)
class DeploymentRow:
    """An on-demand deployment. Written before it is created."""

    name: str
    student: str
    token: str
    """``clientRequestToken``."""
    created: float
    """Unix time when it was written down, or asked for again since nobody had answered."""
    arn: str | None = None
    """None: the call was not answered yet."""
    status: str = ""
    deleted: float | None = None
    by_run: bool = False
    """Whether ``run`` has made it and is going to remove it; what somebody asked for by hand stays."""


class DeploymentChanges(TypedDict, total=False):
    """The fields of a deployment that change."""

    created: float
    arn: str | None
    status: str
    deleted: float | None
    by_run: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened and must not be missed."""

    id: int
    kind: str
    text: str
    at: float
    """Unix time."""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A Plan that was shown and agreed to."""

    id: int
    verb: str
    text: str
    facts: Mapping[str, object]
    at: float
    """Unix time."""

"""A customization job as it was last seen: status, stages, and how long each stage took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol


class JobStatus(StrEnum):
    """Statuses of GetModelCustomizationJob. A status that is not here is kept and shown as it came."""

    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"


class Stage(StrEnum):
    """The stages of a job, in their order; the words are those that users see."""

    VALIDATION = "validation"
    DATA_PROCESSING = "data processing"
    TRAINING = "training"


class StageState(StrEnum):
    """States of one stage (``JobStatusDetails``). An unknown one is kept and shown as it came."""

    NOT_STARTED = "NotStarted"
    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    FAILED = "Failed"


FINISHED = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.STOPPED})
"""Statuses after which a job never changes again."""

_STAGE_MEMBERS = (
    (Stage.VALIDATION, "validationDetails"),
    (Stage.DATA_PROCESSING, "dataProcessingDetails"),
    (Stage.TRAINING, "trainingDetails"),
)


@dataclass(frozen=True, slots=True)
class StageFact:
    """One stage of a job, as the service reports it."""

    stage: Stage
    state: str
    """A :class:`StageState`, or the service's own word for one that is not known here."""
    began: float | None
    """Unix time; None while the service names none."""
    changed: float | None
    """Unix time of the last change: the end of the stage once it is over."""


class Staged(Protocol):
    """A job as far as its stages go."""

    @property
    def stages(self) -> tuple[StageFact, ...]: ...

    @property
    def ended(self) -> float | None:
        """Unix time; None while it goes."""


@dataclass(frozen=True, slots=True)
class JobState:
    """A customization job as one look at the service saw it."""

    arn: str
    name: str
    status: str
    """A :class:`JobStatus`, or the service's own word for one that is not known here."""
    created: float
    """Unix time."""
    stages: tuple[StageFact, ...]
    """Always the three stages, in order."""
    base_model: str = ""
    """ARN of the base model."""
    custom_model_name: str = ""
    custom_model_arn: str = ""
    """Empty until the job is Completed."""
    role_arn: str = ""
    changed: float | None = None
    ended: float | None = None
    failure_message: str = ""
    """The service's own words; text from outside."""
    hyperparameters: Mapping[str, str] = field(default_factory=dict)
    training_uri: str = ""
    validation_uris: tuple[str, ...] = ()
    output_uri: str = ""
    training_loss: float | None = None
    """The one figure the service keeps after completion; the curve is in the metrics file."""
    validation_loss: float | None = None
    token: str = ""
    """``clientRequestToken`` the job was created with; empty in listings."""

    @property
    def finished(self) -> bool:
        """Whether the job will never change again."""
        return self.status in FINISHED

    @property
    def job_id(self) -> str:
        """Last segment of the ARN: it names the output folder ``model-customization-job-<job id>``."""
        return self.arn.rsplit("/", 1)[-1]


def never_trained(stages: Sequence[StageFact]) -> bool:
    """Whether a job ended in a stage before its training: no token was trained, and none is billed.

    Stages that the service leaves out count as not started and tell nothing.
    """
    ended = (StageState.FAILED, StageState.STOPPED)
    return any(fact.stage is not Stage.TRAINING and fact.state in ended for fact in stages)


@dataclass(frozen=True, slots=True)
class Span:
    """One stage on the job's time line."""

    stage: Stage
    state: str
    began: float | None
    """Unix time."""
    ended: float | None
    """Unix time; None while the stage is not over."""
    seconds: float
    """Time spent in the stage so far; 0 when it has not begun or its start is not known."""


def unix_time(value: Any) -> float | None:
    """Read a time as boto3 or JSON gives it.

    Args:
        value: A datetime, Unix seconds, or ISO 8601 text; a time without a zone counts as UTC.

    Returns:
        Unix seconds; None for anything that is no time.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return None


def parse_stages(details: Mapping[str, Any] | None) -> tuple[StageFact, ...]:
    """Read ``statusDetails``; members that are missing (older jobs, early looks) are NotStarted.

    Args:
        details: The member as the service sent it, or None.

    Returns:
        Always three stages, in order.
    """
    facts = []
    for stage, member in _STAGE_MEMBERS:
        found = (details or {}).get(member) or {}
        facts.append(
            StageFact(
                stage=stage,
                state=_word(StageState, found.get("status") or StageState.NOT_STARTED),
                began=unix_time(found.get("creationTime")),
                changed=unix_time(found.get("lastModifiedTime")),
            )
        )
    return tuple(facts)


def parse_job(response: Mapping[str, Any]) -> JobState:
    """Read an answer of GetModelCustomizationJob, or one summary of ListModelCustomizationJobs.

    Args:
        response: The answer as botocore parsed it. Only ``jobArn`` is needed.

    Returns:
        The state, with empty values for what the answer does not hold.

    Raises:
        KeyError: There is no ``jobArn``.
    """
    validators = (response.get("validationDataConfig") or {}).get("validators") or []
    losses = [found.get("validationLoss") for found in response.get("validationMetrics") or []]
    return JobState(
        arn=str(response["jobArn"]),
        name=str(response.get("jobName") or ""),
        status=_word(JobStatus, response.get("status") or ""),
        created=unix_time(response.get("creationTime")) or 0.0,
        stages=parse_stages(response.get("statusDetails")),
        base_model=str(response.get("baseModelArn") or ""),
        custom_model_name=str(response.get("outputModelName") or response.get("customModelName") or ""),
        custom_model_arn=str(response.get("outputModelArn") or response.get("customModelArn") or ""),
        role_arn=str(response.get("roleArn") or ""),
        changed=unix_time(response.get("lastModifiedTime")),
        ended=unix_time(response.get("endTime")),
        failure_message=str(response.get("failureMessage") or ""),
        hyperparameters={str(k): str(v) for k, v in (response.get("hyperParameters") or {}).items()},
        training_uri=str((response.get("trainingDataConfig") or {}).get("s3Uri") or ""),
        validation_uris=tuple(str(found.get("s3Uri") or "") for found in validators),
        output_uri=str((response.get("outputDataConfig") or {}).get("s3Uri") or ""),
        training_loss=_number((response.get("trainingMetrics") or {}).get("trainingLoss")),
        validation_loss=_number(losses[0]) if losses else None,
        token=str(response.get("clientRequestToken") or ""),
    )


def timeline(job: Staged, now: float) -> tuple[Span, ...]:
    """Give each stage its place in time.

    Args:
        job: The job as it was last seen.
        now: Unix time; a stage that is going on lasts until now. A clock that jumped back counts as 0 s.

    Returns:
        The three stages in order.
    """
    spans = []
    for fact in job.stages:
        over = fact.state in (StageState.COMPLETED, StageState.STOPPED, StageState.FAILED)
        ended = (fact.changed or job.ended) if over else None
        until = ended if over else (job.ended or now)
        going = fact.began is not None and fact.state != StageState.NOT_STARTED
        seconds = max(0.0, (until or now) - fact.began) if going and fact.began is not None else 0.0
        spans.append(Span(fact.stage, fact.state, fact.began, ended, seconds))
    return tuple(spans)


def current_stage(job: JobState) -> StageFact | None:
    """The stage the job is in: the first that is neither completed nor untouched; None when there is none."""
    idle = (StageState.NOT_STARTED, StageState.COMPLETED)
    return next((fact for fact in job.stages if fact.state not in idle), None)


def _word(words: type[StrEnum], value: Any) -> str:
    text = str(value)
    try:
        return words(text)
    except ValueError:
        return text


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

"""Customization jobs and the custom models they leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stillroom.aws.session import Session
from stillroom.training.jobs import JobState
from stillroom.training.metrics import Metrics
from stillroom.training.models import CustomModel

ROLE_PATIENCE = 60.0
"""Seconds that a new role is given to become assumable."""


@dataclass(frozen=True, slots=True)
class JobOrder:
    """Everything a job is created with."""

    job_name: str
    model_name: str
    """Name of the custom model it will leave."""
    role_arn: str
    base_model: str
    training_uri: str
    output_uri: str
    hyperparameters: Mapping[str, str]
    """Of :func:`stillroom.training.hyperparameters.as_strings`."""
    token: str
    """``clientRequestToken``: stored before the call; the same token never starts a second job."""
    validation_uri: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    key_id: str = ""
    """KMS key for the custom model; usually empty."""


@dataclass(frozen=True, slots=True)
class JobMetrics:
    """The metrics files of a finished job."""

    training: Metrics | None
    """None: there is no such file (the job has not completed)."""
    validation: Metrics | None
    training_key: str = ""
    validation_key: str = ""


def create_job(
    session: Session,
    order: JobOrder,
    *,
    role_patience: float = 0.0,
    sleep: Callable[[float], None] | None = None,
    monotonic: Callable[[], float] | None = None,
) -> str:
    """Create a customization job. Its training is paid.

    Args:
        session: Session.
        order: What to create. Names and token are checked against the API's patterns: botocore does not.
        role_patience: Seconds to go on while Bedrock cannot assume the role yet; 0 unless it was just made
            (:data:`ROLE_PATIENCE`). The token makes asking again safe.
        sleep: Waits so many seconds; ``time.sleep`` by default. May raise to give up.
        monotonic: Clock in seconds; ``time.monotonic`` by default.

    Returns:
        ARN of the job.

    Raises:
        UsageError: A name or the token is not what the API takes.
        Conflict: A name is taken.
        BadRequest, PermissionRefused, ModelRefused, QuotaRefused: As the service says.
    """
    raise NotImplementedError


def get_job(session: Session, job: str) -> JobState:
    """One job by name or ARN.

    Raises:
        NotFound: There is none.
    """
    raise NotImplementedError


def list_jobs(
    session: Session, *, name_contains: str = "", created_after: float | None = None
) -> list[JobState]:
    """Jobs of the account in the session's region, newest first. Summaries hold no settings."""
    raise NotImplementedError


def find_job(session: Session, name: str) -> JobState | None:
    """The job of exactly this name; None when there is none."""
    raise NotImplementedError


def stop_job(session: Session, job: str) -> bool:
    """Ask a job to stop.

    Returns:
        False when it had already finished.

    Raises:
        NotFound: There is none.
    """
    raise NotImplementedError


def read_job_metrics(session: Session, job: JobState, account: str = "") -> JobMetrics:
    """Find and read the metrics files of a job below its output URI.

    Four layouts of the folder are on record, so files are found by name below
    ``model-customization-job-<job id>/``.

    Raises:
        Refused: The bucket may not be read.
    """
    raise NotImplementedError


def get_model(session: Session, model: str) -> CustomModel:
    """One custom model by name or ARN.

    Raises:
        NotFound: There is none.
    """
    raise NotImplementedError


def list_custom_models(session: Session, *, name_contains: str = "") -> list[CustomModel]:
    """Custom models of the account in the session's region, newest first."""
    raise NotImplementedError


def delete_model(session: Session, model: str) -> bool:
    """Delete a custom model; it cannot be brought back.

    Returns:
        False when there was none.

    Raises:
        Conflict: A deployment or provisioned throughput still uses it.
    """
    raise NotImplementedError

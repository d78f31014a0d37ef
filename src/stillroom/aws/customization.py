"""Customization jobs and the custom models they leave."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from stillroom.aws.buckets import ObjectFact, list_prefix, read_object, split_uri
from stillroom.aws.session import Session
from stillroom.aws.tags import bedrock_tags
from stillroom.errors import PermissionRefused, UsageError
from stillroom.training.jobs import JobState, parse_job
from stillroom.training.metrics import Metrics, read_metrics
from stillroom.training.models import CustomModel, parse_model
from stillroom.training.names import is_job_name, is_model_name, is_token

ROLE_PATIENCE = 60.0
"""Seconds that a new role is given to become assumable."""
_ROLE_PAUSE = 5.0
_ROLE_ARN = re.compile(r"arn:aws(-[^:]+)?:iam::([0-9]{12})?:role/.+")
_S3_URI = re.compile(
    r"s3://[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:/[-!_*'().a-z0-9A-Z]+)*/?",
)
"""``S3Uri`` of the service model, with the same meaning."""

TRAINING_FILE = "step_wise_training_metrics.csv"
VALIDATION_FILE = "validation_metrics.csv"


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
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> str:
    """Create a customization job. Its training is paid.

    Args:
        session: Session.
        order: What to create. Names and token are checked against the API's patterns: botocore does not.
        role_patience: Seconds to go on while Bedrock cannot assume the role yet; 0 unless it was just made
            (:data:`ROLE_PATIENCE`). The token makes asking again safe.
        sleep: Waits so many seconds. May raise to give up.
        monotonic: Clock in seconds.

    Returns:
        ARN of the job.

    Raises:
        UsageError: A name, the token, the role or a URI is not what the API takes.
        Conflict: A name is taken.
        BadRequest, PermissionRefused, ModelRefused, QuotaRefused: As the service says.
    """
    _check_order(order)
    client = session.client("bedrock")
    give_up = monotonic() + role_patience
    while True:
        try:
            with session.calling("create the customization job", order.base_model):
                answer = client.create_model_customization_job(**creation_request(order))
        except PermissionRefused as error:
            # IAM tells all of AWS about a new role only after some seconds
            young = "assume" in error.what and monotonic() + _ROLE_PAUSE <= give_up
            if not young:
                raise
            sleep(_ROLE_PAUSE)
        else:
            return str(answer["jobArn"])


def creation_request(order: JobOrder) -> dict[str, Any]:
    """The very parameters of CreateModelCustomizationJob."""
    request: dict[str, Any] = {
        "jobName": order.job_name,
        "customModelName": order.model_name,
        "roleArn": order.role_arn,
        "baseModelIdentifier": order.base_model,
        "customizationType": "FINE_TUNING",
        "trainingDataConfig": {"s3Uri": order.training_uri},
        "outputDataConfig": {"s3Uri": order.output_uri},
        "hyperParameters": dict(order.hyperparameters),
        "clientRequestToken": order.token,
    }
    if order.validation_uri:
        request["validationDataConfig"] = {"validators": [{"s3Uri": order.validation_uri}]}
    if order.tags:
        request["jobTags"] = bedrock_tags(order.tags)
        request["customModelTags"] = bedrock_tags(order.tags)
    if order.key_id:
        request["customModelKmsKeyId"] = order.key_id
    return request


def get_job(session: Session, job: str) -> JobState:
    """One job by name or ARN.

    Raises:
        NotFound: There is none.
    """
    with session.calling("look at the job", f"job {job}"):
        return parse_job(session.client("bedrock").get_model_customization_job(jobIdentifier=job))


def list_jobs(
    session: Session, *, name_contains: str = "", created_after: float | None = None
) -> list[JobState]:
    """Jobs of the account in the session's region, newest first. Summaries hold no settings.

    Args:
        session: Session.
        name_contains: Part of the name; empty: all.
        created_after: Unix time; None: all.
    """
    wanted: dict[str, Any] = {"sortBy": "CreationTime", "sortOrder": "Descending"}
    if name_contains:
        wanted["nameContains"] = name_contains
    if created_after is not None:
        wanted["creationTimeAfter"] = datetime.fromtimestamp(created_after, UTC)
    return [
        parse_job(one)
        for one in _pages(
            session,
            "list the jobs",
            "list_model_customization_jobs",
            wanted,
            "modelCustomizationJobSummaries",
        )
    ]


def stop_job(session: Session, job: str) -> bool:
    """Ask a job to stop.

    Returns:
        False when it had already finished.

    Raises:
        NotFound: There is none.
    """
    client = session.client("bedrock")
    with session.calling("stop the job", f"job {job}"):
        try:
            client.stop_model_customization_job(jobIdentifier=job)
        except client.exceptions.ConflictException:
            return False
    return True


def read_job_metrics(session: Session, job: JobState, account: str = "") -> JobMetrics:
    """Find and read the metrics files of a job below its output URI.

    Four layouts of the folder are on record, so files are found by name below
    ``model-customization-job-<job id>/``.

    Args:
        session: Session of the bucket's region.
        job: Of :func:`get_job`; summaries have no output URI.
        account: 12-digit account that must own the bucket; empty: not checked.

    Raises:
        Refused: The bucket may not be read.
        StillroomError: A file has no column of losses.
    """
    bucket, key = split_uri(job.output_uri)
    folder = f"{key.rstrip('/')}/" if key.strip("/") else ""
    held = list_prefix(session, bucket, f"{folder}model-customization-job-{job.job_id}/", account)
    training, validation = _named(held, TRAINING_FILE), _named(held, VALIDATION_FILE)
    return JobMetrics(
        training=read_metrics(read_object(session, bucket, training, account)) if training else None,
        validation=read_metrics(read_object(session, bucket, validation, account)) if validation else None,
        training_key=training,
        validation_key=validation,
    )


def get_model(session: Session, model: str) -> CustomModel:
    """One custom model by name or ARN.

    Raises:
        NotFound: There is none.
    """
    with session.calling("look at the custom model", f"custom model {model}"):
        return parse_model(session.client("bedrock").get_custom_model(modelIdentifier=model))


def list_custom_models(session: Session, *, name_contains: str = "") -> list[CustomModel]:
    """Custom models of the account in the session's region, newest first."""
    wanted: dict[str, Any] = {"sortBy": "CreationTime", "sortOrder": "Descending", "isOwned": True}
    if name_contains:
        wanted["nameContains"] = name_contains
    found = _pages(session, "list the custom models", "list_custom_models", wanted, "modelSummaries")
    return [parse_model(one) for one in found]


def delete_model(session: Session, model: str) -> bool:
    """Delete a custom model; it cannot be brought back.

    Returns:
        False when there was none.

    Raises:
        Conflict: A deployment or provisioned throughput still uses it.
    """
    client = session.client("bedrock")
    with session.calling("delete the custom model", f"custom model {model}"):
        try:
            client.delete_custom_model(modelIdentifier=model)
        except client.exceptions.ResourceNotFoundException:
            return False
    return True


def _check_order(order: JobOrder) -> None:
    checks = (
        ("job name", order.job_name, is_job_name(order.job_name)),
        ("model name", order.model_name, is_model_name(order.model_name)),
        ("request token", order.token, is_token(order.token)),
        ("role ARN", order.role_arn, _ROLE_ARN.fullmatch(order.role_arn)),
        ("training URI", order.training_uri, _is_uri(order.training_uri)),
        ("output URI", order.output_uri, _is_uri(order.output_uri)),
        ("validation URI", order.validation_uri, not order.validation_uri or _is_uri(order.validation_uri)),
    )
    for what, value, good in checks:
        if not good:
            raise UsageError(
                f"The {what} {value!r} is not one that Bedrock takes.",
                "Names: at most 63 letters, digits and dashes. URIs: s3://bucket/key with plain characters.",
            )


def _is_uri(uri: str) -> bool:
    return len(uri) <= 1024 and _S3_URI.fullmatch(uri) is not None


def _named(held: list[ObjectFact], name: str) -> str:
    """Key of the newest object whose file name is exactly this one; empty when there is none."""
    fitting = [one for one in held if one.key.rsplit("/", 1)[-1] == name]
    return max(fitting, key=lambda one: one.changed).key if fitting else ""


def _pages(
    session: Session, doing: str, operation: str, wanted: Mapping[str, Any], member: str
) -> list[Mapping[str, Any]]:
    with session.calling(doing):
        pages = session.client("bedrock").get_paginator(operation).paginate(**wanted)
        return [one for page in pages for one in page.get(member) or []]

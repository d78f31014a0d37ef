"""A custom model: what a finished job leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from stillroom.training.jobs import unix_time


class ModelStatus(StrEnum):
    """``modelStatus`` of GetCustomModel. An unknown one is kept and shown as it came."""

    ACTIVE = "Active"
    CREATING = "Creating"
    FAILED = "Failed"


@dataclass(frozen=True, slots=True)
class CustomModel:
    """A custom model as one look at the service saw it. It is stored, and billed, until it is deleted."""

    arn: str
    name: str
    created: float
    """Unix time."""
    status: str
    """A :class:`ModelStatus`; older answers name none, and then it is Active."""
    base_model: str = ""
    """ARN of the base model."""
    job_arn: str = ""
    """Empty in listings."""
    failure_message: str = ""


def parse_model(response: Mapping[str, Any]) -> CustomModel:
    """Read an answer of GetCustomModel, or one summary of ListCustomModels.

    Raises:
        KeyError: There is no ``modelArn``.
    """
    return CustomModel(
        arn=str(response["modelArn"]),
        name=str(response.get("modelName") or ""),
        created=unix_time(response.get("creationTime")) or 0.0,
        status=str(response.get("modelStatus") or ModelStatus.ACTIVE),
        base_model=str(response.get("baseModelArn") or ""),
        job_arn=str(response.get("jobArn") or ""),
        failure_message=str(response.get("failureMessage") or ""),
    )

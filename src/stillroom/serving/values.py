"""What serves a student: on-demand deployments, and provisioned throughput that the account holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from stillroom.training.jobs import unix_time


class DeploymentStatus(StrEnum):
    """Statuses of a custom-model deployment. An unknown one is kept and shown as it came."""

    CREATING = "Creating"
    ACTIVE = "Active"
    FAILED = "Failed"


class ProvisionedStatus(StrEnum):
    """Statuses of provisioned throughput. An unknown one is kept and shown as it came."""

    CREATING = "Creating"
    IN_SERVICE = "InService"
    UPDATING = "Updating"
    FAILED = "Failed"


@dataclass(frozen=True, slots=True)
class Deployment:
    """An on-demand deployment: billed by tokens only, nothing while idle."""

    arn: str
    name: str
    model_arn: str
    """The custom model it serves."""
    status: str
    """A :class:`DeploymentStatus`, or the service's own word."""
    created: float
    """Unix time."""
    changed: float | None = None
    failure_message: str = ""

    @property
    def usable(self) -> bool:
        """Whether Converse can be called with this ARN now."""
        return self.status == DeploymentStatus.ACTIVE

    @property
    def settled(self) -> bool:
        """Whether the status will not change by itself any more."""
        return self.status in (DeploymentStatus.ACTIVE, DeploymentStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Provisioned:
    """Provisioned throughput: billed by the hour, idle or not, from creation until it is deleted."""

    arn: str
    name: str
    model_arn: str
    foundation_model_arn: str
    units: int
    """Model units; the hourly price is per unit."""
    status: str
    """A :class:`ProvisionedStatus`, or the service's own word."""
    created: float
    """Unix time; the bill runs from here."""
    commitment: str = ""
    """``OneMonth``, ``SixMonths``, or empty: none, and it can be deleted at any time."""
    commitment_ends: float | None = None
    """Unix time; before it, it cannot be deleted, and it renews by itself."""
    failure_message: str = ""

    @property
    def usable(self) -> bool:
        """Whether Converse can be called with this ARN now."""
        return self.status in (ProvisionedStatus.IN_SERVICE, ProvisionedStatus.UPDATING)

    def committed(self, now: float) -> bool:
        """Whether it cannot be deleted at this Unix time."""
        return bool(self.commitment) and (self.commitment_ends is None or now < self.commitment_ends)


def parse_deployment(response: Mapping[str, Any]) -> Deployment:
    """Read an answer of GetCustomModelDeployment, or one summary of ListCustomModelDeployments.

    The two name the deployment differently: ``modelDeploymentName`` and ``customModelDeploymentName``.

    Raises:
        KeyError: There is no ``customModelDeploymentArn``.
    """
    name = response.get("modelDeploymentName") or response.get("customModelDeploymentName") or ""
    return Deployment(
        arn=str(response["customModelDeploymentArn"]),
        name=str(name),
        model_arn=str(response.get("modelArn") or ""),
        status=str(response.get("status") or ""),
        created=unix_time(response.get("createdAt")) or 0.0,
        changed=unix_time(response.get("lastUpdatedAt")),
        failure_message=str(response.get("failureMessage") or ""),
    )


def parse_provisioned(response: Mapping[str, Any]) -> Provisioned:
    """Read an answer of GetProvisionedModelThroughput, or one summary of its listing.

    Raises:
        KeyError: There is no ``provisionedModelArn``.
    """
    return Provisioned(
        arn=str(response["provisionedModelArn"]),
        name=str(response.get("provisionedModelName") or ""),
        model_arn=str(response.get("modelArn") or ""),
        foundation_model_arn=str(response.get("foundationModelArn") or ""),
        units=int(response.get("modelUnits") or 0),
        status=str(response.get("status") or ""),
        created=unix_time(response.get("creationTime")) or 0.0,
        commitment=str(response.get("commitmentDuration") or ""),
        commitment_ends=unix_time(response.get("commitmentExpirationTime")),
        failure_message=str(response.get("failureMessage") or ""),
    )

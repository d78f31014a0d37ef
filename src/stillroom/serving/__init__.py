"""Serving: deployments and provisioned throughput, their life, what they cost, their order of removal."""

from stillroom.serving.removal import Kind, Removal
from stillroom.serving.values import Deployment, DeploymentStatus, Provisioned, ProvisionedStatus

__all__ = [
    "Deployment",
    "DeploymentStatus",
    "Kind",
    "Provisioned",
    "ProvisionedStatus",
    "Removal",
]

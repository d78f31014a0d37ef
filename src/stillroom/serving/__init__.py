"""Serving: deployments and provisioned throughput, their life, what they cost."""

from stillroom.serving.values import Deployment, DeploymentStatus, Provisioned, ProvisionedStatus

__all__ = [
    "Deployment",
    "DeploymentStatus",
    "Provisioned",
    "ProvisionedStatus",
]

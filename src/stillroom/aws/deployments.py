"""On-demand deployments of custom models, and provisioned throughput that exists (none is bought here)."""

from __future__ import annotations

from collections.abc import Mapping

from stillroom.aws.session import Session
from stillroom.serving.values import Deployment, Provisioned


def create_deployment(
    session: Session,
    name: str,
    model_arn: str,
    *,
    token: str,
    tags: Mapping[str, str] | None = None,
    description: str = "",
) -> str:
    """Deploy a custom model on demand: billed by tokens, nothing while idle.

    Args:
        session: Session.
        name: Name of the deployment, within the API's pattern.
        model_arn: Custom model; it must be Active.
        token: ``clientRequestToken``, stored before the call.
        tags: Tags of the project.
        description: At most 2,048 characters.

    Returns:
        ARN of the deployment.

    Raises:
        UsageError: The name or the token is not what the API takes.
        Conflict, BadRequest, NotFound, QuotaRefused, PermissionRefused: As the service says.
    """
    raise NotImplementedError


def get_deployment(session: Session, deployment: str) -> Deployment:
    """One deployment by name or ARN.

    Raises:
        NotFound: There is none.
    """
    raise NotImplementedError


def list_deployments(session: Session, *, model_arn: str = "", name_contains: str = "") -> list[Deployment]:
    """Deployments of the account in the session's region, newest first."""
    raise NotImplementedError


def delete_deployment(session: Session, deployment: str) -> bool:
    """Delete a deployment; False when there was none.

    Raises:
        Conflict: It cannot go now (it is being created or updated).
    """
    raise NotImplementedError


def list_provisioned(session: Session) -> list[Provisioned]:
    """All provisioned throughput of the account in the session's region; each bills by the hour."""
    raise NotImplementedError


def get_provisioned(session: Session, provisioned: str) -> Provisioned:
    """One provisioned throughput by name or ARN.

    Raises:
        NotFound: There is none.
    """
    raise NotImplementedError


def delete_provisioned(session: Session, provisioned: str) -> bool:
    """Delete provisioned throughput, which ends its bill; False when there was none.

    Raises:
        Conflict: A commitment still runs.
    """
    raise NotImplementedError

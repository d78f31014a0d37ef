"""On-demand deployments of custom models, and provisioned throughput that exists (none is bought here)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stillroom.aws.session import Session
from stillroom.aws.tags import bedrock_tags
from stillroom.errors import UsageError
from stillroom.serving.names import is_model_name
from stillroom.serving.values import Deployment, Provisioned, parse_deployment, parse_provisioned
from stillroom.training.names import is_token


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
    if not is_model_name(name):
        raise UsageError(
            f"{name!r} is no name for a deployment.",
            "At most 63 letters, digits and single dashes between them.",
        )
    if not is_token(token):
        raise UsageError("The request token is not one that Bedrock takes.", "Letters, digits and dashes.")
    request: dict[str, Any] = {
        "modelDeploymentName": name,
        "modelArn": model_arn,
        "clientRequestToken": token,
    }
    if tags:
        request["tags"] = bedrock_tags(tags)
    if description:
        request["description"] = description[:2048]
    with session.calling("deploy the custom model"):
        answer = session.client("bedrock").create_custom_model_deployment(**request)
    return str(answer["customModelDeploymentArn"])


def get_deployment(session: Session, deployment: str) -> Deployment:
    """One deployment by name or ARN.

    Raises:
        NotFound: There is none.
    """
    with session.calling("look at the deployment", f"deployment {deployment}"):
        answer = session.client("bedrock").get_custom_model_deployment(
            customModelDeploymentIdentifier=deployment
        )
    return parse_deployment(answer)


def list_deployments(session: Session, *, model_arn: str = "", name_contains: str = "") -> list[Deployment]:
    """Deployments of the account in the session's region, newest first.

    Args:
        session: Session.
        model_arn: Only those of this custom model; empty: all.
        name_contains: Part of the name; empty: all.
    """
    wanted: dict[str, Any] = {"sortBy": "CreationTime", "sortOrder": "Descending"}
    if model_arn:
        wanted["modelArnEquals"] = model_arn
    if name_contains:
        wanted["nameContains"] = name_contains
    with session.calling("list the deployments"):
        pages = session.client("bedrock").get_paginator("list_custom_model_deployments").paginate(**wanted)
        return [parse_deployment(one) for page in pages for one in page.get("modelDeploymentSummaries") or []]


def delete_deployment(session: Session, deployment: str) -> bool:
    """Delete a deployment; False when there was none.

    Raises:
        Conflict: It cannot go now (it is being created or updated).
    """
    client = session.client("bedrock")
    with session.calling("remove the deployment", f"deployment {deployment}"):
        try:
            client.delete_custom_model_deployment(customModelDeploymentIdentifier=deployment)
        except client.exceptions.ResourceNotFoundException:
            return False
    return True


def list_provisioned(session: Session) -> list[Provisioned]:
    """All provisioned throughput of the account in the session's region; each bills by the hour."""
    with session.calling("list the provisioned throughput"):
        pages = session.client("bedrock").get_paginator("list_provisioned_model_throughputs").paginate()
        return [
            parse_provisioned(one) for page in pages for one in page.get("provisionedModelSummaries") or []
        ]


def delete_provisioned(session: Session, provisioned: str) -> bool:
    """Delete provisioned throughput, which ends its bill; False when there was none.

    Raises:
        Conflict: A commitment still runs.
    """
    client = session.client("bedrock")
    with session.calling("remove the provisioned throughput", f"provisioned throughput {provisioned}"):
        try:
            client.delete_provisioned_model_throughput(provisionedModelId=provisioned)
        except client.exceptions.ResourceNotFoundException:
            return False
    return True

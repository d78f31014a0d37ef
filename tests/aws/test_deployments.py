from datetime import UTC, datetime

import pytest

from stillroom.aws.deployments import (
    create_deployment,
    delete_deployment,
    delete_provisioned,
    get_deployment,
    list_deployments,
    list_provisioned,
)
from stillroom.errors import Conflict, QuotaRefused, UsageError

MODEL = "arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.nova-lite-v1:0:300k/abcdefghijkl"
ARN = "arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/abcdefghijkl"
PT = "arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abcdefghijkl"
BASE = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def provisioned() -> dict[str, object]:
    return {
        "provisionedModelName": "pt",
        "provisionedModelArn": PT,
        "modelArn": MODEL,
        "desiredModelArn": MODEL,
        "foundationModelArn": BASE,
        "modelUnits": 2,
        "desiredModelUnits": 2,
        "status": "InService",
        "creationTime": NOON,
        "lastModifiedTime": NOON,
    }


def test_a_deployment_is_created_with_token_and_tags(session, stub) -> None:
    stub("bedrock").add_response(
        "create_custom_model_deployment",
        {"customModelDeploymentArn": ARN},
        {
            "modelDeploymentName": "kw-300",
            "modelArn": MODEL,
            "clientRequestToken": "t-1",
            "tags": [{"key": "stillroom:project", "value": "p"}],
            "description": "d" * 2048,
        },
    )
    found = create_deployment(
        session, "kw-300", MODEL, token="t-1", tags={"stillroom:project": "p"}, description="d" * 3000
    )
    assert found == ARN


@pytest.mark.parametrize(("name", "token"), [("a b", "t"), ("", "t"), ("a", ""), ("a", "-t")])
def test_what_the_api_would_refuse_is_not_sent(session, stub, name: str, token: str) -> None:
    stub("bedrock")
    with pytest.raises(UsageError):
        create_deployment(session, name, MODEL, token=token)


def test_ten_deployments_are_the_quota(session, stub) -> None:
    stub("bedrock").add_client_error(
        "create_custom_model_deployment", "ServiceQuotaExceededException", "10", 400
    )
    with pytest.raises(QuotaRefused):
        create_deployment(session, "kw", MODEL, token="t")


def test_one_deployment_and_all(session, stub) -> None:
    bedrock = stub("bedrock")
    bedrock.add_response(
        "get_custom_model_deployment",
        {
            "customModelDeploymentArn": ARN,
            "modelDeploymentName": "kw",
            "modelArn": MODEL,
            "createdAt": NOON,
            "status": "Creating",
        },
        {"customModelDeploymentIdentifier": "kw"},
    )
    bedrock.add_response(
        "list_custom_model_deployments",
        {
            "modelDeploymentSummaries": [
                {
                    "customModelDeploymentArn": ARN,
                    "customModelDeploymentName": "kw",
                    "modelArn": MODEL,
                    "createdAt": NOON,
                    "status": "Active",
                }
            ]
        },
        {"sortBy": "CreationTime", "sortOrder": "Descending", "modelArnEquals": MODEL, "nameContains": "k"},
    )
    assert get_deployment(session, "kw").usable is False
    (found,) = list_deployments(session, model_arn=MODEL, name_contains="k")
    assert (found.name, found.usable, found.created) == ("kw", True, NOON.timestamp())


def test_removing_a_deployment(session, stub) -> None:
    bedrock = stub("bedrock")
    bedrock.add_response("delete_custom_model_deployment", {}, {"customModelDeploymentIdentifier": ARN})
    bedrock.add_client_error("delete_custom_model_deployment", "ResourceNotFoundException", "x", 404)
    bedrock.add_client_error("delete_custom_model_deployment", "ConflictException", "creating", 400)
    assert delete_deployment(session, ARN) is True
    assert delete_deployment(session, ARN) is False
    with pytest.raises(Conflict, match="creating"):
        delete_deployment(session, ARN)


def test_provisioned_throughput(session, stub) -> None:
    bedrock = stub("bedrock")
    bedrock.add_response("list_provisioned_model_throughputs", {"provisionedModelSummaries": [provisioned()]})
    (found,) = list_provisioned(session)
    assert (found.arn, found.units, found.model_arn, found.commitment) == (PT, 2, MODEL, "")


def test_removing_provisioned_throughput(session, stub) -> None:
    bedrock = stub("bedrock")
    bedrock.add_response("delete_provisioned_model_throughput", {}, {"provisionedModelId": PT})
    bedrock.add_client_error("delete_provisioned_model_throughput", "ResourceNotFoundException", "x", 404)
    bedrock.add_client_error("delete_provisioned_model_throughput", "ConflictException", "commitment", 400)
    assert delete_provisioned(session, PT) is True
    assert delete_provisioned(session, PT) is False
    with pytest.raises(Conflict, match="commitment"):
        delete_provisioned(session, PT)

"""Custom models, their deployments, provisioned throughput, tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Until = Callable[..., Any]


def refused(call: Callable[..., Any], **params: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as error:
        call(**params)
    answer = error.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.fixture(scope="module")
def student(workshop: Any, eventually: Until) -> str:
    """ARN of a trained and active model."""
    request = workshop.request(customModelName="student", hyperParameters={"epochCount": "5"})
    arn = workshop.bedrock.create_model_customization_job(**request)["jobArn"]
    workshop.ended(arn, eventually)
    look = lambda: workshop.bedrock.get_custom_model(modelIdentifier="student")  # noqa: E731
    return str(eventually(look, lambda model: model["modelStatus"] == "Active")["modelArn"])


def trained_on(workshop: Any, student: str, name: str, eventually: Until) -> str:
    """ARN of a model that is trained on from the student."""
    request = workshop.request(customModelName=name, baseModelIdentifier=student)
    job = workshop.ended(workshop.bedrock.create_model_customization_job(**request)["jobArn"], eventually)
    assert job["status"] == "Completed", job.get("failureMessage")
    look = lambda: workshop.bedrock.get_custom_model(modelIdentifier=name)  # noqa: E731
    model = eventually(look, lambda one: one["modelStatus"] == "Active")
    assert model["baseModelArn"] == student
    return str(model["modelArn"])


@pytest.fixture(scope="module")
def second(workshop: Any, student: str, eventually: Until) -> str:
    """ARN of a model that was trained on from the student; it stays."""
    return trained_on(workshop, student, "second", eventually)


def served(service: Any, model: str) -> int:
    calls = {one["model"]: one["served"] for one in service.get("/_sandbox/bill")["calls"]}
    return int(calls.get(model, 0))


def active(bedrock: Any, name: str, eventually: Until) -> Any:
    look = lambda: bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=name)  # noqa: E731
    return eventually(look, lambda one: one["status"] == "Active")


def test_a_deployment_lives_and_answers(
    workshop: Any, student: str, second: str, eventually: Until, picture: Callable[..., bytes]
) -> None:
    bedrock, service = workshop.bedrock, workshop.service
    service.turn(speed=1)
    make = {"modelDeploymentName": "live", "modelArn": student, "clientRequestToken": "once"}
    tags = [{"key": "stillroom:project", "value": "p"}]
    arn = bedrock.create_custom_model_deployment(**make, tags=tags)["customModelDeploymentArn"]
    assert bedrock.create_custom_model_deployment(**make, tags=tags)["customModelDeploymentArn"] == arn
    assert bedrock.get_custom_model_deployment(customModelDeploymentIdentifier="live")["status"] == "Creating"
    with pytest.raises(ClientError) as early:
        service.ask(arn, picture(1))
    assert early.value.response["Error"]["Code"] == "ModelNotReadyException"
    assert early.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    delete = bedrock.delete_custom_model_deployment
    assert refused(delete, customModelDeploymentIdentifier=arn) == ("ConflictException", 400)
    service.turn(speed=50_000)
    assert active(bedrock, arn, eventually)["modelArn"] == student
    before = served(service, student)
    assert "sky" in service.ask(arn, picture(1))["output"]["message"]["content"][0]["text"]
    assert served(service, student) == before + 1
    assert refused(bedrock.delete_custom_model, modelIdentifier=student) == ("ConflictException", 400)
    taken = {"modelDeploymentName": "live", "modelArn": student}
    assert refused(bedrock.create_custom_model_deployment, **taken)[0] == "ConflictException"

    bedrock.update_custom_model_deployment(customModelDeploymentIdentifier=arn, modelArn=second)
    look = lambda: bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=arn)  # noqa: E731
    updated = eventually(look, lambda one: one["updateDetails"]["updateStatus"] == "UpdateCompleted")
    assert updated["modelArn"] == second
    listed = bedrock.list_custom_model_deployments(
        nameContains="liv", modelArnEquals=second, statusEquals="Active"
    )
    assert [one["customModelDeploymentArn"] for one in listed["modelDeploymentSummaries"]] == [arn]
    delete(customModelDeploymentIdentifier=arn)
    assert refused(look) == ("ResourceNotFoundException", 404)
    assert refused(service.ask, model=arn)[0] == "ResourceNotFoundException"
    held = {one["what"]: one for one in service.get("/_sandbox/bill")["held"]}
    assert held[arn]["hours"] > 0
    assert held[arn]["usd"] == 0


def test_deployments_that_are_refused(workshop: Any, student: str) -> None:
    create = workshop.bedrock.create_custom_model_deployment
    absent = student[:-12] + "a" * 12
    assert refused(create, modelDeploymentName="x", modelArn=absent)[0] == "ResourceNotFoundException"
    assert refused(create, modelDeploymentName="bad name", modelArn=student)[0] == "ValidationException"
    workshop.service.turn(speed=1)
    try:
        made = [
            create(modelDeploymentName=f"pending{n}", modelArn=student)["customModelDeploymentArn"]
            for n in range(2)
        ]
        third = refused(create, modelDeploymentName="pending2", modelArn=student)
    finally:
        workshop.service.turn(speed=50_000)
    assert third == ("ServiceQuotaExceededException", 400)
    assert len(made) == 2


def test_models_are_listed_and_deleted(workshop: Any, second: str, student: str) -> None:
    bedrock = workshop.bedrock
    listed = bedrock.list_custom_models(baseModelArnEquals=student)["modelSummaries"]
    assert [(one["modelArn"], one["baseModelName"], one["modelStatus"]) for one in listed] == [
        (second, "Nova Lite", "Active")
    ]
    foundation = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0:300k"
    assert len(bedrock.list_custom_models(foundationModelArnEquals=foundation)["modelSummaries"]) == 2
    names = [
        one["modelName"]
        for page in bedrock.get_paginator("list_custom_models").paginate(PaginationConfig={"PageSize": 1})
        for one in page["modelSummaries"]
    ]
    assert names == ["second", "student"]
    assert workshop.service.client("bedrock", "us-west-2").list_custom_models()["modelSummaries"] == []


def test_provisioned_throughput_needs_units(workshop: Any, student: str, eventually: Until) -> None:
    bedrock, service = workshop.bedrock, workshop.service
    create = bedrock.create_provisioned_model_throughput
    make = {"modelUnits": 1, "provisionedModelName": "pt", "modelId": student}
    assert refused(create, **make) == ("ServiceQuotaExceededException", 400)
    service.turn(provisioned_units=2)
    arn = create(**make)["provisionedModelArn"]
    assert refused(create, **make)[0] == "ConflictException"
    assert refused(create, **(make | {"provisionedModelName": "more", "modelUnits": 2}))[0] == (
        "ServiceQuotaExceededException"
    )
    assert refused(create, **(make | {"provisionedModelName": "bare", "modelId": "amazon.nova-lite-v1:0"}))[
        0
    ] == ("ValidationException")
    look = lambda: bedrock.get_provisioned_model_throughput(provisionedModelId="pt")  # noqa: E731
    got = eventually(look, lambda one: one["status"] == "InService")
    assert (got["provisionedModelArn"], got["modelArn"], got["modelUnits"]) == (arn, student, 1)
    assert service.ask(arn)["stopReason"] == "end_turn"
    listed = bedrock.list_provisioned_model_throughputs(statusEquals="InService")["provisionedModelSummaries"]
    assert [one["provisionedModelArn"] for one in listed if one["provisionedModelName"] == "pt"] == [arn]
    bedrock.update_provisioned_model_throughput(provisionedModelId=arn, desiredProvisionedModelName="renamed")
    assert refused(look) == ("ResourceNotFoundException", 404)
    bedrock.delete_provisioned_model_throughput(provisionedModelId="renamed")
    held = {one["what"]: one for one in service.get("/_sandbox/bill")["held"]}
    hours = held[arn]["hours"]
    assert held[arn]["usd"] == pytest.approx(108.15 * -(-hours // 1))
    service.turn(provisioned_units=0)


def test_a_commitment_binds(workshop: Any) -> None:
    workshop.service.turn(provisioned_units=1)
    bedrock = workshop.bedrock
    made = bedrock.create_provisioned_model_throughput(
        modelUnits=1,
        provisionedModelName="bound",
        modelId="amazon.nova-lite-v1:0:300k",
        commitmentDuration="OneMonth",
    )
    got = bedrock.get_provisioned_model_throughput(provisionedModelId="bound")
    assert (got["commitmentDuration"], got["commitmentExpirationTime"] > got["creationTime"]) == (
        "OneMonth",
        True,
    )
    delete = bedrock.delete_provisioned_model_throughput
    assert refused(delete, provisionedModelId=made["provisionedModelArn"]) == ("ConflictException", 400)
    line = next(
        one
        for one in workshop.service.get("/_sandbox/bill")["held"]
        if one["what"] == made["provisionedModelArn"]
    )
    # Nobody published the price of this commitment: unknown is not zero.
    assert line["usd"] is None
    workshop.service.turn(provisioned_units=0)


def test_tags(workshop: Any, second: str) -> None:
    bedrock = workshop.bedrock
    bedrock.tag_resource(resourceARN=second, tags=[{"key": "a", "value": "1"}, {"key": "b", "value": "2"}])
    bedrock.tag_resource(resourceARN=second, tags=[{"key": "a", "value": "3"}])
    bedrock.untag_resource(resourceARN=second, tagKeys=["b"])
    assert bedrock.list_tags_for_resource(resourceARN=second)["tags"] == [{"key": "a", "value": "3"}]
    many = [{"key": f"k{n}", "value": ""} for n in range(51)]
    assert refused(bedrock.tag_resource, resourceARN=second, tags=many)[0] == "TooManyTagsException"
    absent = second[:-12] + "a" * 12
    assert refused(bedrock.list_tags_for_resource, resourceARN=absent) == ("ResourceNotFoundException", 404)


def test_deleting_a_model_ends_its_storage(workshop: Any, student: str, eventually: Until) -> None:
    third = trained_on(workshop, student, "third", eventually)

    def hours() -> float:
        held = workshop.service.get("/_sandbox/bill")["held"]
        return float({one["what"]: one["hours"] for one in held}[third])

    workshop.bedrock.delete_custom_model(modelIdentifier=third)
    assert (
        refused(workshop.bedrock.get_custom_model, modelIdentifier="third")[0] == "ResourceNotFoundException"
    )
    assert hours() == hours() > 0

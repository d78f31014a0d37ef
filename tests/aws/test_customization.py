from datetime import UTC, datetime

import pytest

from stillroom.aws.customization import (
    ROLE_PATIENCE,
    JobOrder,
    create_job,
    creation_request,
    delete_model,
    get_job,
    get_model,
    list_custom_models,
    list_jobs,
    stop_job,
)
from stillroom.errors import (
    BadRequest,
    Conflict,
    NotFound,
    PermissionRefused,
    QuotaRefused,
    StillroomError,
    UsageError,
)

ARN = "arn:aws:bedrock:us-east-1:111122223333:model-customization-job/amazon.nova-lite-v1:0:300k/abcdefghijkl"
MODEL = "arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.nova-lite-v1:0:300k/abcdefghijkl"
BASE = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0:300k"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ROLE_NOT_READY = (
    "Could not assume provided IAM role. Please ensure that the role exists and Bedrock may assume it."
)


def order(**more: object) -> JobOrder:
    wanted: dict[str, object] = {
        "job_name": "kw-lite-300-ab",
        "model_name": "kw-300-ab",
        "role_arn": "arn:aws:iam::111122223333:role/BedrockFtRole",
        "base_model": "amazon.nova-lite-v1:0:300k",
        "training_uri": "s3://my-b/run-01/records/ab/x.jsonl",
        "output_uri": "s3://my-b/run-01/output/",
        "hyperparameters": {"epochCount": "5", "learningRate": "0.00001", "learningRateWarmupSteps": "10"},
        "token": "run-01-train-1",
        **more,
    }
    return JobOrder(**wanted)  # type: ignore[arg-type]


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def monotonic(self) -> float:
        return self.now


def test_a_job_is_created_with_everything(session, stub) -> None:
    wanted = order(
        validation_uri="s3://my-b/run-01/records/cd/v.jsonl",
        tags={"stillroom:project": "p-1"},
        key_id="alias/k",
    )
    tags = [{"key": "stillroom:project", "value": "p-1"}]
    expected = {
        "jobName": "kw-lite-300-ab",
        "customModelName": "kw-300-ab",
        "roleArn": "arn:aws:iam::111122223333:role/BedrockFtRole",
        "baseModelIdentifier": "amazon.nova-lite-v1:0:300k",
        "customizationType": "FINE_TUNING",
        "trainingDataConfig": {"s3Uri": "s3://my-b/run-01/records/ab/x.jsonl"},
        "validationDataConfig": {"validators": [{"s3Uri": "s3://my-b/run-01/records/cd/v.jsonl"}]},
        "outputDataConfig": {"s3Uri": "s3://my-b/run-01/output/"},
        "hyperParameters": {"epochCount": "5", "learningRate": "0.00001", "learningRateWarmupSteps": "10"},
        "clientRequestToken": "run-01-train-1",
        "jobTags": tags,
        "customModelTags": tags,
        "customModelKmsKeyId": "alias/k",
    }
    stub("bedrock").add_response("create_model_customization_job", {"jobArn": ARN}, expected)
    assert create_job(session, wanted) == ARN


def test_what_is_not_wanted_is_not_sent() -> None:
    assert not {"validationDataConfig", "jobTags", "customModelTags", "customModelKmsKeyId"} & set(
        creation_request(order())
    )


@pytest.mark.parametrize(
    "more",
    [
        {"job_name": ""},
        {"job_name": "-x"},
        {"job_name": "x" * 64},
        {"model_name": "a--b"},
        {"model_name": "a.b"},
        {"token": "a b"},
        {"role_arn": "BedrockFtRole"},
        {"training_uri": "s3://my-b/with blank.jsonl"},
        {"training_uri": "s3://My-B/x"},
        {"output_uri": "https://my-b/x"},
        {"validation_uri": "s3://my-b/사진.jsonl"},
        {"training_uri": "s3://my-b/" + "x" * 1024},
    ],
)
def test_what_the_api_would_refuse_is_not_sent(session, stub, more: dict[str, str]) -> None:
    stub("bedrock")
    with pytest.raises(UsageError, match="not one that Bedrock takes"):
        create_job(session, order(**more))


def test_a_new_role_is_waited_for(session, stub) -> None:
    clock = Clock()
    bedrock = stub("bedrock")
    for _ in range(3):
        bedrock.add_client_error("create_model_customization_job", "ValidationException", ROLE_NOT_READY, 400)
    bedrock.add_response("create_model_customization_job", {"jobArn": ARN})
    found = create_job(
        session, order(), role_patience=ROLE_PATIENCE, sleep=clock.sleep, monotonic=clock.monotonic
    )
    assert found == ARN
    assert clock.slept == [5.0, 5.0, 5.0]


def test_the_patience_for_a_new_role_ends(session, stub) -> None:
    clock = Clock()
    for _ in range(3):
        stub("bedrock").add_client_error(
            "create_model_customization_job", "ValidationException", ROLE_NOT_READY, 400
        )
    with pytest.raises(PermissionRefused, match="assume"):
        create_job(session, order(), role_patience=12.0, sleep=clock.sleep, monotonic=clock.monotonic)
    assert sum(clock.slept) == 10.0


def test_an_old_role_is_not_waited_for(session, stub) -> None:
    clock = Clock()
    stub("bedrock").add_client_error(
        "create_model_customization_job", "ValidationException", ROLE_NOT_READY, 400
    )
    with pytest.raises(PermissionRefused):
        create_job(session, order(), sleep=clock.sleep, monotonic=clock.monotonic)
    assert clock.slept == []


def test_other_refusals_are_not_waited_out(session, stub) -> None:
    clock = Clock()
    stub("bedrock").add_client_error(
        "create_model_customization_job",
        "AccessDeniedException",
        "not authorized to perform: iam:PassRole",
        403,
    )
    with pytest.raises(PermissionRefused, match="PassRole"):
        create_job(session, order(), role_patience=60, sleep=clock.sleep, monotonic=clock.monotonic)
    assert clock.slept == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ConflictException", Conflict),
        ("ValidationException", BadRequest),
        ("ServiceQuotaExceededException", QuotaRefused),
        ("ResourceNotFoundException", NotFound),
    ],
)
def test_refusals(session, stub, code: str, kind: type[StillroomError]) -> None:
    stub("bedrock").add_client_error("create_model_customization_job", code, "why", 400)
    with pytest.raises(kind):
        create_job(session, order())


def full_job() -> dict[str, object]:
    return {
        "jobArn": ARN,
        "jobName": "kw",
        "outputModelName": "m",
        "roleArn": "arn:aws:iam::111122223333:role/r",
        "status": "InProgress",
        "creationTime": NOON,
        "baseModelArn": BASE,
        "trainingDataConfig": {"s3Uri": "s3://my-b/t.jsonl"},
        "validationDataConfig": {"validators": []},
        "outputDataConfig": {"s3Uri": "s3://my-b/out/"},
    }


def summary(name: str, arn: str = ARN) -> dict[str, object]:
    return {
        "jobArn": arn,
        "jobName": name,
        "status": "InProgress",
        "creationTime": NOON,
        "baseModelArn": BASE,
    }


def test_one_job(session, stub) -> None:
    stub("bedrock").add_response("get_model_customization_job", full_job(), {"jobIdentifier": "kw"})
    found = get_job(session, "kw")
    assert (found.arn, found.status, found.output_uri) == (ARN, "InProgress", "s3://my-b/out/")


def test_a_job_that_is_not_there(session, stub) -> None:
    stub("bedrock").add_client_error("get_model_customization_job", "ResourceNotFoundException", "x", 404)
    with pytest.raises(NotFound, match="there is no job kw in us-east-1"):
        get_job(session, "kw")


def test_jobs_come_in_pages(session, stub) -> None:
    bedrock = stub("bedrock")
    asked = {
        "sortBy": "CreationTime",
        "sortOrder": "Descending",
        "nameContains": "kw",
        "creationTimeAfter": NOON,
    }
    bedrock.add_response(
        "list_model_customization_jobs",
        {"modelCustomizationJobSummaries": [summary("kw-1")], "nextToken": "n"},
        asked,
    )
    bedrock.add_response(
        "list_model_customization_jobs",
        {"modelCustomizationJobSummaries": [summary("kw-2")]},
        {**asked, "nextToken": "n"},
    )
    found = list_jobs(session, name_contains="kw", created_after=NOON.timestamp())
    assert [one.name for one in found] == ["kw-1", "kw-2"]


def test_stopping(session, stub) -> None:
    bedrock = stub("bedrock")
    bedrock.add_response("stop_model_customization_job", {}, {"jobIdentifier": "kw"})
    bedrock.add_client_error("stop_model_customization_job", "ConflictException", "finished", 400)
    bedrock.add_client_error("stop_model_customization_job", "ResourceNotFoundException", "x", 404)
    assert stop_job(session, "kw") is True
    assert stop_job(session, "kw") is False
    with pytest.raises(NotFound):
        stop_job(session, "kw")


def test_custom_models(session, stub) -> None:
    bedrock = stub("bedrock")
    bedrock.add_response(
        "get_custom_model",
        {"modelArn": MODEL, "modelName": "m", "creationTime": NOON, "modelStatus": "Creating"},
    )
    bedrock.add_response(
        "list_custom_models",
        {
            "modelSummaries": [
                {
                    "modelArn": MODEL,
                    "modelName": "m",
                    "creationTime": NOON,
                    "baseModelArn": BASE,
                    "baseModelName": "Nova Lite",
                }
            ]
        },
        {"sortBy": "CreationTime", "sortOrder": "Descending", "isOwned": True, "nameContains": "m"},
    )
    assert get_model(session, "m").status == "Creating"
    (found,) = list_custom_models(session, name_contains="m")
    assert (found.arn, found.base_model, found.status) == (MODEL, BASE, "Active")


def test_deleting_a_model(session, stub) -> None:
    bedrock = stub("bedrock")
    bedrock.add_response("delete_custom_model", {}, {"modelIdentifier": MODEL})
    bedrock.add_client_error("delete_custom_model", "ResourceNotFoundException", "x", 404)
    bedrock.add_client_error("delete_custom_model", "ConflictException", "in use", 400)
    assert delete_model(session, MODEL) is True
    assert delete_model(session, MODEL) is False
    with pytest.raises(Conflict, match="in use"):
        delete_model(session, MODEL)

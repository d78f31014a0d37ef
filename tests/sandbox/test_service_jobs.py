"""Customization jobs: stages, results, and everything that makes them fail."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Until = Callable[..., Any]


def refused(call: Callable[..., Any], **params: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        call(**params)
    answer = error.value.response
    return answer["Error"]["Code"], answer["Error"]["Message"]


def stages(job: Any) -> list[str]:
    return [
        job["statusDetails"][f"{one}Details"]["status"]
        for one in ("validation", "dataProcessing", "training")
    ]


def test_a_job_trains_a_model(workshop: Any, eventually: Until) -> None:
    before = workshop.service.get("/_sandbox/bill")["training"]
    validation = workshop.put("validation.jsonl", [workshop.record(n, "sky, grass") for n in range(3)])
    request = workshop.request(
        validationDataConfig={"validators": [{"s3Uri": validation}]},
        jobTags=[{"key": "stillroom:project", "value": "p"}],
        customModelTags=[{"key": "made", "value": "here"}],
    )
    arn = workshop.bedrock.create_model_customization_job(**request)["jobArn"]
    first = workshop.bedrock.get_model_customization_job(jobIdentifier=request["jobName"])
    assert first["status"] == "InProgress"
    assert "outputModelArn" not in first
    job = workshop.ended(arn, eventually)
    assert (job["status"], stages(job)) == ("Completed", ["Completed"] * 3), job.get("failureMessage")
    assert job["baseModelArn"] == "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0:300k"
    assert job["hyperParameters"] == {"epochCount": "2"}
    root = f"output/model-customization-job-{arn.rpartition('/')[2]}"
    rows = table(workshop, f"{root}/training_artifacts/step_wise_training_metrics.csv")
    assert [int(row["step_number"]) for row in rows] == list(range(24))
    assert float(rows[-1]["training_loss"]) == pytest.approx(job["trainingMetrics"]["trainingLoss"], abs=1e-5)
    for row in rows:
        assert float(row["perplexity"]) == pytest.approx(math.exp(float(row["training_loss"])), rel=1e-3)
    measured = f"{root}/validation_artifacts/post_fine_tuning_validation/validation/validation_metrics.csv"
    losses = table(workshop, measured)
    assert float(losses[-1]["validation_loss"]) == pytest.approx(
        job["validationMetrics"][0]["validationLoss"], abs=1e-5
    )
    model = eventually(
        lambda: workshop.bedrock.get_custom_model(modelIdentifier=job["outputModelArn"]),
        lambda one: one["modelStatus"] == "Active",
    )
    assert (model["jobArn"], model["modelName"]) == (arn, request["customModelName"])
    tags = workshop.bedrock.list_tags_for_resource(resourceARN=job["outputModelArn"])["tags"]
    assert tags == [{"key": "made", "value": "here"}]
    bill = workshop.service.get("/_sandbox/bill")
    billed = [one for one in bill["training"] if one not in before]
    assert billed[0]["job"] == request["jobName"]
    assert billed[0]["tokens"] > 12 * 2 * 800
    assert billed[0]["usd"] == pytest.approx(billed[0]["tokens"] * 0.002 / 1000)
    assert job["outputModelArn"] in [one["what"] for one in bill["held"]]


def table(workshop: Any, key: str) -> list[dict[str, str]]:
    body = workshop.s3.get_object(Bucket=workshop.bucket, Key=key)["Body"].read().decode()
    return list(csv.DictReader(io.StringIO(body)))


def test_stages_run_in_order_and_metrics_come_last(workshop: Any, eventually: Until) -> None:
    request = workshop.request(outputDataConfig={"s3Uri": f"s3://{workshop.bucket}/late"})
    workshop.service.turn(speed=700)
    seen: list[tuple[str, ...]] = []

    def look() -> Any:
        listed = workshop.s3.list_objects_v2(Bucket=workshop.bucket, Prefix="late/model-")
        job = workshop.bedrock.get_model_customization_job(jobIdentifier=arn)
        if job["status"] == "InProgress":
            assert listed["KeyCount"] == 0
        if tuple(stages(job)) not in seen:
            seen.append(tuple(stages(job)))
        return job

    try:
        arn = workshop.bedrock.create_model_customization_job(**request)["jobArn"]
        assert eventually(look, lambda job: job["status"] != "InProgress")["status"] == "Completed"
    finally:
        workshop.service.turn(speed=50_000)
    done, busy, wait = "Completed", "InProgress", "NotStarted"
    assert seen == [(busy, wait, wait), (done, busy, wait), (done, done, busy), (done, done, done)]


def test_the_same_token_is_the_same_job(workshop: Any, eventually: Until) -> None:
    request = workshop.request(clientRequestToken="token-1")
    create = workshop.bedrock.create_model_customization_job
    arn = create(**request)["jobArn"]
    assert create(**request)["jobArn"] == arn
    assert refused(create, **(request | {"jobName": "another"}))[0] == "ConflictException"
    workshop.ended(arn, eventually)
    assert create(**request)["jobArn"] == arn
    taken = workshop.request(jobName=request["jobName"])
    assert refused(create, **taken) == ("ConflictException", "The provided job name is currently in use.")
    taken = workshop.request(customModelName=request["customModelName"])
    assert refused(create, **taken)[0] == "ConflictException"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hyperParameters": {"epochCount": "6"}}, "epochCount"),
        ({"hyperParameters": {"epochCount": "two"}}, "epochCount"),
        ({"hyperParameters": {"learningRate": "0.01"}}, "learningRate"),
        ({"hyperParameters": {"learningRate": "nan"}}, "learningRate"),
        ({"hyperParameters": {"learningRateWarmupSteps": "101"}}, "learningRateWarmupSteps"),
        ({"hyperParameters": {"epochs": "2"}}, "epochs"),
        ({"baseModelIdentifier": "amazon.nova-lite-v1:0"}, "not supported"),
        ({"baseModelIdentifier": "amazon.nova-lite-v1:0:24k"}, "not supported"),
        ({"baseModelIdentifier": "amazon.nova-ultra-v1:0:300k"}, "invalid"),
        ({"baseModelIdentifier": "amazon.nova-premier-v1:0"}, "invalid|not supported"),
        ({"roleArn": "arn:aws:iam::111122223333:role/absent"}, "assume"),
        ({"roleArn": "not an arn"}, "regular expression"),
        ({"jobName": "bad name"}, "regular expression"),
        ({"jobName": "-" * 60 + "_"}, "regular expression"),
        ({"customModelName": "a.b"}, "regular expression"),
        ({"customizationType": "DISTILLATION"}, "FINE_TUNING"),
        ({"trainingDataConfig": {"s3Uri": "s3://b/하늘.jsonl"}}, "s3Uri"),
        ({"jobTags": [{"key": "키", "value": "v"}]}, "regular expression"),
        ({"clientRequestToken": "bad token"}, "regular expression"),
    ],
)
def test_refused_at_once(workshop: Any, changes: dict[str, Any], said: str) -> None:
    code, message = refused(workshop.bedrock.create_model_customization_job, **workshop.request(**changes))
    assert code == "ValidationException"
    assert any(one in message for one in said.split("|")), message


def test_legacy_models_are_not_tuned(workshop: Any) -> None:
    west = workshop.service.client("bedrock", "us-west-2")
    base = "anthropic.claude-3-haiku-20240307-v1:0:200k"
    code, message = refused(west.create_model_customization_job, **workshop.request(baseModelIdentifier=base))
    assert (code, "legacy" in message) == ("ValidationException", True)
    code, message = refused(west.create_model_customization_job, **workshop.request())
    assert (code, "us-west-2" in message) == ("ValidationException", True)


@pytest.mark.parametrize(
    "statement",
    [
        {"Principal": {"Service": "sagemaker.amazonaws.com"}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}},
        {
            "Condition": {
                "ArnEquals": {
                    "aws:SourceArn": "arn:aws:bedrock:eu-west-1:111122223333:model-customization-job/*"
                }
            }
        },
    ],
    ids=["service", "account", "region"],
)
def test_roles_that_cannot_be_assumed(workshop: Any, statement: dict[str, Any], request: Any) -> None:
    allow = {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
    name = f"untrusting-{request.node.callspec.id}"
    role = workshop.make_role(name, {"Version": "2012-10-17", "Statement": [allow | statement]})
    code, message = refused(workshop.bedrock.create_model_customization_job, **workshop.request(roleArn=role))
    assert (code, "assume" in message) == ("ValidationException", True)


def failed(workshop: Any, eventually: Until, stage: int, **changes: Any) -> str:
    """The failure message of a job that fails in a stage."""
    arn = workshop.bedrock.create_model_customization_job(**workshop.request(**changes))["jobArn"]
    job = workshop.ended(arn, eventually)
    wanted = ["Completed"] * stage + ["Failed"] + ["NotStarted"] * (2 - stage)
    assert (job["status"], stages(job)) == ("Failed", wanted), job.get("failureMessage")
    assert "outputModelArn" not in job
    return str(job["failureMessage"])


def data(uri: str) -> dict[str, Any]:
    return {"trainingDataConfig": {"s3Uri": uri}}


def test_data_that_are_not_there(workshop: Any, eventually: Until) -> None:
    message = failed(workshop, eventually, 0, **data(f"s3://{workshop.bucket}/absent.jsonl"))
    assert (
        f"GetObject permissions to access Amazon S3 bucket: {workshop.bucket} at key absent.jsonl" in message
    )
    for bucket in ("absent-bucket", "foreign-bucket"):
        assert "GetObject" in failed(workshop, eventually, 0, **data(f"s3://{bucket}/train.jsonl"))


def test_pictures_that_are_not_there(workshop: Any, eventually: Until) -> None:
    records = [workshop.record(n) for n in range(11)]
    records.append(workshop.record(0, uri=f"s3://{workshop.bucket}/images/absent.jpg"))
    message = failed(workshop, eventually, 0, **data(workshop.put("absent-picture.jsonl", records)))
    assert "at key images/absent.jpg" in message


def test_roles_whose_policy_does_not_reach(workshop: Any, eventually: Until) -> None:
    arn = f"arn:aws:s3:::{workshop.bucket}"
    read = {"Effect": "Allow", "Action": "s3:GetObject"}
    write = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"{arn}/output/*"}
    everything = read | {"Resource": f"{arn}/*"}
    cases = {
        "blind": ([write], "at key train.jsonl"),
        "pictureless": ([read | {"Resource": f"{arn}/*.jsonl"}, write], "at key images/"),
        "mute": ([everything], "Amazon S3 perms missing (PutObject)"),
        "elsewhere": ([everything, write | {"Resource": f"{arn}/other/*"}], ".write_access_check_file.tmp"),
        "forbidden": ([everything, write, everything | {"Effect": "Deny"}], "GetObject"),
        "stranger": (
            [everything | {"Condition": {"StringEquals": {"aws:ResourceAccount": "999999999999"}}}, write],
            "GetObject",
        ),
    }
    for name, (policy, said) in cases.items():
        role = workshop.make_role(name, policy=policy)
        assert said in failed(workshop, eventually, 0, roleArn=role)
    # The grant may be narrow, as long as it covers all three.
    role = workshop.make_role("narrow", policy=[everything, write])
    arn = workshop.bedrock.create_model_customization_job(**workshop.request(roleArn=role))["jobArn"]
    assert workshop.ended(arn, eventually)["status"] == "Completed"


def test_buckets_of_other_regions(workshop: Any, eventually: Until) -> None:
    west = workshop.service.client("s3", "us-west-2")
    west.create_bucket(Bucket="western-data", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    body = "".join(json.dumps(workshop.record(n)) + "\n" for n in range(12))
    west.put_object(Bucket="western-data", Key="train.jsonl", Body=body.encode())
    role = workshop.make_role("wide", policy=[{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}])
    assert "GetObject" in failed(
        workshop, eventually, 0, roleArn=role, **data("s3://western-data/train.jsonl")
    )


def test_records_that_break_a_rule(workshop: Any, eventually: Until) -> None:
    good = [workshop.record(n) for n in range(11)]
    raw = "".join(json.dumps(one) + "\n" for one in good)
    workshop.s3.put_object(Bucket=workshop.bucket, Key="blank.jsonl", Body=(raw + "\n" + raw).encode())
    workshop.s3.put_object(Bucket=workshop.bucket, Key="array.jsonl", Body=json.dumps(good).encode())
    workshop.s3.create_bucket(Bucket="other-bucket")
    workshop.s3.put_object(Bucket="other-bucket", Key="x.jpg", Body=b"x")
    broken = {
        "few.jsonl": (good[:7], 0, "7 out of bounds"),
        "reserved.jsonl": ([*good, workshop.record(0, "sky, user: me")], 1, "ser"),
        "other.jsonl": ([*good, workshop.record(0, uri="s3://other-bucket/x.jpg")], None, "bucket"),
    }
    for key, (records, stage, said) in broken.items():
        uri = workshop.put(key, records)
        request = workshop.request(**data(uri))
        arn = workshop.bedrock.create_model_customization_job(**request)["jobArn"]
        job = workshop.ended(arn, eventually)
        assert (job["status"], said in job["failureMessage"]) == ("Failed", True), job["failureMessage"]
        assert stage is None or stages(job)[stage] == "Failed"
    for key in ("blank.jsonl", "array.jsonl"):
        message = failed(workshop, eventually, 0, **data(f"s3://{workshop.bucket}/{key}"))
        assert "Data files must conform to JSONL format" in message


def test_pictures_that_are_none(workshop: Any, eventually: Until) -> None:
    workshop.s3.put_object(Bucket=workshop.bucket, Key="images/text.jpg", Body=b"not a picture")
    half = workshop.s3.get_object(Bucket=workshop.bucket, Key="images/1.jpg")["Body"].read()
    workshop.s3.put_object(Bucket=workshop.bucket, Key="images/half.jpg", Body=half[: len(half) // 2])
    good = [workshop.record(n) for n in range(11)]
    for name, form in (("text.jpg", "jpeg"), ("2.jpg", "png")):
        bad = workshop.record(0, uri=f"s3://{workshop.bucket}/images/{name}", form=form)
        message = failed(workshop, eventually, 1, **data(workshop.put("bad-picture.jsonl", [*good, bad])))
        assert f"images/{name}" in message
    bad = workshop.record(0, uri=f"s3://{workshop.bucket}/images/half.jpg")
    arn = workshop.bedrock.create_model_customization_job(
        **workshop.request(**data(workshop.put("half-picture.jsonl", [*good, bad])))
    )["jobArn"]
    assert workshop.ended(arn, eventually)["status"] == "Failed"


def test_stopping_bills_what_was_trained(workshop: Any, eventually: Until) -> None:
    request = workshop.request()
    workshop.service.turn(speed=3000)
    try:
        arn = workshop.bedrock.create_model_customization_job(**request)["jobArn"]
        look = lambda: workshop.bedrock.get_model_customization_job(jobIdentifier=arn)  # noqa: E731
        eventually(look, lambda job: stages(job)[2] == "InProgress")
        workshop.service.turn(speed=200)
        workshop.bedrock.stop_model_customization_job(jobIdentifier=arn)
        assert look()["status"] == "Stopping"
        assert stages(look())[2] == "Stopping"
        workshop.bedrock.stop_model_customization_job(jobIdentifier=arn)
    finally:
        workshop.service.turn(speed=50_000)
    job = workshop.ended(arn, eventually)
    assert (job["status"], stages(job)) == ("Stopped", ["Completed", "Completed", "Stopped"])
    code, _ = refused(workshop.bedrock.stop_model_customization_job, jobIdentifier=arn)
    assert code == "ConflictException"
    billed = {one["job"]: one["tokens"] for one in workshop.service.get("/_sandbox/bill")["training"]}
    assert 0 < billed[request["jobName"]] < 12 * 2 * 900
    assert refused(workshop.bedrock.get_custom_model, modelIdentifier=request["customModelName"])[0] == (
        "ResourceNotFoundException"
    )


def test_jobs_are_listed_filtered_and_paged(workshop: Any, eventually: Until) -> None:
    arns = [
        workshop.bedrock.create_model_customization_job(**workshop.request(jobName=f"listed-{n}"))["jobArn"]
        for n in range(3)
    ]
    for arn in arns:
        workshop.ended(arn, eventually)
    pages = workshop.bedrock.get_paginator("list_model_customization_jobs").paginate(
        nameContains="listed", sortBy="CreationTime", sortOrder="Ascending", PaginationConfig={"PageSize": 2}
    )
    assert [one["jobArn"] for page in pages for one in page["modelCustomizationJobSummaries"]] == arns
    listing = workshop.bedrock.list_model_customization_jobs
    newest = listing(nameContains="listed", maxResults=1)["modelCustomizationJobSummaries"]
    assert [one["jobArn"] for one in newest] == arns[-1:]
    assert listing(statusEquals="Stopping")["modelCustomizationJobSummaries"] == []
    code, _ = refused(listing, nextToken="bm90IG91cnM=")
    assert code == "ValidationException"
    code, _ = refused(workshop.bedrock.get_model_customization_job, jobIdentifier="never-made")
    assert code == "ResourceNotFoundException"


def test_at_most_ten_jobs(start: Callable[..., Any], workshop: Any) -> None:
    box = start(speed=1)
    shop = type(workshop)(box)
    for _ in range(10):
        shop.bedrock.create_model_customization_job(**shop.request())
    code, message = refused(shop.bedrock.create_model_customization_job, **shop.request())
    assert (code, "10" in message) == ("ServiceQuotaExceededException", True)


def test_a_fault_in_training(start: Callable[..., Any], workshop: Any, eventually: Until) -> None:
    box = start(speed=50_000, faults={})
    box.turn(faults={"job": 1.0})
    shop = type(workshop)(box)
    message = failed(shop, eventually, 2)
    assert message.startswith("Encountered an unexpected error when processing the request")


def test_jobs_go_on_after_a_kill(start: Callable[..., Any], workshop: Any, eventually: Until) -> None:
    box = start(speed=3000)
    shop = type(workshop)(box)
    request = shop.request()
    arn = shop.bedrock.create_model_customization_job(**request)["jobArn"]
    eventually(
        lambda: shop.bedrock.get_model_customization_job(jobIdentifier=arn),
        lambda job: stages(job)[1] != "NotStarted",
    )
    box.kill()
    again = start(folder=box.folder)
    bedrock = again.client("bedrock")
    job = eventually(
        lambda: bedrock.get_model_customization_job(jobIdentifier=arn),
        lambda job: job["status"] != "InProgress",
    )
    assert job["status"] == "Completed"
    assert len(again.get("/_sandbox/bill")["training"]) == 1

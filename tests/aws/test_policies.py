import json
from dataclasses import replace

import pytest

from stillroom.aws.evaluation import allows, matches, trusts_bedrock
from stillroom.aws.policies import RoleNeeds, access_policy, as_text, caller_policy, trust_policy

NEEDS = RoleNeeds("111122223333", "us-east-1", "my-ft-bucket", "run-01")


def test_the_trust_policy_is_that_of_the_guide() -> None:
    assert trust_policy(NEEDS) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "bedrock.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": "111122223333"},
                    "ArnEquals": {
                        "aws:SourceArn": "arn:aws:bedrock:us-east-1:111122223333:model-customization-job/*"
                    },
                },
            }
        ],
    }


def test_the_access_policy_covers_records_pictures_and_output_and_no_more() -> None:
    documents = [access_policy(NEEDS)]
    inside = "arn:aws:s3:::my-ft-bucket/run-01/"
    assert allows(documents, "s3:GetObject", inside + "records/ab/x.jsonl") is True
    assert allows(documents, "s3:GetObject", inside + "pictures/ab/x.jpg") is True
    assert allows(documents, "s3:ListBucket", "arn:aws:s3:::my-ft-bucket") is True
    assert allows(documents, "s3:PutObject", inside + "output/x/metrics.csv") is True
    assert allows(documents, "s3:PutObject", inside + "records/ab/x.jsonl") is False
    assert allows(documents, "s3:GetObject", "arn:aws:s3:::my-ft-bucket/other/x.jpg") is False
    assert allows(documents, "s3:DeleteObject", inside + "output/x") is False


def test_a_project_without_a_prefix_reads_its_whole_bucket() -> None:
    needs = RoleNeeds("111122223333", "us-east-1", "b-1")
    assert needs.read_path == "arn:aws:s3:::b-1/*"
    assert needs.write_path == "arn:aws:s3:::b-1/output/*"


def test_a_key_of_the_customer_may_be_used() -> None:
    needs = RoleNeeds("1", "us-east-1", "b-1", key_arn="arn:aws:kms:us-east-1:1:key/k")
    assert allows([access_policy(needs)], "kms:Decrypt", needs.key_arn) is True


def test_the_operators_policy_names_what_is_needed() -> None:
    document = caller_policy(NEEDS, "role-1")
    actions = {action for statement in document["Statement"] for action in statement["Action"]}
    for action in (
        "bedrock:InvokeModel",
        "bedrock:CreateModelCustomizationJob",
        "iam:PassRole",
        "s3:PutObject",
    ):
        assert action in actions
    (passing,) = [one for one in document["Statement"] if one["Action"] == ["iam:PassRole"]]
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}
    assert passing["Resource"] == ["arn:aws:iam::111122223333:role/role-1"]
    assert "bedrock:CreateProvisionedModelThroughput" not in actions
    assert json.loads(as_text(document)) == document


def statement(**more: object) -> dict[str, object]:
    return {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*", **more}}


@pytest.mark.parametrize(
    ("documents", "allowed"),
    [
        ([], False),
        ([{}], False),
        ([statement()], True),
        ([statement(Action="S3:getobject")], True),
        ([statement(Action=["s3:Put*", "s3:Get?bject"])], True),
        ([statement(Action="s3:Put*")], False),
        ([statement(Resource="arn:aws:s3:::b/x/*")], False),
        ([statement(Condition={"Bool": {"aws:SecureTransport": "true"}})], None),
        ([{"Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}], None),
        ([statement(), statement(Effect="Deny")], False),
        ([statement(Effect="Deny"), statement()], False),
        ([statement(), statement(Effect="Deny", Condition={"Bool": {"x": "y"}})], None),
        ([statement(), statement(Effect="Deny", Resource="arn:aws:s3:::other/*")], True),
        ([statement(Condition={"Bool": {"x": "y"}}), statement()], True),
        ([statement(Effect="Deny", Condition={"Bool": {"x": "y"}}), statement()], None),
        ([statement(Effect="Deny", Condition={"Bool": {"x": "y"}})], False),
    ],
)
def test_reading_policies(documents: list[dict[str, object]], allowed: bool | None) -> None:
    assert allows(documents, "s3:GetObject", "arn:aws:s3:::b/k") is allowed


def trust(principal: object = None, conditions: object = None, **more: object) -> dict[str, object]:
    found = {
        "Effect": "Allow",
        "Principal": principal or {"Service": "bedrock.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    if conditions:
        found["Condition"] = conditions
    return {"Statement": [{**found, **more}]}


def both(*documents: dict[str, list[object]]) -> dict[str, object]:
    return {"Statement": [one for document in documents for one in document["Statement"]]}


JOBS = "arn:aws:bedrock:us-east-1:111122223333:model-customization-job/*"


@pytest.mark.parametrize(
    ("document", "trusted"),
    [
        (trust_policy(NEEDS), True),
        (trust(), True),
        (trust({"Service": ["ec2.amazonaws.com", "bedrock.amazonaws.com"]}), True),
        (trust({"Service": "ec2.amazonaws.com"}), False),
        (trust({"AWS": "arn:aws:iam::1:root"}), False),
        (trust(Effect="Deny"), False),
        (trust(Action="sts:TagSession"), False),
        (trust(conditions={"StringEquals": {"aws:SourceAccount": "999999999999"}}), False),
        (trust(conditions={"StringEquals": {"aws:SourceAccount": ["1", "111122223333"]}}), True),
        (trust(conditions={"ArnLike": {"AWS:SourceArn": JOBS}}), True),
        (trust(conditions={"ArnLike": {"aws:SourceArn": JOBS.replace("us-east-1", "us-west-2")}}), False),
        (trust(conditions={"StringEquals": {"aws:SourceArn": JOBS}}), False),
        (trust(conditions={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), None),
        ({}, False),
        (both(trust(), trust(Effect="Deny")), False),
        (both(trust(Effect="Deny"), trust()), False),
        (both(trust(), trust(Effect="Deny", conditions={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})), None),
        (both(trust(), trust(Effect="Deny", conditions={"StringEquals": {"aws:SourceAccount": "1"}})), True),
    ],
)
def test_reading_trust_policies(document: dict[str, object], trusted: bool | None) -> None:
    assert trusts_bedrock(document, NEEDS) is trusted


LITE = "amazon.nova-lite-v1:0"


@pytest.mark.parametrize(
    ("jobs", "of_lite", "of_any"),
    [
        (f"{LITE}:300k/*", True, None),
        (f"{LITE}:300k/????????????", True, None),
        ("amazon.nova-*", True, None),
        ("*/*", True, True),
        (f"{LITE}/*", None, None),
        (f"{LITE}:300k/a*", None, None),
        ("*a", None, None),
        ("amazon.nova-pro-v1:0:300k/*", False, None),
        (f"{LITE}", False, None),
        ("", False, False),
    ],
)
@pytest.mark.parametrize("operator", ["ArnEquals", "ArnLike", "StringLike"])
def test_trust_may_be_narrowed_to_some_jobs(
    operator: str, jobs: str, of_lite: bool | None, of_any: bool | None
) -> None:
    document = trust(conditions={operator: {"aws:SourceArn": JOBS.removesuffix("*") + jobs}})
    for base, trusted in (
        (f"{LITE}:300k", of_lite),
        (f"arn:aws:bedrock:us-east-1::foundation-model/{LITE}:300k", of_lite),
        ("arn:aws:bedrock:us-east-1:111122223333:custom-model/x.y/abcdefghijkl", of_any),
        ("", of_any),
    ):
        assert trusts_bedrock(document, replace(NEEDS, base_model=base)) is trusted


@pytest.mark.parametrize(
    ("arns", "trusted"),
    [
        ([JOBS.replace("customization", "invocation"), JOBS], True),
        ([JOBS.replace("customization", "invocation")], False),
        (["arn:aws:bedrock:*:111122223333:custom-model-deployment/*"], False),
        (["arn:aws:bedrock:*:111122223333:*"], True),
        (["arn:aws:bedrock:us-east-1:999999999999:model-customization-job/*"], False),
        (["*"], True),
        ([], False),
    ],
)
def test_jobs_are_among_what_trust_is_narrowed_to(arns: list[str], trusted: bool) -> None:
    document = trust(conditions={"ArnLike": {"aws:SourceArn": arns}})
    for base in ("", f"{LITE}:300k"):
        assert trusts_bedrock(document, replace(NEEDS, base_model=base)) is trusted


def test_a_refusal_of_some_jobs_is_one_of_ours_only_where_it_names_their_model() -> None:
    def refusing(jobs: str) -> dict[str, object]:
        narrowed = {"ArnLike": {"aws:SourceArn": JOBS.removesuffix("*") + jobs}}
        return both(trust(), trust(Effect="Deny", conditions=narrowed))

    needs = replace(NEEDS, base_model=f"{LITE}:300k")
    assert trusts_bedrock(refusing("amazon.nova-pro-v1:0:300k/*"), needs) is True
    assert trusts_bedrock(refusing(f"{LITE}:300k/*"), needs) is False
    assert trusts_bedrock(refusing(f"{LITE}:300k/*"), NEEDS) is None


def test_wildcards_are_the_only_signs_with_a_meaning() -> None:
    assert matches("a.c", "a.c")
    assert not matches("a.c", "abc")
    assert matches("*[x]?", "anything[x]y")

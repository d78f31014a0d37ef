"""STS and IAM as boto3 sees them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stillroom.sandbox.identity.policies import allowed, like, trusts

ANYBODY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:*"}],
}


@pytest.fixture(scope="module")
def iam(service: Any) -> Any:
    return service.client("iam")


def refusal(call: Any, **params: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as refused:
        call(**params)
    answer = refused.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_who_calls(service: Any) -> None:
    who = service.client("sts", "eu-west-1").get_caller_identity()
    assert who["Account"] == "111122223333"
    assert who["Arn"].startswith("arn:aws:iam::111122223333:")


@pytest.mark.parametrize(("key", "wanted"), [("EXPIRED1", "ExpiredToken"), ("DENIED1", "AccessDenied")])
def test_keys_made_for_errors(service: Any, key: str, wanted: str) -> None:
    for name, call in (("sts", "get_caller_identity"), ("iam", "list_roles")):
        assert refusal(getattr(service.client(name, key=key), call)) == (wanted, 403)


def test_a_role_and_its_policies(iam: Any) -> None:
    made = iam.create_role(
        RoleName="full",
        Path="/service/",
        AssumeRolePolicyDocument=json.dumps(ANYBODY),
        Description="for tests",
        Tags=[{"Key": "stillroom:project", "Value": "p"}],
    )["Role"]
    assert made["Arn"] == "arn:aws:iam::111122223333:role/service/full"
    got = iam.get_role(RoleName="full")["Role"]
    assert got["AssumeRolePolicyDocument"] == ANYBODY
    assert got["Tags"] == [{"Key": "stillroom:project", "Value": "p"}]
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="full", PolicyName="one", PolicyDocument=json.dumps(policy))
    assert iam.list_role_policies(RoleName="full")["PolicyNames"] == ["one"]
    assert iam.get_role_policy(RoleName="full", PolicyName="one")["PolicyDocument"] == policy
    assert iam.list_attached_role_policies(RoleName="full")["AttachedPolicies"] == []
    assert refusal(iam.delete_role, RoleName="full") == ("DeleteConflict", 409)
    assert refusal(iam.create_role, RoleName="full", AssumeRolePolicyDocument=json.dumps(ANYBODY)) == (
        "EntityAlreadyExists",
        409,
    )
    iam.tag_role(RoleName="full", Tags=[{"Key": "a", "Value": "b"}])
    assert {one["Key"] for one in iam.list_role_tags(RoleName="full")["Tags"]} == {"stillroom:project", "a"}
    iam.untag_role(RoleName="full", TagKeys=["a"])
    assert len(iam.list_role_tags(RoleName="full")["Tags"]) == 1
    other = ANYBODY | {"Statement": [ANYBODY["Statement"][0] | {"Effect": "Deny"}]}
    iam.update_assume_role_policy(RoleName="full", PolicyDocument=json.dumps(other))
    assert iam.get_role(RoleName="full")["Role"]["AssumeRolePolicyDocument"] == other
    iam.delete_role_policy(RoleName="full", PolicyName="one")
    iam.delete_role(RoleName="full")
    assert refusal(iam.get_role, RoleName="full") == ("NoSuchEntity", 404)


def test_roles_are_listed_in_pages(iam: Any) -> None:
    for number in range(5):
        iam.create_role(RoleName=f"page{number}", AssumeRolePolicyDocument=json.dumps(ANYBODY))
    pages = list(iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 2}))
    assert [one["RoleName"] for page in pages for one in page["Roles"]] == [f"page{n}" for n in range(5)]


@pytest.mark.parametrize("text", ["not json", "[]", '{"Statement": [{"Effect": "Perhaps", "Action": "*"}]}'])
def test_broken_policies_are_refused(iam: Any, text: str) -> None:
    wanted = ("MalformedPolicyDocument", 400)
    assert refusal(iam.create_role, RoleName="broken", AssumeRolePolicyDocument=text) == wanted


def test_bad_names_are_refused(iam: Any) -> None:
    answer = refusal(iam.create_role, RoleName="a/b", AssumeRolePolicyDocument=json.dumps(ANYBODY))
    assert answer == ("ValidationError", 400)


def test_assume_role(service: Any, iam: Any) -> None:
    sts = service.client("sts")
    iam.create_role(RoleName="open", AssumeRolePolicyDocument=json.dumps(ANYBODY))
    arn = "arn:aws:iam::111122223333:role/open"
    got = sts.assume_role(RoleArn=arn, RoleSessionName="session")
    assert got["Credentials"]["AccessKeyId"].startswith("ASIA")
    missing = "arn:aws:iam::111122223333:role/absent"
    assert refusal(sts.assume_role, RoleArn=missing, RoleSessionName="session") == ("AccessDenied", 403)


def test_an_action_we_do_not_have(iam: Any) -> None:
    assert refusal(iam.list_users)[0] == "InvalidAction"


@pytest.mark.parametrize(
    ("pattern", "value", "wanted"),
    [
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::bc/x", False),
        ("s3:Get?bject", "s3:GetObject", True),
        ("a.c", "abc", False),
        ("*", "line\nbreak", True),
    ],
)
def test_wildcards(pattern: str, value: str, wanted: bool) -> None:
    assert like(pattern, value) is wanted


def test_deny_wins_and_conditions_count() -> None:
    allow = {"Effect": "Allow", "Action": ["s3:Get*"], "Resource": "arn:aws:s3:::b/*"}
    read = ("s3:GetObject", "arn:aws:s3:::b/x")
    assert allowed([{"Statement": allow}], *read, {})
    assert not allowed([{"Statement": allow}], "s3:PutObject", "arn:aws:s3:::b/x", {})
    assert not allowed([{"Statement": [allow, allow | {"Effect": "Deny"}]}], *read, {})
    account = allow | {"Condition": {"StringEquals": {"aws:ResourceAccount": "1"}}}
    assert allowed([{"Statement": account}], *read, {"aws:ResourceAccount": "1"})
    assert not allowed([{"Statement": account}], *read, {"aws:ResourceAccount": "2"})
    assert not allowed([{"Statement": account}], *read, {})
    unknown = allow | {"Condition": {"IpAddress": {"aws:SourceIp": "*"}}}
    assert not allowed([{"Statement": unknown}], *read, {"aws:SourceIp": "1"})


def test_trust_needs_principal_action_and_condition() -> None:
    service = {"Service": "bedrock.amazonaws.com"}
    context = {
        "aws:SourceAccount": "1",
        "aws:SourceArn": "arn:aws:bedrock:us-east-1:1:model-customization-job/x",
    }
    one = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
    assert trusts({"Statement": one}, service, context)
    assert not trusts({"Statement": one | {"Principal": {"Service": "ec2.amazonaws.com"}}}, service, context)
    assert not trusts({"Statement": one | {"Action": "sts:TagSession"}}, service, context)
    arn = {
        "ArnLike": {
            "aws:SourceArn": ["arn:aws:bedrock:*:1:model-invocation-job/*", "arn:aws:bedrock:*:1:model-c*"]
        }
    }
    assert trusts({"Statement": one | {"Condition": arn}}, service, context)
    assert not trusts(
        {"Statement": one | {"Condition": arn}}, service, context | {"aws:SourceArn": "arn:aws:x"}
    )
    assert not trusts(
        {"Statement": one | {"Condition": {"StringEquals": {"aws:SourceAccount": "2"}}}}, service, context
    )

import json
from urllib.parse import quote

import pytest
from botocore.stub import ANY

from stillroom.aws.policies import RoleNeeds, access_policy, as_text, trust_policy
from stillroom.aws.roles import POLICY_NAME, check_role, default_role_name, delete_role, make_role
from stillroom.aws.tags import project_tags
from stillroom.errors import Conflict, PermissionRefused

NEEDS = RoleNeeds("111122223333", "us-east-1", "my-b", "run-01")
TAGS = project_tags("p-1")
ARN = "arn:aws:iam::111122223333:role/r-1"


def role(trust: str | None = None, tags: dict[str, str] | None = None) -> dict[str, object]:
    found = {
        "Path": "/",
        "RoleName": "r-1",
        "RoleId": "AROA0123456789ABCDEF",
        "Arn": ARN,
        "CreateDate": "2026-11-21T00:00:00Z",
        "AssumeRolePolicyDocument": trust if trust is not None else as_text(trust_policy(NEEDS)),
        "Tags": [{"Key": k, "Value": v} for k, v in (TAGS if tags is None else tags).items()],
    }
    return {"Role": found}


def held(document: object) -> dict[str, object]:
    return {"RoleName": "r-1", "PolicyName": POLICY_NAME, "PolicyDocument": document}


def test_a_new_role_has_both_policies_and_the_tags(session, stub) -> None:
    iam = stub("iam")
    iam.add_client_error("get_role", "NoSuchEntity", "x", 404)
    iam.add_response(
        "create_role",
        role(),
        {
            "RoleName": "r-1",
            "AssumeRolePolicyDocument": as_text(trust_policy(NEEDS)),
            "Description": ANY,
            "Tags": [{"Key": "stillroom:project", "Value": "p-1"}],
        },
    )
    iam.add_response(
        "put_role_policy",
        {},
        {"RoleName": "r-1", "PolicyName": POLICY_NAME, "PolicyDocument": as_text(access_policy(NEEDS))},
    )
    found = make_role(session, "r-1", NEEDS, TAGS)
    assert (found.arn, found.made, found.changed) == (ARN, True, ()), "what is new was not brought up to date"


def test_making_it_again_changes_nothing(session, stub) -> None:
    iam = stub("iam")
    iam.add_response("get_role", role())
    iam.add_response("get_role_policy", held(as_text(access_policy(NEEDS))))
    found = make_role(session, "r-1", NEEDS, TAGS)
    assert (found.arn, found.made, found.changed) == (ARN, False, ())


def test_what_is_missing_is_brought_up_to_date(session, stub) -> None:
    iam = stub("iam")
    iam.add_response("get_role", role(trust="{}", tags={"stillroom:project": "p-1"}))
    iam.add_response("update_assume_role_policy", {}, {"RoleName": "r-1", "PolicyDocument": ANY})
    iam.add_client_error("get_role_policy", "NoSuchEntity", "x", 404)
    iam.add_response("put_role_policy", {})
    iam.add_response("tag_role", {})
    found = make_role(session, "r-1", NEEDS, {**TAGS, "stillroom:run": "x"})
    assert (found.made, found.changed) == (False, ("trust", "access", "tags"))


@pytest.mark.parametrize("tags", [{}, {"stillroom:project": "other"}])
def test_a_role_of_somebody_else_is_left_alone(session, stub, tags: dict[str, str]) -> None:
    stub("iam").add_response("get_role", role(tags=tags))
    with pytest.raises(Conflict, match="not made for this project"):
        make_role(session, "r-1", NEEDS, TAGS)


def test_a_caller_who_may_not_make_roles(session, stub) -> None:
    iam = stub("iam")
    iam.add_client_error("get_role", "NoSuchEntity", "x", 404)
    iam.add_client_error(
        "create_role",
        "AccessDenied",
        "User: u is not authorized to perform: iam:CreateRole on resource: r",
        403,
    )
    with pytest.raises(PermissionRefused) as caught:
        make_role(session, "r-1", NEEDS, TAGS)
    assert "may not iam:CreateRole" in caught.value.what
    assert "setup --print" in caught.value.todo


def test_names_fit() -> None:
    assert default_role_name("My Photos", "0a1b2c3d") == "stillroom-my-photos-0a1b2c3d"
    assert len(default_role_name("x" * 200, "0a1b2c3d")) == 64


def checks(session, role_name: str = ARN) -> dict[str, bool | None]:
    return {one.name: one.passed for one in check_role(session, role_name, NEEDS)}


def test_a_missing_role(session, stub) -> None:
    stub("iam").add_client_error("get_role", "NoSuchEntity", "x", 404, expected_params={"RoleName": "r-1"})
    (found,) = check_role(session, ARN, NEEDS)
    assert (found.passed, "setup" in found.todo) == (False, True)


def test_a_role_that_cannot_be_looked_at(session, stub) -> None:
    stub("iam").add_client_error("get_role", "AccessDenied", "x", 403)
    assert checks(session) == {"exists": None}


def policies(iam, inline: object, attached: object = None) -> None:
    iam.add_response("get_role", role())
    iam.add_response("list_role_policies", {"PolicyNames": [POLICY_NAME]})
    iam.add_response("get_role_policy", held(as_text(inline) if isinstance(inline, dict) else inline))
    arn = "arn:aws:iam::111122223333:policy/own"
    found = [{"PolicyName": "own", "PolicyArn": arn}] if attached is not None else []
    iam.add_response("list_attached_role_policies", {"AttachedPolicies": found})
    if attached is not None:
        iam.add_response("get_policy", {"Policy": {"DefaultVersionId": "v2"}}, {"PolicyArn": arn})
        version = {"PolicyVersion": {"Document": quote(as_text(attached))}}
        iam.add_response("get_policy_version", version, {"PolicyArn": arn, "VersionId": "v2"})


def test_a_role_that_covers_everything(session, stub) -> None:
    policies(stub("iam"), access_policy(NEEDS))
    assert checks(session) == {"exists": True, "trust": True, "read": True, "write": True}


def test_a_grant_on_the_records_alone_misses_the_pictures(session, stub) -> None:
    document = access_policy(NEEDS)
    document["Statement"][0]["Resource"] = ["arn:aws:s3:::my-b", "arn:aws:s3:::my-b/run-01/records/*"]
    policies(stub("iam"), document)
    found = check_role(session, ARN, NEEDS)
    assert [one.passed for one in found] == [True, True, False, True]
    assert found[2].what == "It may not read s3://my-b/run-01/*."


def test_attached_policies_count_too(session, stub) -> None:
    policies(stub("iam"), "%no json", access_policy(NEEDS))
    assert checks(session) == {"exists": True, "trust": True, "read": True, "write": True}


def test_conditions_leave_it_open(session, stub) -> None:
    document = access_policy(NEEDS)
    for statement in document["Statement"]:
        statement["Condition"] = {"Bool": {"aws:SecureTransport": "true"}}
    policies(stub("iam"), document)
    found = checks(session)
    assert (found["read"], found["write"]) == (None, None)


HANGING = as_text(
    {
        "Statement": {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "bedrock.amazonaws.com"},
            "Condition": {"Bool": {"x": "y"}},
        }
    }
)


@pytest.mark.parametrize(
    ("document", "trusted"),
    [
        ("{}", False),
        ("no json", False),
        (HANGING, None),
    ],
)
def test_a_trust_policy_that_does_not_do(session, stub, document: str, trusted: bool | None) -> None:
    iam = stub("iam")
    iam.add_response("get_role", role(trust=document))
    iam.add_response("list_role_policies", {"PolicyNames": []})
    iam.add_response("list_attached_role_policies", {"AttachedPolicies": []})
    found = checks(session)
    assert (found["trust"], found["read"], found["write"]) == (trusted, False, False)


def test_policies_that_cannot_be_looked_at(session, stub) -> None:
    iam = stub("iam")
    iam.add_response("get_role", role())
    iam.add_client_error("list_role_policies", "AccessDenied", "x", 403)
    found = checks(session)
    assert (found["exists"], found["read"], found["write"]) == (True, None, None)


def test_deleting_a_role(session, stub) -> None:
    iam = stub("iam")
    iam.add_response("get_role", role())
    iam.add_response("list_role_policies", {"PolicyNames": [POLICY_NAME]})
    iam.add_response("delete_role_policy", {}, {"RoleName": "r-1", "PolicyName": POLICY_NAME})
    iam.add_response("delete_role", {}, {"RoleName": "r-1"})
    iam.add_client_error("get_role", "NoSuchEntity", "x", 404)
    iam.add_response("get_role", role(tags={}))
    assert delete_role(session, "r-1", "p-1") is True
    assert delete_role(session, "r-1", "p-1") is False
    with pytest.raises(Conflict):
        delete_role(session, "r-1", "p-1")


def test_documents_are_plain_json() -> None:
    assert json.loads(as_text(access_policy(NEEDS))) == access_policy(NEEDS)

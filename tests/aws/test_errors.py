import pytest
from botocore import exceptions as boto
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from hypothesis import given
from hypothesis import strategies as st

from stillroom.aws.errors import translate, translated
from stillroom.aws.faults import one_line
from stillroom.aws.policies import CALLER_ACTIONS, RoleNeeds, caller_policy
from stillroom.errors import (
    BadRequest,
    Conflict,
    CredentialsRefused,
    EndpointSilent,
    ModelRefused,
    NotFound,
    PermissionRefused,
    QuotaRefused,
    Refused,
    StillroomError,
    Unreachable,
)


def service_error(code: str, message: str = "", status: int = 400, retries: int = 0) -> ClientError:
    about = {"HTTPStatusCode": status, "RetryAttempts": retries}
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": about},
        "Converse",
    )


NO_PROFILE = (
    "Invocation of model ID amazon.nova-premier-v1:0 with on-demand throughput isn\u2019t supported. "
    "Retry your request with the ID or ARN of an inference profile that contains this model."
)


@pytest.mark.parametrize(
    ("code", "message", "status", "kind", "what", "todo"),
    [
        ("ExpiredTokenException", "x", 400, CredentialsRefused, "expired", "aws sso login --profile me"),
        ("ExpiredToken", "x", 400, CredentialsRefused, "expired", "Sign in"),
        ("UnrecognizedClientException", "x", 400, CredentialsRefused, "does not know", "eu-west-9"),
        ("InvalidClientTokenId", "x", 403, CredentialsRefused, "does not know", "keys in profile me"),
        ("RequestTimeTooSkewed", "x", 403, CredentialsRefused, "clock", "clock"),
        (
            "InvalidSignatureException",
            "Signature expired: 1 is now earlier",
            403,
            CredentialsRefused,
            "clock",
            "",
        ),
        ("OptInRequired", "x", 403, Refused, "not signed up", "console"),
        ("AccessDeniedException", "x", 403, PermissionRefused, "access denied", "setup --print"),
        (
            "AccessDeniedException",
            "User: u is not authorized to perform: s3:PutObject on resource: arn:b because no",
            403,
            PermissionRefused,
            "may not s3:PutObject on arn:b.",
            "setup --print",
        ),
        (
            "AccessDenied",
            "User: u is not authorized to perform: s3:DeleteObject on resource: arn:b because no",
            403,
            PermissionRefused,
            "may not s3:DeleteObject",
            "runs the account for it.",
        ),
        (
            "AccessDeniedException",
            "User: u is not authorized to perform: bedrock:InvokeModel: denied by a service control policy",
            403,
            PermissionRefused,
            "service control policy",
            "",
        ),
        (
            "AccessDeniedException",
            "User: u is not authorized to perform: iam:PassRole on resource: arn:r",
            403,
            PermissionRefused,
            "iam:PassRole",
            "PassRole",
        ),
        (
            "AccessDeniedException",
            "User: arn:aws:sts::1:assumed-role/R/u is not authorized to perform: s3:GetObject on resource: a",
            403,
            PermissionRefused,
            "may not s3:GetObject on a.",
            "whoever runs the account",
        ),
        (
            "AccessDenied",
            "User: arn:aws:iam::1:user/u is not authorized to perform: sts:AssumeRole on resource: a:role/r",
            403,
            PermissionRefused,
            "your credentials may not sts:AssumeRole on a:role/r.",
            "whoever runs the account",
        ),
        (
            "AccessDeniedException",
            "You don't have access to the model with the specified model ID.",
            403,
            ModelRefused,
            "no access",
            "Model access",
        ),
        (
            "ValidationException",
            "Could not assume provided IAM role",
            400,
            PermissionRefused,
            "assume",
            "trust",
        ),
        (
            "ValidationException",
            NO_PROFILE,
            400,
            ModelRefused,
            "inference profile",
            "us.amazon.nova-premier-v1:0",
        ),
        (
            "ValidationException",
            "The provided model doesn't support on-demand throughput.",
            400,
            ModelRefused,
            "training or provisioned",
            "last part",
        ),
        (
            "ValidationException",
            "The provided model identifier is invalid.",
            400,
            ModelRefused,
            "no",
            "doctor",
        ),
        (
            "ResourceNotFoundException",
            "This model version has reached the end of its life.",
            404,
            ModelRefused,
            "end of its life",
            "still offered",
        ),
        (
            "ResourceNotFoundException",
            "Access denied. This Model is marked by provider as Legacy and you have not been using it",
            404,
            ModelRefused,
            "legacy",
            "active",
        ),
        ("ValidationException", "Operation not allowed", 400, ModelRefused, "does not let", "Support"),
        ("ValidationException", "Something odd", 400, BadRequest, "Something odd", ""),
        ("NoSuchBucket", "gone", 404, NotFound, "there is no thing in eu-west-9", "region"),
        ("404", "Not Found", 404, NotFound, "there is no thing", "name"),
        ("ConflictException", "name taken", 400, Conflict, "name taken", "another name"),
        ("BucketAlreadyExists", "x", 409, Conflict, "BucketAlreadyExists", "shared by all accounts"),
        ("ServiceQuotaExceededException", "10 jobs", 400, QuotaRefused, "10 jobs", "higher quota"),
        ("ThrottlingException", "Rate exceeded", 429, QuotaRefused, "throttles", "Wait"),
        ("ThrottlingException", "Too many tokens per day", 429, QuotaRefused, "throttles", "tomorrow"),
        ("SlowDown", "x", 503, QuotaRefused, "throttles", "Wait"),
        ("PermanentRedirect", "x", 301, BadRequest, "not in region eu-west-9", "another bucket"),
        ("InternalServerException", "boom", 500, Unreachable, "service failed", "Try again"),
        ("UnknownOperationException", "x", 404, Refused, "does not know the operation", "endpoint"),
        ("BrandNewException", "never seen", 418, Refused, "BrandNewException: never seen", ""),
    ],
)
def test_errors_of_services(
    code: str, message: str, status: int, kind: type[StillroomError], what: str, todo: str
) -> None:
    thing = "thing" if code in ("NoSuchBucket", "404") else ""
    found = translate(
        service_error(code, message, status), "do it", region="eu-west-9", profile="me", thing=thing
    )
    assert type(found) is kind
    assert what in found.what
    assert todo in found.todo
    if isinstance(found, Refused):
        assert found.code == code


@pytest.mark.parametrize(
    ("error", "kind", "what"),
    [
        (boto.NoCredentialsError(), CredentialsRefused, "no AWS credentials"),
        (
            boto.PartialCredentialsError(provider="env", cred_var="x"),
            CredentialsRefused,
            "no AWS credentials",
        ),
        (boto.UnauthorizedSSOTokenError(), CredentialsRefused, "sign-in has expired"),
        (boto.SSOTokenLoadError(profile_name="p", error_msg="e"), CredentialsRefused, "sign-in"),
        (boto.TokenRetrievalError(provider="sso", error_msg="e"), CredentialsRefused, "sign-in"),
        (boto.ProfileNotFound(profile="p"), CredentialsRefused, "no AWS profile"),
        (boto.NoRegionError(), BadRequest, "No AWS region"),
        (boto.InvalidRegionError(region_name="x y"), BadRequest, "not an AWS region"),
        (boto.ConfigParseError(path="~/.aws/config"), CredentialsRefused, "cannot be read"),
        (boto.ParamValidationError(report="Missing required"), BadRequest, "Missing required"),
        (boto.EndpointConnectionError(endpoint_url="http://x"), Unreachable, "does not answer"),
        (boto.ConnectTimeoutError(endpoint_url="http://x"), Unreachable, "does not answer"),
        (boto.ProxyConnectionError(proxy_url="http://x"), Unreachable, "does not answer"),
        (boto.ReadTimeoutError(endpoint_url="http://x"), Unreachable, "connection was lost"),
        (boto.ConnectionClosedError(endpoint_url="http://x"), Unreachable, "connection was lost"),
        (boto.SSLError(endpoint_url="http://x", error="e"), Unreachable, "TLS"),
        (ResponseParserError("Unable to parse <html>"), Unreachable, "not one of AWS"),
        (boto.DataNotFoundError(data_path="p"), Refused, "DataNotFoundError"),
    ],
)
def test_errors_without_an_answer(error: Exception, kind: type[StillroomError], what: str) -> None:
    found = translate(error, "do it", region="us-east-1")
    assert type(found) is kind
    assert what in found.what
    assert "\n" not in found.what + found.todo


def test_a_message_about_a_signature_is_not_shown() -> None:
    message = "The Canonical String should have been 'x-amz-security-token:SECRET'"
    for code in ("SignatureDoesNotMatch", "InvalidSignatureException"):
        assert "SECRET" not in str(translate(service_error(code, message, 403)))


def test_text_from_outside_is_one_plain_line() -> None:
    found = translate(service_error("Odd", "a\x1b[31mred\n\u202eb" + "x" * 1000))
    assert "\x1b" not in found.what
    assert "\n" not in found.what
    assert "\u202e" not in found.what
    assert len(found.what) < 450


def test_passwords_of_urls_are_not_shown() -> None:
    said = "cannot reach https://me:TOP\x1bSECRET@gate/x"
    for error in (boto.ConnectionError(error=said), service_error("Odd", said)):
        found = translate(error)
        assert "https://gate/x" in found.what
        assert "SECRET" not in found.what


def test_a_custom_model_may_be_the_base_of_a_job() -> None:
    arn = "arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.nova-lite-v1:0:300k/abcdefghijkl"
    found = translate(service_error("ValidationException", "epochCount must be at most 5"), thing=arn)
    assert type(found) is BadRequest


def test_translated_lets_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), translated("count"):
        _ = 1 / 0
    with pytest.raises(NotFound, match="Could not count"), translated("count"):
        raise service_error("NoSuchKey")


@given(st.text(), st.text(), st.integers(100, 599))
def test_any_error_becomes_two_plain_lines(code: str, message: str, status: int) -> None:
    found = translate(service_error(one_line(code), message, status), "do it", thing="x")
    assert found.what
    assert found.what.isprintable()
    assert "\n" not in found.todo


@given(st.text())
def test_one_line_is_one_printable_line(text: str) -> None:
    line = one_line(text)
    assert line.isprintable()
    assert len(line) <= 400


def test_an_endpoint_that_a_setting_names_is_the_settings_fault() -> None:
    error = boto.EndpointConnectionError(endpoint_url="http://x")
    found = translate(error, "do it", region="us-east-1", endpoint="aws.endpoint_url")
    assert type(found) is EndpointSilent
    assert found.exit_code == 2
    assert "aws.endpoint_url" in found.what


@pytest.mark.parametrize("code", ["ServiceQuotaExceededException", "ValidationException", "Unheard"])
@pytest.mark.parametrize("retries", [0, 1, 4])
def test_a_refusal_tells_whether_it_answers_the_only_call_that_was_sent(code: str, retries: int):
    found = translate(service_error(code, retries=retries))
    assert isinstance(found, Refused)
    assert found.retried is (retries > 0)


def test_the_printed_statements_are_named_for_what_they_allow_alone():
    """``setup --print`` prints the caller's policy, and all that makes bucket and role."""
    needs = RoleNeeds("111122223333", "us-east-1", "bucket")
    printed = {action for each in caller_policy(needs, "role")["Statement"] for action in each["Action"]}
    assert printed == CALLER_ACTIONS
    for action, named in (
        ("sts:GetCallerIdentity", False),
        ("iam:DeleteRole", False),
        ("iam:CreateRole", True),
        ("s3:CreateBucket", True),
        *((one, True) for one in printed),
    ):
        message = f"User: u is not authorized to perform: {action} on resource: *"
        error = translate(service_error("AccessDenied", message, 403))
        assert ("setup --print" in error.todo) == named, action

"""Parsing, constraints and rendering by the service models, without a server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.sandbox.wire.chunked import unchunked
from stillroom.sandbox.wire.constraints import told, violations
from stillroom.sandbox.wire.models import Models
from stillroom.sandbox.wire.parsing import from_json, moment, query_params
from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.rendering import rendered
from stillroom.sandbox.wire.request import Request, split_query
from stillroom.sandbox.wire.signature import Signer, signer_of

MODELS = Models()


def shape(service: str, operation: str) -> Any:
    return MODELS.model(service).operation_model(operation).input_shape


async def collected(pieces: list[bytes]) -> tuple[bytes, dict[str, str]]:
    async def source() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    trailers: dict[str, str] = {}
    found = [piece async for piece in unchunked(source(), trailers)]
    return b"".join(found), trailers


@given(
    chunks=st.lists(st.binary(min_size=1, max_size=40), max_size=6),
    cut=st.integers(1, 7),
    signed=st.booleans(),
    trailer=st.booleans(),
)
async def test_chunked_bodies_come_back_whole(
    chunks: list[bytes], cut: int, signed: bool, trailer: bool
) -> None:
    mark = b";chunk-signature=abc" if signed else b""
    body = b"".join(b"%x%b\r\n%b\r\n" % (len(one), mark, one) for one in chunks) + b"0%b\r\n" % mark
    body += b"x-amz-checksum-crc32:AAAA\r\n\r\n" if trailer else b"\r\n"
    pieces = [body[at : at + cut] for at in range(0, len(body), cut)]
    data, trailers = await collected(pieces)
    assert data == b"".join(chunks)
    assert trailers == ({"x-amz-checksum-crc32": "AAAA"} if trailer else {})


@pytest.mark.parametrize("body", [b"", b"zz\r\n", b"5\r\nab", b"2\r\nabc\r\n0\r\n\r\n", b"x" * 9000])
async def test_broken_chunks_are_refused(body: bytes) -> None:
    with pytest.raises(Refusal):
        await collected([body])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"jobName": None}, "Value null at 'jobName' failed to satisfy constraint: Member must not be null"),
        ({"jobName": "x" * 64}, "Member must have length less than or equal to 63"),
        ({"customizationType": "OTHER"}, "Member must satisfy enum value set: [FINE_TUNING, "),
        (
            {"roleArn": "x"},
            "Value 'x' at 'roleArn' failed to satisfy constraint: Member must satisfy regular",
        ),
        ({"jobTags": [{"key": "a", "value": "한"}]}, "at 'jobTags.1.member.value'"),
        ({"trainingDataConfig": {"s3Uri": "http://x"}}, "at 'trainingDataConfig.s3Uri'"),
    ],
)
def test_constraints_in_the_words_of_the_service(change: dict[str, Any], said: str) -> None:
    good = {
        "jobName": "a",
        "customModelName": "b",
        "roleArn": "arn:aws:iam::111122223333:role/r",
        "baseModelIdentifier": "amazon.nova-lite-v1:0:300k",
        "trainingDataConfig": {"s3Uri": "s3://bucket/train.jsonl"},
        "outputDataConfig": {"s3Uri": "s3://bucket/out/"},
    }
    wanted = shape("bedrock", "CreateModelCustomizationJob")
    assert violations(wanted, good) == []
    found = violations(wanted, good | change)
    assert len(found) == 1
    assert said in found[0]
    assert told(found).startswith("1 validation error detected: ")


@given(name=st.text("-a_", max_size=63))
def test_the_pattern_of_job_names_is_tame(name: str) -> None:
    # The published one takes minutes on some of these.
    found = violations(shape("bedrock", "StopModelCustomizationJob"), {"jobIdentifier": name})
    assert isinstance(found, list)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "messages",
                    "role",
                    "content",
                    "text",
                    "image",
                    "source",
                    "bytes",
                    "format",
                    "inferenceConfig",
                    "maxTokens",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(value=json_values)
def test_any_json_is_read_or_refused(value: Any) -> None:
    wanted = shape("bedrock-runtime", "Converse")
    try:
        params = from_json(wanted, value, "")
    except Refusal as refusal:
        assert refusal.code == "SerializationException"
    else:
        assert params is None or isinstance(violations(wanted, params), list)


def test_null_in_a_list_is_refused() -> None:
    params = from_json(shape("bedrock-runtime", "Converse"), {"modelId": "m", "messages": [None]}, "")
    found = violations(shape("bedrock-runtime", "Converse"), params)
    assert found == [
        "Value null at 'messages.1.member' failed to satisfy constraint: Member must not be null"
    ]


def test_query_parameters_with_lists() -> None:
    fields = {
        "RoleName": "r",
        "AssumeRolePolicyDocument": "{}",
        "MaxSessionDuration": "3600",
        "Tags.member.1.Key": "a",
        "Tags.member.1.Value": "1",
        "Tags.member.2.Key": "b",
        "Tags.member.2.Value": "",
    }
    assert query_params(shape("iam", "CreateRole"), fields) == {
        "RoleName": "r",
        "AssumeRolePolicyDocument": "{}",
        "MaxSessionDuration": 3600,
        "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}],
    }


@pytest.mark.parametrize(
    ("value", "form", "stamp"),
    [
        (0, "", 0),
        ("1970-01-01T00:00:10Z", "", 10),
        ("1970-01-01T00:00:10", "", 10),
        ("Thu, 01 Jan 1970 00:00:10 GMT", "rfc822", 10),
        ("10", "", 10),
    ],
)
def test_times(value: Any, form: str, stamp: int) -> None:
    assert moment(value, form).timestamp() == stamp


def request(headers: dict[str, str], query: str = "") -> Request:
    return Request("GET", "/", split_query(query), headers, "localhost", None)  # type: ignore[arg-type]


def test_who_signed() -> None:
    head = (
        "AWS4-HMAC-SHA256 Credential=AKID/20261121/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=x"
    )
    assert signer_of(request({"Authorization": head})) == Signer("AKID", "eu-west-1", "s3")
    query = "X-Amz-Credential=AKID%2F20261121%2Fus-east-1%2Fs3%2Faws4_request"
    assert signer_of(request({}, query)) == Signer("AKID", "us-east-1", "s3")
    for headers, code in [
        ({}, "MissingAuthenticationTokenException"),
        ({"Authorization": "Bearer x"}, "MissingAuthenticationTokenException"),
        ({"Authorization": "AWS4-HMAC-SHA256 Credential=AKID/x"}, "IncompleteSignatureException"),
    ]:
        with pytest.raises(Refusal) as refused:
            signer_of(request(headers))
        assert refused.value.code == code


def test_markup_in_names_is_escaped() -> None:
    model = MODELS.model("s3")
    members = {"Contents": [{"Key": "<a> & b", "Size": 1}], "IsTruncated": False}
    headers, body = rendered("rest-xml", model, model.operation_model("ListObjectsV2"), members, "id")
    assert headers["Content-Type"] == "application/xml"
    assert b"<Key>&lt;a&gt; &amp; b</Key>" in body
    assert b"<IsTruncated>false</IsTruncated>" in body


@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("POST", "/model/us.amazon.nova-lite-v1%3A0/converse", "Converse"),
        ("GET", "/model-customization-jobs", "ListModelCustomizationJobs"),
        ("GET", "/model-customization-jobs/arn%3Aaws%3Abedrock%3A%2F", "GetModelCustomizationJob"),
        ("POST", "/model-customization-jobs/a/b/stop", "StopModelCustomizationJob"),
        ("PATCH", "/model-customization/custom-model-deployments/x", "UpdateCustomModelDeployment"),
    ],
)
def test_routes(method: str, path: str, wanted: str) -> None:
    found = MODELS.rest(Request(method, path, (), {}, "localhost", None))  # type: ignore[arg-type]
    assert found.operation.name == wanted


def test_no_route() -> None:
    with pytest.raises(Refusal) as refused:
        MODELS.rest(Request("GET", "/nothing", (), {}, "localhost", None))  # type: ignore[arg-type]
    assert refused.value.code == "UnknownOperationException"

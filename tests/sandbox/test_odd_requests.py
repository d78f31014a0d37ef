"""Requests that no SDK of good will sends: refused in the protocol's own form, never a server error."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

import pytest
from tests.sandbox.conftest import Service

SCOPE = "AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/us-east-1/{}/aws4_request, SignedHeaders=host"
RUNTIME = "/model/amazon.nova-lite-v1%3A0/converse"


def send(
    service: Service, method: str, path: str, signing: str, body: bytes = b"", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    where = urlsplit(service.url)
    caller = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    sent = {"Authorization": SCOPE.format(signing)} | {k.replace("_", "-"): v for k, v in headers.items()}
    try:
        caller.request(method, path, body or None, sent)
        answer = caller.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        caller.close()


def question(**settings: str) -> bytes:
    settings_text = ", ".join(f'"{name}": {value}' for name, value in settings.items())
    content = '{"messages": [{"role": "user", "content": [{"text": "hello"}]}], "inferenceConfig": {%s}}'
    return (content % settings_text).encode()


@pytest.mark.parametrize("number", ["1e999", "NaN", "Infinity", "-1e999", "1.5", '"5"'])
def test_numbers_that_are_none(service: Service, number: str) -> None:
    status, headers, body = send(service, "POST", RUNTIME, "bedrock", question(maxTokens=number))
    assert (status, headers["x-amzn-errortype"]) == (400, "SerializationException"), body


@pytest.mark.parametrize("number", ["1e999", "NaN"])
def test_temperatures_that_are_none(service: Service, number: str) -> None:
    status, headers, body = send(service, "POST", RUNTIME, "bedrock", question(temperature=number))
    assert status == 400, body
    assert headers["x-amzn-errortype"] in ("SerializationException", "ValidationException")


@pytest.mark.parametrize("when", ["1e999", "99999999999999", "99999999999999999", "soon", "-1e999"])
def test_times_that_are_none(service: Service, when: str) -> None:
    path = f"/model-customization-jobs?creationTimeAfter={when}"
    status, headers, body = send(service, "GET", path, "bedrock")
    assert (status, headers["x-amzn-errortype"]) == (400, "SerializationException"), body


def test_a_body_that_is_null_names_nothing(service: Service) -> None:
    status, headers, body = send(service, "POST", "/model-customization-jobs", "bedrock", b"null")
    assert (status, headers["x-amzn-errortype"]) == (400, "ValidationException"), body
    target = "ServiceQuotasV20190624.ListServiceQuotas"
    status, _, body = send(service, "POST", "/", "servicequotas", b"null", X_Amz_Target=target)
    assert (status, json.loads(body)["__type"]) == (400, "ValidationException")


@pytest.mark.parametrize(
    ("method", "path", "xml"),
    [
        ("POST", "/any?delete", b"<Delete/>"),
        ("POST", "/any?delete", b"<Delete><Object/></Delete>"),
        ("PUT", "/any?tagging", b"<Tagging/>"),
    ],
)
def test_xml_that_lacks_what_it_must_hold(service: Service, method: str, path: str, xml: bytes) -> None:
    service.client("s3").create_bucket(Bucket="any")
    status, _, body = send(service, method, path, "s3", xml)
    assert (status, b"<Code>MalformedXML</Code>" in body) == (400, True), body


@pytest.mark.parametrize("token", ["next", "1e3"])
def test_a_token_of_somebody_else_for_quotas(service: Service, token: str) -> None:
    body = json.dumps({"ServiceCode": "bedrock", "NextToken": token}).encode()
    target = "ServiceQuotasV20190624.ListServiceQuotas"
    status, _, answer = send(service, "POST", "/", "servicequotas", body, X_Amz_Target=target)
    assert (status, json.loads(answer)["__type"]) == (400, "InvalidPaginationTokenException")


def test_a_part_number_marker_that_is_none(service: Service) -> None:
    s3 = service.client("s3")
    s3.create_bucket(Bucket="odd-requests")
    upload = s3.create_multipart_upload(Bucket="odd-requests", Key="a")["UploadId"]
    path = f"/odd-requests/a?uploadId={upload}&part-number-marker=x"
    status, _, body = send(service, "GET", path, "s3")
    assert (status, b"<Code>InvalidArgument</Code>" in body) == (400, True)


def test_knobs_without_bounds(service: Service) -> None:
    for knob in ("seed", "provisioned_units", "speed", "latency"):
        for number in (b"1e999", b"NaN"):
            status, _, body = send(
                service, "PUT", "/_sandbox/knobs", "s3", b'{"%s": %s}' % (knob.encode(), number)
            )
            assert (status, "error" in json.loads(body)) == (400, True)


@pytest.mark.parametrize(
    ("method", "path", "signing", "named"),
    [
        ("GET", "/nobody-has-this?location", "s3", b"<Code>NoSuchBucket</Code>"),
        ("POST", "/?Action=GetRole&RoleName=nobody", "iam", b"<Code>NoSuchEntity</Code>"),
        ("POST", "/?Action=Nothing", "sts", b"<Code>InvalidAction</Code>"),
        ("GET", "/foundation-models/none", "bedrock", b'"message"'),
    ],
)
def test_errors_speak_the_protocol_and_carry_a_request_id(
    service: Service, method: str, path: str, signing: str, named: bytes
) -> None:
    status, headers, body = send(service, method, path, signing)
    assert 400 <= status < 500
    assert named in body
    assert headers["x-amzn-requestid"]


def test_an_error_to_head_has_no_body(service: Service) -> None:
    status, headers, body = send(service, "HEAD", "/nobody-has-this/a", "s3")
    assert (status, body) == (404, b"")
    assert headers["x-amz-request-id"]

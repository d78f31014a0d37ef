"""Converse: what is answered, what is refused, what is billed."""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Picture = Callable[..., bytes]


@pytest.fixture(scope="module")
def stocked(service: Any) -> Any:
    s3 = service.client("s3")
    s3.create_bucket(Bucket="pictures")
    return service


def refused(call: Callable[[], Any]) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as error:
        call()
    answer = error.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


def words(answer: Any) -> list[str]:
    return [one.strip() for one in answer["output"]["message"]["content"][0]["text"].split(",")]


@pytest.mark.parametrize("model", ["amazon.nova-pro-v1:0", "us.amazon.nova-pro-v1:0"])
def test_the_teacher_names_keywords(service: Any, picture: Picture, model: str) -> None:
    answer = service.ask(model, picture(3))
    assert 15 <= len(words(answer)) <= 25
    assert answer["stopReason"] == "end_turn"
    usage = answer["usage"]
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"] > 800
    assert answer["metrics"]["latencyMs"] >= 1
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"]


def test_ids_arns_and_profiles_are_the_same_model(service: Any, picture: Picture) -> None:
    data = picture(4)
    ids = [
        "amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
        "us.amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0",
    ]
    assert len({tuple(words(service.ask(one, data))) for one in ids}) == 1


def test_temperature_zero_is_deterministic_and_more_varies(service: Any, picture: Picture) -> None:
    data = picture(5)
    still = {tuple(words(service.ask(picture=data))) for _ in range(3)}
    hot = {"maxTokens": 512, "temperature": 1.0}
    lively = {tuple(words(service.ask(picture=data, inferenceConfig=hot))) for _ in range(6)}
    assert (len(still), len(lively) > 1) == (1, True)


def test_an_answer_is_cut_at_max_tokens(service: Any, picture: Picture) -> None:
    answer = service.ask(picture=picture(6), inferenceConfig={"maxTokens": 5, "temperature": 0.0})
    assert (answer["stopReason"], answer["usage"]["outputTokens"]) == ("max_tokens", 5)


def test_pictures_from_s3(stocked: Any, picture: Picture) -> None:
    data = picture(7)
    stocked.client("s3").put_object(Bucket="pictures", Key="하늘 7.jpg", Body=data)
    source = {"s3Location": {"uri": "s3://pictures/하늘 7.jpg", "bucketOwner": "111122223333"}}
    content = [
        {"text": "List 15-25 search keywords, comma separated."},
        {"image": {"format": "jpeg", "source": source}},
    ]
    answer = stocked.ask(messages=[{"role": "user", "content": content}])
    assert words(answer) == words(stocked.ask(picture=data))


@pytest.mark.parametrize(
    ("model", "code", "said"),
    [
        ("amazon.nova-2-lite-v1:0", "ValidationException", "on-demand throughput isn't supported"),
        ("amazon.nova-lite-v1:0:300k", "ValidationException", "doesn't support on-demand throughput"),
        ("amazon.nova-pro-v1:0:24k", "ValidationException", "doesn't support on-demand throughput"),
        ("amazon.nova-ultra-v1:0", "ValidationException", "model identifier is invalid"),
        ("eu.amazon.nova-lite-v1:0", "ValidationException", "model identifier is invalid"),
        ("us.amazon.nova-premier-v1:0", "ResourceNotFoundException", "end of its life"),
        ("anthropic.claude-3-haiku-20240307-v1:0", "ResourceNotFoundException", "end of its life"),
        (
            "arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.nova-lite-v1:0:300k/abcdefghijkl",
            "ValidationException",
            "on-demand throughput isn't supported",
        ),
        (
            "arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/abcdefghijkl",
            "ResourceNotFoundException",
            "could not be found",
        ),
        ("no spaces allowed", "ValidationException", "regular expression pattern"),
    ],
)
def test_models_that_do_not_answer(service: Any, picture: Picture, model: str, code: str, said: str) -> None:
    got = refused(lambda: service.ask(model, picture(1)))
    assert (got[0], said in got[2]) == (code, True)


def test_bare_ids_of_other_regions_need_a_profile(service: Any) -> None:
    runtime = service.client("bedrock-runtime", "eu-central-1")
    message = [{"role": "user", "content": [{"text": "hello"}]}]
    got = refused(lambda: runtime.converse(modelId="amazon.nova-pro-v1:0", messages=message))
    assert "inference profile" in got[2]
    assert runtime.converse(modelId="eu.amazon.nova-pro-v1:0", messages=message)["stopReason"] == "end_turn"


def image(data: bytes, form: str = "jpeg") -> dict[str, Any]:
    return {"image": {"format": form, "source": {"bytes": data}}}


def at(uri: str, **more: str) -> dict[str, Any]:
    return {"image": {"format": "jpeg", "source": {"s3Location": {"uri": uri, **more}}}}


TEXT = {"text": "List keywords."}


def test_requests_that_break_a_rule(stocked: Any, picture: Picture) -> None:
    s3 = stocked.client("s3")
    s3.put_object(Bucket="pictures", Key="huge.jpg", Body=picture(1) + bytes(4_000_000))
    stocked.client("s3", "us-west-2").create_bucket(
        Bucket="western-pictures", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )
    stocked.client("s3", "us-west-2").put_object(Bucket="western-pictures", Key="p.jpg", Body=picture(1))
    small = picture(1)
    user = lambda *content: [{"role": "user", "content": list(content)}]  # noqa: E731
    model = lambda *content: {"role": "assistant", "content": list(content)}  # noqa: E731
    cases: list[tuple[Any, str]] = [
        ([], "must start with a user message"),
        ([model(TEXT)], "must start with a user message"),
        (user(TEXT) + user(TEXT), "must alternate"),
        (user(), "is empty"),
        (user({"text": "  "}), "is blank"),
        (user(TEXT, image(picture(1) + bytes(4_000_000))), "3.75 MB"),
        (user(TEXT, image(b"no picture")), "not a valid image"),
        (user(TEXT, image(small, "png")), "declared as png"),
        (user(TEXT, image(picture(1, (8001, 30)))), "8000x8000"),
        (user(TEXT, *[image(small)] * 21), "up to 20 images"),
        ([*user(TEXT), model(TEXT, image(small)), *user(TEXT)], "user role only"),
        (user(TEXT, {"document": {"format": "txt", "name": "n", "source": {"bytes": b"x"}}}), "document"),
        (user(TEXT, at("s3://pictures/absent.jpg")), "does not exist"),
        (user(TEXT, at("s3://absent-bucket/x.jpg")), "does not exist"),
        (user(TEXT, at("s3://pictures/huge.jpg")), "3.75 MB"),
        (user(TEXT, at("s3://western-pictures/p.jpg")), "us-west-2"),
        (user({"text": "word " * 300_001}), "too long"),
    ]
    for messages, said in cases:
        code, status, message = refused(lambda messages=messages: stocked.ask(messages=messages))
        assert (code, status) == ("ValidationException", 400), said
        assert said in message
    assert refused(lambda: stocked.ask("amazon.nova-micro-v1:0", small))[2].startswith(
        "This model doesn't support the image"
    )


def test_pictures_of_others_are_refused(stocked: Any) -> None:
    for block in (at("s3://foreign-bucket/x.jpg"), at("s3://pictures/x.jpg", bucketOwner="999999999999")):
        got = refused(lambda block=block: stocked.ask(messages=[{"role": "user", "content": [TEXT, block]}]))
        assert got[:2] == ("AccessDeniedException", 403)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"maxTokens": 5001}, "exceeds the model limit of 5000"),
        ({"temperature": 1.5}, "less than or equal to 1"),
        ({"topP": -0.1}, "greater than or equal to 0"),
        ({"maxTokens": 0}, "greater than or equal to 1"),
    ],
)
def test_settings_out_of_bounds(service: Any, settings: dict[str, Any], said: str) -> None:
    # botocore checks minima itself; other clients do not.
    body = {"messages": [{"role": "user", "content": [TEXT]}], "inferenceConfig": settings}
    status, headers, answer = raw(service, "amazon.nova-lite-v1%3A0", json.dumps(body).encode())
    assert (status, headers["x-amzn-ErrorType"], said in answer["message"]) == (
        400,
        "ValidationException",
        True,
    )


def raw(service: Any, model: str, body: bytes, **headers: str) -> Any:
    connection = http.client.HTTPConnection(service.url[7:])
    scope = "AKIATEST/20261121/us-east-1/bedrock/aws4_request"
    sent = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        **headers,
    }
    connection.request("POST", f"/model/{model}/converse", body, sent)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), json.loads(answer.read())
    connection.close()
    return found


def one_picture(form: str, data: str) -> bytes:
    block = {"image": {"format": form, "source": {"bytes": data}}}
    return json.dumps({"messages": [{"role": "user", "content": [block]}]}).encode()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "SerializationException"),
        (b"[]", "SerializationException"),
        (b'{"messages": "x"}', "SerializationException"),
        (b"[" * 100_000, "SerializationException"),
        (
            one_picture("jpeg", "*"),
            "SerializationException",
        ),
        (b'{"messages": [{"role": "king", "content": [{"text": "x"}]}]}', "ValidationException"),
        (b'{"messages": [{"content": [{"text": "x"}]}]}', "ValidationException"),
        (
            one_picture("jpg", ""),
            "ValidationException",
        ),
    ],
)
def test_bodies_that_are_none(service: Any, body: bytes, code: str) -> None:
    status, headers, _ = raw(service, "amazon.nova-lite-v1%3A0", body)
    assert (status, headers["x-amzn-ErrorType"]) == (400, code)


def test_pictures_encoded_twice_are_not_pictures(service: Any, picture: Picture) -> None:
    twice = base64.b64encode(base64.b64encode(picture(1))).decode()
    content = [TEXT, {"image": {"format": "jpeg", "source": {"bytes": twice}}}]
    body = json.dumps({"messages": [{"role": "user", "content": content}]}).encode()
    status, _, answer = raw(service, "amazon.nova-lite-v1%3A0", body)
    assert (status, "Could not process image" in answer["message"]) == (400, True)


def test_arns_with_plain_slashes_are_understood(service: Any) -> None:
    body = json.dumps({"messages": [{"role": "user", "content": [TEXT]}]}).encode()
    arn = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0"
    assert raw(service, arn, body)[0] == 200


@pytest.mark.parametrize(
    ("key", "wanted"),
    [("EXPIRED", ("ExpiredTokenException", 403)), ("DENIED", ("AccessDeniedException", 403))],
)
def test_keys_made_for_errors(service: Any, key: str, wanted: tuple[str, int]) -> None:
    runtime = service.client("bedrock-runtime", key=key)
    message = [{"role": "user", "content": [TEXT]}]
    assert refused(lambda: runtime.converse(modelId="amazon.nova-lite-v1:0", messages=message))[:2] == wanted


def test_unsigned_calls_are_refused(service: Any) -> None:
    status, headers, _ = raw(service, "amazon.nova-lite-v1%3A0", b"{}", Authorization="")
    assert (status, headers["x-amzn-ErrorType"]) == (403, "MissingAuthenticationTokenException")


def test_streaming_is_not_offered_and_says_so(service: Any) -> None:
    runtime = service.client("bedrock-runtime")
    message = [{"role": "user", "content": [TEXT]}]
    got = refused(lambda: runtime.converse_stream(modelId="amazon.nova-lite-v1:0", messages=message))
    assert "does not have ConverseStream" in got[2]


def test_models_without_access(start: Callable[..., Any]) -> None:
    box = start(no_access=["amazon.nova-pro-v1:0"])
    assert refused(lambda: box.ask("us.amazon.nova-pro-v1:0"))[:2] == ("AccessDeniedException", 403)
    found = box.client("bedrock").get_foundation_model_availability(modelId="amazon.nova-pro-v1:0")
    assert found["authorizationStatus"] == "NOT_AUTHORIZED"
    assert found["agreementAvailability"]["status"] == "NOT_AVAILABLE"


def test_the_bill_counts_what_was_served(start: Callable[..., Any], picture: Picture) -> None:
    box = start()
    tokens = [0, 0]
    for model in ("amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"):
        usage = box.ask(model, picture(1))["usage"]
        tokens = [tokens[0] + usage["inputTokens"], tokens[1] + usage["outputTokens"]]
    refused(lambda: box.ask("amazon.nova-lite-v1:0", b"broken"))
    bill = box.get("/_sandbox/bill")
    usd = (tokens[0] * 0.00006 + tokens[1] * 0.00024) / 1000
    line = {
        "model": "amazon.nova-lite-v1:0",
        "served": 3,
        "input_tokens": tokens[0],
        "output_tokens": tokens[1],
    }
    assert [{k: v for k, v in one.items() if k != "usd"} for one in bill["calls"]] == [line]
    assert bill["calls"][0]["usd"] == pytest.approx(usd)
    assert bill["usd"] == pytest.approx(usd)
    assert (bill["training"], bill["held"]) == ([], [])

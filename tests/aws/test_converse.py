import json
import socket
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from botocore import __version__ as botocore_version
from botocore import exceptions as boto
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from stillroom import __version__
from stillroom.aws import Connection, Session
from stillroom.aws.converse import Converse, read_answer, request_metadata
from stillroom.aws.converse_errors import ask_failed
from stillroom.labeling.values import Ask, AskFailed, FailureClass, Inference, Prompt

from .loopback import Server, reply, serving

PROMPT = Prompt("You are an expert.", "List keywords.")
ANSWER = {
    "output": {"message": {"role": "assistant", "content": [{"text": "sea, sky"}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 1043, "outputTokens": 61, "totalTokens": 1104},
    "metrics": {"latencyMs": 1480},
}


@pytest.fixture
def asking() -> Iterator[Callable[..., Converse]]:
    """Makes a Converse that asks a server of the test's own."""
    opened: list[Converse] = []

    def make(server: Server, model: str = "us.amazon.nova-pro-v1:0", **more: object) -> Converse:
        connection = Connection("us-east-1", endpoint_url=server.url, sandbox=True)
        converse = Converse(Session(connection), model, **more)  # type: ignore[arg-type]
        opened.append(converse)
        return converse

    yield make
    for one in opened:
        one.close()


def failure(ask: Ask) -> AskFailed:
    with pytest.raises(AskFailed) as caught:
        ask(b"picture", "jpeg", PROMPT, Inference())
    return caught.value


def test_one_call_over_the_wire(asking: Callable[..., Converse]) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        reply(handler, 200, ANSWER, {"x-amzn-RequestId": "r-1"})

    with serving(answer) as server:
        ask = asking(server, metadata={"run": "r01"})
        found = ask(b"\xff\xd8picture", "jpeg", PROMPT, Inference(512, 0.5, 0.9))
    assert (found.text, found.stop_reason) == ("sea, sky", "end_turn")
    assert (found.input_tokens, found.output_tokens, found.latency_ms) == (1043, 61, 1480)
    assert found.request_id == "r-1"
    path, headers, body = server.asked[0]
    sent = json.loads(body)
    assert path == "/model/us.amazon.nova-pro-v1%3A0/converse"
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDSANDBOX/")
    assert sent["inferenceConfig"] == {"maxTokens": 512, "temperature": 0.5, "topP": 0.9}
    assert sent["system"] == [{"text": "You are an expert."}]
    assert sent["requestMetadata"] == {"run": "r01"}
    text, picture = sent["messages"][0]["content"]
    assert text == {"text": "List keywords."}
    assert picture["image"] == {"format": "jpeg", "source": {"bytes": "/9hwaWN0dXJl"}}


def test_an_empty_system_text_is_not_sent(asking: Callable[..., Converse]) -> None:
    with serving(lambda handler: reply(handler, 200, ANSWER)) as server:
        asking(server)(b"p", "png", Prompt("", "x"), Inference())
    sent = json.loads(server.asked[0][2])
    assert "system" not in sent
    assert "requestMetadata" not in sent


def test_who_calls_is_told_in_a_short_header(asking: Callable[..., Converse]) -> None:
    with serving(lambda handler: reply(handler, 200, ANSWER)) as server:
        asking(server)(b"p", "png", PROMPT, Inference())
    assert server.asked[0][1]["User-Agent"] == f"stillroom/{__version__} Botocore/{botocore_version}"


def test_a_throttled_call_is_tried_once(asking: Callable[..., Converse]) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        reply(handler, 429, {"message": "Too many requests"}, {"x-amzn-ErrorType": "ThrottlingException"})

    with serving(answer) as server:
        found = failure(asking(server))
    assert len(server.asked) == 1
    assert (found.failure, found.retryable, found.stops_run) == (FailureClass.THROTTLED, True, False)
    assert (found.message, found.code) == ("Too many requests", "ThrottlingException")
    assert not found.outcome_unknown


def test_a_connection_that_is_dropped_may_have_been_paid(asking: Callable[..., Converse]) -> None:
    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True

    with serving(hang_up) as server:
        found = failure(asking(server))
    assert len(server.asked) == 1
    assert (found.failure, found.retryable, found.outcome_unknown) == (FailureClass.SERVICE, True, True)


@pytest.mark.parametrize("silent", [False, True], ids=["hangs up", "says nothing"])
def test_the_password_of_a_gateway_stays_in_no_message(silent: bool) -> None:
    def go_wrong(handler: BaseHTTPRequestHandler) -> None:
        if silent:
            handler.server.released.wait(5)  # type: ignore[attr-defined]
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True

    with serving(go_wrong) as server:
        url = server.url.replace("://", "://gateway-user:TOPSECRET@")
        converse = Converse(
            Session(Connection("us-east-1", endpoint_url=url, sandbox=True)), "m", read_timeout=0.1
        )
        found = failure(converse)
        server.released.set()
        converse.close()
    assert server.url in found.message
    assert "gateway-user" not in found.message
    assert "TOPSECRET" not in found.message


def test_an_answer_that_breaks_off_may_have_been_paid(asking: Callable[..., Converse]) -> None:
    def break_off(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "5000")
        handler.end_headers()
        handler.wfile.write(b'{"output"')
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True

    with serving(break_off) as server:
        found = failure(asking(server))
    assert (found.failure, found.outcome_unknown) == (FailureClass.SERVICE, True)


def test_a_slow_answer_may_have_been_paid(asking: Callable[..., Converse]) -> None:
    with serving(lambda handler: handler.server.released.wait(5)) as server:  # type: ignore[attr-defined]
        found = failure(asking(server, read_timeout=0.1))
        server.released.set()
    assert (found.code, found.retryable, found.outcome_unknown) == ("ReadTimeoutError", True, True)


def test_a_page_of_a_proxy_is_no_answer(asking: Callable[..., Converse]) -> None:
    with serving(lambda handler: reply(handler, 200, b"<html>hello</html>")) as server:
        found = failure(asking(server))
    assert (found.failure, found.outcome_unknown) == (FailureClass.SERVICE, True)


def test_an_endpoint_that_is_away_costs_nothing(asking: Callable[..., Converse]) -> None:
    with serving(lambda handler: None) as server:
        ask = asking(server)
    found = failure(ask)
    assert (found.failure, found.retryable, found.outcome_unknown) == (FailureClass.SERVICE, True, False)
    assert found.unsent


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (boto.EndpointConnectionError(endpoint_url="u"), True),
        (boto.ConnectTimeoutError(endpoint_url="u"), True),
        (boto.ProxyConnectionError(proxy_url="u"), True),
        (boto.ReadTimeoutError(endpoint_url="u"), False),
        (boto.ConnectionClosedError(endpoint_url="u"), False),
        (boto.SSLError(endpoint_url="u", error="EOF occurred"), False),
    ],
)
def test_only_without_a_connection_nothing_was_sent(error: Exception, wanted: bool) -> None:
    assert ask_failed(error).unsent is wanted


def service_error(code: str, message: str = "m", status: int = 400) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}},
        "Converse",
    )


T, S, A, V = FailureClass.THROTTLED, FailureClass.SERVICE, FailureClass.ACCESS, FailureClass.INVALID
CUSTOM = "arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.nova-lite-v1:0:300k/abcdefghijkl"


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (service_error("ThrottlingException", "Too many tokens, please wait", 429), (T, True, False, False)),
        (service_error("ThrottlingException", "Too many tokens per day", 429), (T, False, True, False)),
        (service_error("TooManyRequestsException", "x", 400), (T, True, False, False)),
        (service_error("Odd", "x", 429), (T, True, False, False)),
        (service_error("ServiceQuotaExceededException", "x", 400), (T, False, True, False)),
        (service_error("ModelNotReadyException", "x", 429), (S, True, False, False)),
        (service_error("ServiceUnavailableException", "x", 503), (S, True, False, False)),
        (service_error("InternalServerException", "x", 500), (S, True, False, False)),
        (service_error("ModelTimeoutException", "x", 408), (S, True, False, False)),
        (service_error("ModelErrorException", "x", 424), (S, True, False, False)),
        (service_error("504", "Gateway Timeout", 504), (S, True, False, True)),
        (service_error("Odd", "x", 500), (S, True, False, False)),
        (service_error("ValidationException", "The image is too large", 400), (V, False, False, False)),
        (
            service_error("ValidationException", "too many tokens in the prompt", 400),
            (V, False, False, False),
        ),
        (service_error("Odd", "x", 418), (V, False, False, False)),
        (service_error("ValidationException", "temperature must be at most 1", 400), (A, False, True, False)),
        (
            service_error("ValidationException", "The provided model identifier is invalid."),
            (A, False, True, False),
        ),
        (service_error("AccessDeniedException", "x", 403), (A, False, True, False)),
        (service_error("ExpiredTokenException", "x", 403), (A, False, True, False)),
        (service_error("UnrecognizedClientException", "x", 403), (A, False, True, False)),
        (service_error("InvalidSignatureException", "Signature expired: x", 403), (A, False, True, False)),
        (service_error("ResourceNotFoundException", "x", 404), (A, False, True, False)),
        (service_error("Odd", "x", 403), (A, False, True, False)),
        (boto.EndpointConnectionError(endpoint_url="u"), (S, True, False, False)),
        (boto.ConnectTimeoutError(endpoint_url="u"), (S, True, False, False)),
        (boto.ProxyConnectionError(proxy_url="u"), (S, True, False, False)),
        (boto.ReadTimeoutError(endpoint_url="u"), (S, True, False, True)),
        (boto.SSLError(endpoint_url="u", error="CERTIFICATE_VERIFY_FAILED"), (A, False, True, False)),
        (boto.SSLError(endpoint_url="u", error="EOF occurred"), (S, True, False, True)),
        (boto.NoCredentialsError(), (A, False, True, False)),
        (boto.ParamValidationError(report="r"), (A, False, True, False)),
        (boto.UnauthorizedSSOTokenError(), (A, False, True, False)),
    ],
)
def test_classes_of_failure(error: Exception, wanted: tuple[FailureClass, bool, bool, bool]) -> None:
    found = ask_failed(error, "amazon.nova-pro-v1:0", region="us-east-1")
    assert (found.failure, found.retryable, found.stops_run, found.outcome_unknown) == wanted
    assert found.message
    assert found.code


def test_a_custom_model_is_to_be_deployed_first() -> None:
    found = ask_failed(service_error("ValidationException", "anything"), CUSTOM)
    assert (found.failure, found.stops_run) == (A, True)
    assert "stillroom deploy" in found.todo


def test_a_refusal_to_sign_in_says_how() -> None:
    found = ask_failed(service_error("ExpiredTokenException", "x", 403), profile="work")
    assert "--profile work" in found.todo


def test_the_first_block_with_text_is_taken() -> None:
    content = [{"reasoningContent": {"reasoningText": {"text": "hm"}}}, {"text": "sea"}, {"text": "sky"}]
    found = read_answer({**ANSWER, "output": {"message": {"content": content}}}, wall_ms=5)
    assert found.text == "sea"


def test_an_answer_without_text_or_latency() -> None:
    found = read_answer(
        {"output": {"message": {"content": []}}, "usage": ANSWER["usage"], "stopReason": "content_filtered"},
        wall_ms=5,
    )
    assert (found.text, found.stop_reason, found.latency_ms, found.request_id) == (
        "",
        "content_filtered",
        5,
        "",
    )


def test_cached_tokens_are_input_too() -> None:
    usage = {"inputTokens": 10, "outputTokens": 1, "cacheReadInputTokens": 4, "cacheWriteInputTokens": 2}
    assert read_answer({**ANSWER, "usage": usage}, wall_ms=5).input_tokens == 16


@pytest.mark.parametrize(
    "response", [{}, {"output": None}, {"output": {"message": {"content": [{"text": "x"}]}}}]
)
def test_an_answer_of_another_shape_was_served(response: dict[str, object]) -> None:
    with pytest.raises(AskFailed) as caught:
        read_answer(response, wall_ms=5)
    assert (caught.value.failure, caught.value.retryable, caught.value.outcome_unknown) == (S, False, True)


def test_metadata_keeps_what_the_service_takes() -> None:
    assert request_metadata({"run": "사진 r1 (x)", "": "y"}) == {"run": "- r1 -x-"}


@given(st.dictionaries(st.text(), st.text(), max_size=30))
def test_any_metadata_fits(pairs: dict[str, str]) -> None:
    found = request_metadata(pairs)
    assert len(found) <= 16
    for key, value in found.items():
        assert 1 <= len(key) <= 256
        assert len(value) <= 256

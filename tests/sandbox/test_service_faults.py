"""Quotas that throttle, and faults that come by seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from stillroom.sandbox.runtime.faults import Attempts, Luck
from stillroom.sandbox.runtime.throttle import Limits, Throttle
from stillroom.sandbox.wire.refusal import Refusal


def outcome(box: Any, number: int, **changes: Any) -> str:
    """Stop reason of an answer, or the code of its refusal."""
    messages = [{"role": "user", "content": [{"text": f"List keywords for request {number}."}]}]
    try:
        return str(box.ask(messages=messages, **changes)["stopReason"])
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    except ConnectionClosedError:
        return "dropped"


@pytest.fixture
def box(start: Callable[..., Any]) -> Any:
    return start(seed=7)


def test_faults_come_at_their_rate_and_by_the_seed(box: Any) -> None:
    box.turn(faults={"throttle": 0.3, "error_5xx": 0.2})
    first = [outcome(box, number) for number in range(120)]
    counts = Counter(first)
    assert 20 <= counts["ThrottlingException"] <= 55
    assert counts["InternalServerException"] > 0 < counts["ServiceUnavailableException"]
    served = box.get("/_sandbox/bill")["calls"][0]["served"]
    assert served == counts["end_turn"]
    again = [outcome(box, number) for number in range(120)]
    assert again != first, "a retry draws anew"


def test_the_same_seed_gives_the_same_faults(start: Callable[..., Any], tmp_path: Any) -> None:
    seen = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        one = start(folder=tmp_path / name, seed=seed)
        one.turn(faults={"throttle": 0.5})
        seen.append([outcome(one, number) for number in range(30)])
    assert seen[0] == seen[1] != seen[2]


def test_a_dropped_answer_is_billed(box: Any) -> None:
    box.turn(faults={"drop": 1.0})
    assert outcome(box, 1) == "dropped"
    assert box.get("/_sandbox/bill")["calls"][0]["served"] == 1


def test_throttles_and_server_errors_are_not_billed(box: Any) -> None:
    box.turn(faults={"throttle": 1.0})
    assert outcome(box, 1) == "ThrottlingException"
    box.turn(faults={"throttle": 0.0, "error_5xx": 1.0})
    assert outcome(box, 1) in ("InternalServerException", "ServiceUnavailableException")
    assert box.get("/_sandbox/bill")["calls"] == []


def test_spoiled_answers(box: Any, picture: Callable[..., bytes]) -> None:
    good = box.ask(picture=picture(2))["output"]["message"]["content"][0]["text"]
    box.turn(faults={"prose": 1.0})
    text = box.ask(picture=picture(2))["output"]["message"]["content"][0]["text"]
    assert good in text
    assert text != good
    box.turn(faults={"prose": 0.0, "truncated": 1.0})
    cut = box.ask(picture=picture(2))
    assert cut["stopReason"] == "max_tokens"
    assert good.startswith(cut["output"]["message"]["content"][0]["text"])
    box.turn(faults={"truncated": 0.0, "refusal": 1.0})
    reasons = {outcome(box, number) for number in range(12)}
    assert reasons == {"content_filtered", "end_turn"}
    sorry = box.ask(picture=picture(2))["output"]["message"]["content"][0]["text"]
    assert sorry.startswith("I'm ")


def test_latency_and_slowness(box: Any) -> None:
    box.turn(latency=0.3)
    assert box.ask()["metrics"]["latencyMs"] >= 300
    box.turn(latency=0.0, slow_seconds=0.2, faults={"slow": 1.0})
    assert box.ask()["metrics"]["latencyMs"] >= 200


def test_quotas_throttle_requests_and_tokens(box: Any) -> None:
    box.turn(quotas="aws", quota_scale=0.001)
    small = {"maxTokens": 16, "temperature": 0.0}
    outcomes = [outcome(box, number, inferenceConfig=small) for number in range(6)]
    assert outcomes[0] == "end_turn"
    assert outcomes[-1] == "ThrottlingException"
    with pytest.raises(ClientError) as tokens:
        box.ask("us.amazon.nova-pro-v1:0", inferenceConfig={"maxTokens": 5000})
    assert tokens.value.response["Error"]["Message"] == "Too many tokens, please wait before trying again."
    with pytest.raises(ClientError) as requests:
        for number in range(6):
            messages = [{"role": "user", "content": [{"text": f"again {number}"}]}]
            box.ask(inferenceConfig=small, messages=messages)
    assert (
        requests.value.response["Error"]["Message"] == "Too many requests, please wait before trying again."
    )
    assert requests.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def message(call: Callable[[], None]) -> str:
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value.message


def test_buckets_fill_again_and_give_back() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    limits = Limits(requests=2, tokens=1000, daily=1e9)
    throttle.take("m", limits, 400)
    throttle.take("m", limits, 400)
    assert message(lambda: throttle.take("m", limits, 1)).startswith("Too many requests")
    throttle.take("other", limits, 400)
    clock.time += 30
    throttle.give_back("m", 300)
    throttle.take("m", limits, 900)
    clock.time += 30
    assert message(lambda: throttle.take("m", limits, 900)).startswith("Too many tokens, please wait")


def test_a_day_has_its_own_limit() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    limits = Limits(requests=100, tokens=1000, daily=1500)
    throttle.take("m", limits, 900)
    clock.time += 60
    assert message(lambda: throttle.take("m", limits, 700)) == (
        "Too many tokens per day, please wait before trying again."
    )
    clock.time += 86_400
    throttle.take("m", limits, 700)


def test_draws_depend_on_seed_request_and_attempt() -> None:
    attempts = Attempts()
    assert [attempts.number(b"a"), attempts.number(b"a"), attempts.number(b"b")] == [0, 1, 0]
    one = Luck(1, b"a", 0)
    assert one.draw("x") == Luck(1, b"a", 0).draw("x")
    others = {
        Luck(2, b"a", 0).draw("x"),
        Luck(1, b"b", 0).draw("x"),
        Luck(1, b"a", 1).draw("x"),
        one.draw("y"),
    }
    assert one.draw("x") not in others
    assert not one.hits("x", 0.0)
    assert one.hits("x", 1.0)

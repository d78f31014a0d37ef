"""Buckets, the valve, and backoff."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.labeling import AskFailed, FailureClass, Inference, Item, Outcome, Pace, RetryPolicy
from stillroom.labeling.pacing import Bucket, Pacer, Valve, expected_rate
from stillroom.labeling.progress import Pulse, percentile
from stillroom.labeling.retrying import History, stops

from .simulation import answer, broken, denied, throttled

ITEM = Item("a", "a.jpg", "jpeg", 1000)


def outcome(*, called: bool = True, unknown: bool = False, tokens: tuple[int, int] | None = None) -> Outcome:
    said = answer(tokens=tokens) if tokens else None
    return Outcome(1, ITEM, said, None, None, "", "", 0, 1, outcome_unknown=unknown, called=called)


@settings(deadline=None)
@given(st.integers(3, 5000), st.lists(st.floats(0, 3), min_size=1, max_size=300))
def test_no_minute_holds_more_than_the_bound(per_minute: int, pauses: list[float]) -> None:
    bucket, now, taken = Bucket(per_minute, 0.0), 0.0, []
    for pause in pauses:
        now += pause
        wait = bucket.ready_in(1, now)
        now += wait + 1e-9
        bucket.take(1, now)
        taken.append(now)
    for first in taken:
        assert sum(first <= moment < first + 60 for moment in taken) <= per_minute + 1e-6


def test_a_bucket_is_patient_with_more_than_it_holds() -> None:
    bucket = Bucket(61, 0.0)
    assert bucket.ready_in(10, 0.0) == 0
    bucket.take(10, 0.0)
    assert bucket.ready_in(1, 0.0) == pytest.approx(10)
    assert bucket.ready_in(1, 10.1) == 0
    bucket.put_back(100)
    assert bucket.ready_in(1, 10.1) == 0
    with pytest.raises(ValueError, match="above zero"):
        Bucket(0, 0.0)


def test_tokens_are_reserved_and_given_back_as_the_service_does() -> None:
    pacer = Pacer(Pace(tokens_per_minute=61 * 1512), Inference(), 0.0)
    pacer.take(ITEM, 0.0)
    assert pacer.ready_in(ITEM, 0.0) == pytest.approx(1.0)
    pacer.settle(outcome(tokens=(1000, 512)))
    assert pacer.ready_in(ITEM, 0.0) == pytest.approx(1.0)
    pacer.settle(outcome(unknown=True))
    assert pacer.ready_in(ITEM, 0.0) == pytest.approx(1.0)
    pacer.settle(outcome())
    assert pacer.ready_in(ITEM, 0.0) == 0


def test_requests_that_were_not_made_do_not_count() -> None:
    pacer = Pacer(Pace(requests_per_minute=60), Inference(), 0.0)
    pacer.take(ITEM, 0.0)
    pacer.settle(outcome())
    assert pacer.ready_in(ITEM, 0.0) > 0
    pacer.settle(outcome(called=False))
    assert pacer.ready_in(ITEM, 0.0) == 0


def test_without_bounds_nothing_waits() -> None:
    pacer = Pacer(Pace(), Inference(), 0.0)
    pacer.take(ITEM, 0.0)
    pacer.settle(outcome())
    assert pacer.ready_in(ITEM, 0.0) == 0


def test_the_valve_halves_once_for_calls_that_were_under_way() -> None:
    valve = Valve(16)
    for attempt in range(1, 17):
        valve.began(attempt)
    for attempt in range(1, 17):
        valve.throttled(attempt)
    assert valve.allowed == 8
    valve.began(17)
    valve.throttled(17)
    assert valve.allowed == 4
    for _ in range(4):
        valve.answered()
    assert valve.allowed == 6
    for _ in range(100):
        valve.answered()
    assert valve.allowed == 16
    with pytest.raises(ValueError, match="at least one"):
        Valve(0)


@given(st.lists(st.booleans(), max_size=300), st.integers(1, 64))
def test_the_valve_stays_within_its_bounds(events: list[bool], ceiling: int) -> None:
    valve = Valve(ceiling)
    for number, good in enumerate(events, 1):
        valve.began(number)
        valve.answered() if good else valve.throttled(number)
        assert 1 <= valve.allowed <= ceiling


def test_expected_rates_follow_the_tightest_bound() -> None:
    # Nova Pro in us-east-1: 250 requests a minute bind before a million tokens do (facts, section 10).
    assert expected_rate(Pace(64, 250, 1_000_000), 1.5, 1612) == pytest.approx(250 / 60)
    assert expected_rate(Pace(4, 250, 1_000_000), 2.0, 1612) == pytest.approx(2.0)
    assert expected_rate(Pace(64, None, 100_000), 1.0, 1000) == pytest.approx(100_000 / 60 / 1000)


@given(
    st.lists(
        st.sampled_from([throttled(), broken(), broken("ModelTimeoutException"), broken("x", unknown=True)]),
        min_size=1,
        max_size=60,
    ),
    st.floats(0, 0.999),
)
def test_backoff_is_bounded(errors: list[AskFailed], chance: float) -> None:
    policy, history, waits = RetryPolicy(), History(), []
    for error in errors:
        history.add(error)
        wait = policy.wait(error, history, lambda: chance)
        if wait is None:
            break
        assert 0 <= wait <= min(60, 2 ** (history.tries - 1))
        history.waited += wait
        waits.append(wait)
    assert sum(waits) <= 900
    assert history.unknown <= 3
    assert history.codes["ModelTimeoutException"] <= 3


def test_each_class_has_its_own_bound() -> None:
    policy, history = RetryPolicy(), History()
    for _ in range(10):
        history.add(throttled())
        assert policy.wait(throttled(), history, lambda: 0.1) is not None
    history.add(broken())
    assert policy.wait(broken(), history, lambda: 0.1) is not None
    history.add(broken("ModelErrorException"))
    assert policy.wait(broken("ModelErrorException"), history, lambda: 0.1) is not None
    history.add(broken("ModelErrorException"))
    assert policy.wait(broken("ModelErrorException"), history, lambda: 0.1) is None
    assert policy.wait(denied(), history, lambda: 0.1) is None
    odd = AskFailed(FailureClass.REFUSED, "", retryable=True)
    history.add(odd)
    assert policy.wait(odd, history, lambda: 0.1) is None


def test_what_stops_a_run() -> None:
    assert stops(denied())
    assert stops(throttled("Too many tokens per day, please wait before trying again."))
    assert not stops(throttled("Too many tokens, please wait before trying again."))
    assert not stops(AskFailed(FailureClass.SERVICE, "once per day"))


def test_speed_is_measured_over_a_recent_window() -> None:
    pulse = Pulse()
    assert pulse.sample(0.0, 0) is None
    assert pulse.sample(1.0, 10) == 10
    for second in range(2, 40):
        rate = pulse.sample(float(second), 10)
    assert rate == 0
    assert percentile([], 0.5) is None
    assert percentile([1, 2, 3, 4], 0.5) == 3
    assert percentile([5], 0.95) == 5

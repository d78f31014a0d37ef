import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.training.polling import after_failure, next_look


@pytest.mark.parametrize(("age", "seconds"), [(-50, 5), (0, 5), (50, 5), (300, 30), (600, 60), (1e6, 60)])
def test_an_old_job_is_looked_at_less_often(age: float, seconds: float) -> None:
    assert next_look("InProgress", age, jitter=0.5) == pytest.approx(seconds)


@pytest.mark.parametrize("status", ["Completed", "Failed", "Stopped"])
def test_a_finished_job_is_not_looked_at(status: str) -> None:
    assert next_look(status, 0, jitter=0.5) is None


def test_an_unknown_status_is_looked_at() -> None:
    assert next_look("Paused", 0, jitter=0.5) is not None


def test_a_fast_clock_is_looked_at_more_often() -> None:
    assert next_look("InProgress", 0, jitter=0.5, speed=100) == pytest.approx(0.05)


@given(st.floats(-1e9, 1e9), st.floats(-1, 2))
def test_delays_stay_in_bounds(age: float, jitter: float) -> None:
    delay = next_look("InProgress", age, jitter=jitter)
    assert delay is not None
    assert 4.49 <= delay <= 66.01


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_failures_back_off_to_five_minutes(failures: int, jitter: float) -> None:
    assert 4.49 <= after_failure(failures, jitter=jitter) <= 330.01
    assert after_failure(failures + 1, jitter=0.5) >= after_failure(failures, jitter=0.5)

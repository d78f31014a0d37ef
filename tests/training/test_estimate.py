import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.training.estimate import (
    TWO_POINT_FIT,
    billed_tokens,
    trained_share,
    training_time,
)
from stillroom.training.jobs import JobState, parse_job

HOUR = 3600.0


def test_the_two_published_runs_lie_on_the_fit() -> None:
    assert training_time(300, 5).likely == pytest.approx(1 * HOUR)
    assert training_time(900, 5).likely == pytest.approx(2 * HOUR)
    assert training_time(900, 5).basis == TWO_POINT_FIT


def test_a_faster_clock_takes_less_time() -> None:
    assert training_time(300, 5, speed=3600).likely == pytest.approx(1.0)


@given(st.integers(0, 20_000), st.integers(0, 5))
def test_estimates_are_ordered(rows: int, epochs: int) -> None:
    time = training_time(rows, epochs)
    assert 0 < time.low <= time.likely <= time.high
    tokens = billed_tokens(rows, epochs, 280, 1300)
    assert 0 <= tokens.low <= tokens.likely <= tokens.high


def test_billed_tokens() -> None:
    found = billed_tokens(300, 5, 280, 1300)
    assert (found.low, found.likely) == (1500 * 700, 1500 * 1580)
    assert found.high == round(1500 * 1580 * 1.15)
    assert "not documented" in found.basis


def test_text_alone_has_no_picture_band() -> None:
    found = billed_tokens(100, 1, 50, 0)
    assert found.low == found.likely == 5000


@pytest.mark.parametrize("arguments", [(-1, 1, 1, 1), (1, -1, 1, 1), (1, 1, -1, 1), (1, 1, 1, -1)])
def test_negative_counts_are_refused(arguments: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="negative"):
        billed_tokens(*arguments)


@pytest.mark.parametrize(("rows", "epochs", "speed"), [(-1, 1, 1.0), (1, -1, 1.0), (1, 1, 0.0)])
def test_impossible_times_are_refused(rows: int, epochs: int, speed: float) -> None:
    with pytest.raises(ValueError, match="must"):
        training_time(rows, epochs, speed=speed)


def test_trained_share() -> None:
    def job(**training: object) -> JobState:
        details = {"trainingDetails": training}
        return parse_job(
            {"jobArn": "a/b", "status": "InProgress", "creationTime": 1000, "statusDetails": details}
        )

    estimate = training_time(300, 5)  # an hour, of which a third goes before the training stage
    assert trained_share(job(), 1000, estimate, 9_000) == 0
    assert trained_share(job(status="NotStarted", creationTime=1000), 1000, estimate, 9_000) == 0
    began = job(status="InProgress", creationTime=2200)
    assert trained_share(began, 1000, estimate, 2200 + 600) == pytest.approx(0.25)
    assert trained_share(began, 1000, estimate, 99_000) == 1
    assert trained_share(began, 1000, estimate, 2000) == 0

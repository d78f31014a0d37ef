from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.training.jobs import (
    JobStatus,
    Stage,
    StageState,
    current_stage,
    parse_job,
    parse_stages,
    timeline,
    unix_time,
)

ARN = "arn:aws:bedrock:us-east-1:111122223333:model-customization-job/amazon.nova-lite-v1:0:300k/abcdefghijkl"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
T = NOON.timestamp()


def details(state: str, began: float | None = None, changed: float | None = None) -> dict[str, object]:
    found: dict[str, object] = {"status": state}
    if began is not None:
        found["creationTime"] = datetime.fromtimestamp(T + began, UTC)
    if changed is not None:
        found["lastModifiedTime"] = datetime.fromtimestamp(T + changed, UTC)
    return found


def job(status: str = "InProgress", **more: object):
    return parse_job({"jobArn": ARN, "jobName": "j", "status": status, "creationTime": NOON, **more})


def test_a_full_answer_is_read() -> None:
    found = job(
        "Completed",
        outputModelName="kw",
        outputModelArn="arn:model",
        roleArn="arn:role",
        baseModelArn="arn:base",
        clientRequestToken="t-1",
        lastModifiedTime=NOON,
        endTime=NOON,
        hyperParameters={"epochCount": "5"},
        trainingDataConfig={"s3Uri": "s3://b/t.jsonl"},
        validationDataConfig={"validators": [{"s3Uri": "s3://b/v.jsonl"}]},
        outputDataConfig={"s3Uri": "s3://b/out/"},
        trainingMetrics={"trainingLoss": 0.5},
        validationMetrics=[{"validationLoss": 0.75}],
        failureMessage="no",
    )
    assert found.job_id == "abcdefghijkl"
    assert found.finished
    assert found.status is JobStatus.COMPLETED
    assert (found.custom_model_name, found.custom_model_arn) == ("kw", "arn:model")
    assert (found.training_uri, found.validation_uris) == ("s3://b/t.jsonl", ("s3://b/v.jsonl",))
    assert (found.output_uri, found.token) == ("s3://b/out/", "t-1")
    assert (found.training_loss, found.validation_loss) == (0.5, 0.75)
    assert found.hyperparameters == {"epochCount": "5"}
    assert (found.created, found.changed, found.ended) == (T, T, T)
    assert (found.role_arn, found.base_model, found.failure_message) == ("arn:role", "arn:base", "no")


def test_a_summary_names_its_model_differently() -> None:
    found = job(customModelName="kw", customModelArn="arn:model")
    assert (found.custom_model_name, found.custom_model_arn) == ("kw", "arn:model")


def test_an_early_answer_has_three_untouched_stages() -> None:
    found = parse_job({"jobArn": ARN})
    assert [fact.state for fact in found.stages] == [StageState.NOT_STARTED] * 3
    assert (found.status, found.created, found.training_loss) == ("", 0.0, None)
    assert current_stage(found) is None


def test_only_the_arn_is_needed_and_it_is_needed() -> None:
    with pytest.raises(KeyError):
        parse_job({"status": "InProgress"})


def test_missing_stages_are_not_started() -> None:
    stages = parse_stages({"validationDetails": details("Completed"), "trainingDetails": None})
    assert [fact.stage for fact in stages] == list(Stage)
    assert [fact.state for fact in stages] == ["Completed", "NotStarted", "NotStarted"]


def test_unknown_words_are_kept_as_they_came() -> None:
    found = job("Paused", statusDetails={"trainingDetails": details("Thinking", 0)})
    assert found.status == "Paused"
    assert not found.finished
    assert found.stages[2].state == "Thinking"
    assert current_stage(found) == found.stages[2]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (NOON, T),
        (NOON.replace(tzinfo=None), T),
        ("2026-11-21T12:00:00Z", T),
        ("2026-11-21T13:00:00+01:00", T),
        (T, T),
        (5, 5.0),
        ("yesterday", None),
        (None, None),
        (True, None),
    ],
)
def test_times_of_every_kind(value: object, seconds: float | None) -> None:
    assert unix_time(value) == seconds


def test_the_time_line_of_a_running_job() -> None:
    found = job(
        statusDetails={
            "validationDetails": details("Completed", 0, 60),
            "dataProcessingDetails": details("InProgress", 60, 61),
            "trainingDetails": details("NotStarted", 60),
        }
    )
    spans = timeline(found, T + 100)
    assert [span.seconds for span in spans] == [60.0, 40.0, 0.0]
    assert [span.ended for span in spans] == [T + 60, None, None]
    stage = current_stage(found)
    assert stage is not None
    assert stage.stage is Stage.DATA_PROCESSING


def test_the_time_line_of_a_failed_job_stops_with_it() -> None:
    found = job("Failed", endTime=T + 30, statusDetails={"validationDetails": details("Failed", 10)})
    assert timeline(found, T + 9999)[0].seconds == 20.0


@given(st.floats(-1e9, 1e9), st.floats(-1e6, 1e6), st.sampled_from(list(StageState)))
def test_no_clock_makes_time_negative(shift: float, changed: float, state: StageState) -> None:
    found = job(statusDetails={"trainingDetails": details(state, 0, changed)})
    assert all(span.seconds >= 0 for span in timeline(found, T + shift))

import pytest

from stillroom.training.models import ModelStatus, parse_model


def test_a_model_is_read() -> None:
    found = parse_model(
        {
            "modelArn": "arn:m",
            "modelName": "kw",
            "creationTime": 5,
            "modelStatus": "Creating",
            "baseModelArn": "arn:b",
            "jobArn": "arn:j",
            "failureMessage": "no",
        }
    )
    assert (found.arn, found.name, found.created, found.status) == ("arn:m", "kw", 5.0, "Creating")
    assert (found.base_model, found.job_arn, found.failure_message) == ("arn:b", "arn:j", "no")


def test_older_answers_name_no_status() -> None:
    assert parse_model({"modelArn": "arn:m"}).status == ModelStatus.ACTIVE


def test_the_arn_is_needed() -> None:
    with pytest.raises(KeyError):
        parse_model({})

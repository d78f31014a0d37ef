"""A completed job whose answer names no model yet: its student is found by name, or at a later look."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from stillroom.aws import customization
from stillroom.aws.session import Session
from stillroom.errors import Interrupted, NotFound
from stillroom.steps import looking
from stillroom.steps.jobs import follow
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.training import JobState, JobStatus
from stillroom.training.models import CustomModel
from stillroom.training.polling import LONGEST_SECONDS


@pytest.fixture
def nameless(completed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a third job, that has completed; looks at it tell no ARN of a model."""
    get = customization.get_job

    def without(session: Session, name: str) -> JobState:
        return dataclasses.replace(get(session, name), custom_model_arn="")

    monkeypatch.setattr(customization, "get_job", without)
    return completed


def _arn(workspace: Workspace) -> str | None:
    row = workspace.store.students.get("lite-15")
    return None if row is None else row.arn


def test_its_student_is_found_by_name(nameless: Path) -> None:
    with open_workspace(nameless) as workspace:
        looking.take_trained(workspace)
        found = customization.get_model(workspace.session(), _arn(workspace) or "none")
        (job,) = [job for job in workspace.store.jobs.all() if job.student == "lite-15"]
        assert job.model_arn == found.arn
        assert looking.unfinished(workspace) == []


def test_without_a_model_the_student_waits_for_a_later_look(
    nameless: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    get = customization.get_model

    def nobody(session: Session, model: str) -> CustomModel:
        raise NotFound(f"There is no {model}.", "")

    monkeypatch.setattr(customization, "get_model", nobody)
    with open_workspace(nameless) as workspace:
        looking.take_trained(workspace)
        assert _arn(workspace) is None
        assert [job.status for job in looking.unfinished(workspace)] == [JobStatus.COMPLETED]
        monkeypatch.setattr(customization, "get_model", get)
        looking.take_trained(workspace)
        assert _arn(workspace)


def test_who_follows_it_looks_once_a_minute(nameless: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(session: Session, model: str) -> CustomModel:
        looked.append(model)
        assert len(looked) < 10, "looked at again and again without a pause"
        raise NotFound(f"There is no {model}.", "")

    looked: list[str] = []
    waits: list[float] = []

    def wait(watch: Watch, seconds: float, what: str, todo: str) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            raise Interrupted(what, todo)

    monkeypatch.setattr(customization, "get_model", nobody)
    monkeypatch.setattr(Watch, "wait", wait)
    with open_workspace(nameless) as workspace, pytest.raises(Interrupted):
        follow(workspace, Watch())
    assert waits == [LONGEST_SECONDS] * 2

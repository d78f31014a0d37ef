"""A sandbox whose state was thrown away knows no job of before: there is no waiting for one for ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.steps.world import CALM, Box, put, stillroom

from stillroom.errors import NotFound
from stillroom.steps.looking import look_at, unfinished
from stillroom.steps.workspace import Workspace, open_workspace

GONE = "The sandbox knows it no more: its state was thrown away."


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Box]:
    """Another sandbox, that knows nothing yet."""
    running = Box(tmp_path / "fresh")
    running.turn(**CALM)
    yield running
    running.stop()


@pytest.fixture
def training(project: Path, box: Box, fresh: Box) -> Path:
    """Two jobs were going on when the sandbox was thrown away."""
    stillroom("run", "--until", "upload", "-yq", "--project", project).ok()
    box.turn(speed=1.0)
    stillroom("train", "-yq", "--project", project).ok()
    put(project, "aws", "endpoint_url", fresh.url)
    return project


def test_jobs_that_it_knows_no_more_have_failed(training: Path) -> None:
    said = stillroom("jobs", "--watch", "-q", "--json", "--project", training)
    assert said.code == 6
    assert [(job["status"], job["failure"]) for job in said.json["jobs"]] == [("Failed", GONE)] * 2
    assert said.json["jobs"][0]["todo"].endswith("is made anew by: stillroom run")
    status = stillroom("status", "--json", "--project", training).ok().json
    assert status["command"] != "stillroom jobs --watch"


def test_run_trains_anew_and_goes_on(training: Path) -> None:
    stillroom("jobs", "-q", "--project", training).ok()
    done = stillroom("run", "-yq", "--json", "--project", training).ok().json
    assert done["jobs"] == 2


def test_a_run_that_hears_of_it_while_it_waits_says_what_to_do(training: Path) -> None:
    said = stillroom("run", "-yq", "--project", training)
    said.refused(6, f"The job of lite-10 ended as Failed: {GONE[:-1]}", "anew by: stillroom run")
    stillroom("run", "-yq", "--project", training).ok()


def test_there_is_nothing_left_to_stop(training: Path) -> None:
    said = stillroom("stop", "lite-10", "-y", "--project", training).ok()
    assert "had already ended: Failed" in said.out


def test_what_aws_does_not_know_may_be_trained_by_another_account(
    training: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_workspace(training) as workspace:
        workspace.session()  # which looks whether what answers there is what made the project
        monkeypatch.setattr(Workspace, "sandbox", False)
        before = workspace.store.jobs.all()
        for job in unfinished(workspace):
            with pytest.raises(NotFound):
                look_at(workspace, job)
        assert workspace.store.jobs.all() == before


def test_a_student_whose_model_is_gone_is_trained_anew_and_asked(project: Path, box: Box, fresh: Box) -> None:
    stillroom("run", "--until", "train", "-yq", "--project", project).ok()
    put(project, "aws", "endpoint_url", fresh.url)
    said = stillroom("run", "-yq", "--project", project)
    said.refused(4, "there is no custom model", "stillroom delete lite-10, then stillroom train --again")
    for name in ("lite-10", "lite-20"):
        stillroom("delete", name, "-yq", "--project", project).ok()
    stillroom("train", "--again", "-yq", "--project", project).ok()
    stillroom("run", "-yq", "--project", project).ok()

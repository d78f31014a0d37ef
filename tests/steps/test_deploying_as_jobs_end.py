"""Deploy and delete look at jobs under way first: who has just been trained is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.steps.world import CALM, Box, copied, stillroom

from stillroom.aws import Session, customization
from stillroom.errors import BadRequest, PermissionRefused
from stillroom.steps.looking import unfinished
from stillroom.steps.workspace import open_workspace
from stillroom.training import JobState


def plan(project: Path, *words: str) -> dict[str, Any]:
    found = stillroom(*words, "--dry-run", "--json", "--project", project).ok().json["plan"]
    assert isinstance(found, dict)
    return found


@pytest.fixture
def training(distilled: Path, box: Box) -> Path:
    """Beside two students that are there the job of a third goes on, slowly."""
    for verb in ("build", "upload"):
        stillroom(verb, "--size", "15", "-yq", "--project", distilled).ok()
    box.turn(speed=1.0)
    stillroom("train", "--size", "15", "-yq", "--project", distilled).ok()
    return distilled


def let_end(project: Path, box: Box) -> None:
    """Have the jobs end, and only a copy of the project hear of it."""
    box.turn(**CALM)
    watched = stillroom("jobs", "--watch", "-q", "--project", copied(project, project.with_name("other")))
    assert watched.code == 0


def test_one_that_is_being_trained_is_not_denied(training: Path) -> None:
    for verb in ("deploy", "delete"):
        said = stillroom(verb, "lite-15", "-y", "--project", training)
        said.refused(2, "lite-15 is still being trained", "stillroom jobs --watch", "stillroom stop lite-15")


def test_deploying_the_others_says_who_is_still_to_come(training: Path) -> None:
    found = plan(training, "deploy")
    assert found["students"] == ["lite-10", "lite-20"]
    assert found["notes"] == ["lite-15 is still being trained."]
    assert plan(training, "deploy", "lite-10")["notes"] == []


@pytest.fixture
def deployed(distilled: Path) -> Path:
    stillroom("deploy", "-yq", "--project", distilled).ok()
    return distilled


def test_who_is_still_to_come_is_said_too_where_the_others_are_deployed(
    deployed: Path, training: Path
) -> None:
    words = ("deploy", "-yq", "--project", training)
    assert stillroom(*words, "--json").ok().json["remarks"] == ["lite-15 is still being trained."]
    assert plan(training, "deploy")["count"] == 0
    assert stillroom(*words).ok().out.endswith("  note: lite-15 is still being trained.\n")
    assert stillroom("deploy", "lite-10", "-yq", "--json", "--project", training).ok().json["remarks"] == []


def test_one_that_is_being_trained_can_be_asked_as_little_as_deployed(training: Path, box: Box) -> None:
    asked = (("label", "lite-15"), ("ask", "p00.jpg", "--model", "lite-15"))
    for words in asked:
        said = stillroom(*words, "-y", "--project", training)
        said.refused(2, "lite-15 is still being trained", "stillroom jobs --watch", "stillroom stop lite-15")
    stillroom("stop", "lite-15", "-yq", "--project", training).ok()
    for words in (("deploy", "lite-15"), *asked):
        said = stillroom(*words, "-y", "--project", training)
        said.refused(2, "There is no student 'lite-15': its job is Stopping.", "stillroom jobs")
    let_end(training, box)
    for words in (("deploy", "lite-15"), *asked):
        stillroom(*words, "-y", "--project", training).refused(2, "its job is Stopped.")


def test_one_that_has_just_been_trained_is_to_be_deployed_before_it_is_asked(
    training: Path, box: Box
) -> None:
    let_end(training, box)
    for words in (("label", "lite-15"), ("ask", "p00.jpg", "--model", "lite-15")):
        said = stillroom(*words, "-y", "--project", training)
        said.refused(2, "lite-15 is not deployed, so it cannot be asked.", "stillroom deploy lite-15")


@pytest.mark.parametrize("words", [("deploy",), ("deploy", "lite-15"), ("delete", "lite-15")])
def test_one_whose_job_was_never_answered_for_is_there(
    training: Path, box: Box, words: tuple[str, ...]
) -> None:
    with open_workspace(training) as workspace:
        (job,) = unfinished(workspace)
        workspace.store.jobs.update(job.name, arn=None, status="", started=None)
    if words[1:]:
        stillroom(*words, "-y", "--project", training).refused(2, "lite-15 is still being trained")
    let_end(training, box)
    assert "lite-15" in plan(training, *words)["students"]


@pytest.mark.parametrize("words", [("deploy",), ("deploy", "lite-15"), ("delete", "lite-15")])
def test_one_that_has_just_been_trained_is_there(training: Path, box: Box, words: tuple[str, ...]) -> None:
    let_end(training, box)
    found = plan(training, *words)
    assert "lite-15" in found["students"]
    assert "lite-15" in found["title"]


@pytest.fixture
def lost(training: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The third student's job is of another account than the one that asks now."""
    with open_workspace(training) as workspace:
        (job,) = unfinished(workspace)
    ask = customization.get_job

    def strange(session: Session, name: str) -> JobState:
        if name == job.arn:
            raise BadRequest("Could not look at the job: it is of another account.", "See aws.profile.")
        return ask(session, name)

    monkeypatch.setattr(customization, "get_job", strange)
    return training


def test_a_job_that_nobody_can_look_at_keeps_no_other_student_from_being_deployed(
    lost: Path, box: Box
) -> None:
    found = plan(lost, "deploy")
    assert found["students"] == ["lite-10", "lite-20"]
    (note,) = found["notes"]
    assert note.startswith("lite-15 is left out. Could not look at the job: ")
    box.turn(**CALM)
    done = stillroom("deploy", "-yq", "--json", "--project", lost).ok().json
    assert [one["student"] for one in done["deployments"]] == ["lite-10", "lite-20"]
    assert done["remarks"] == [note]
    again = stillroom("deploy", "-yq", "--project", lost).ok().out
    assert "  note: lite-15 is left out. Could not look at the job: " in again
    stillroom("deploy", "lite-15", "-y", "--project", lost).refused(4, "Could not look at the job")


def test_a_job_that_nobody_can_look_at_hides_no_other(lost: Path) -> None:
    found = stillroom("jobs", "--json", "--project", lost).ok().json
    assert [job["student"] for job in found["jobs"]] == ["lite-10", "lite-20", "lite-15"]
    (remark,) = found["remarks"]
    assert remark.startswith("lite-15: Could not look at the job: ")
    assert "note: lite-15: Could not look at the job: " in stillroom("jobs", "--project", lost).ok().out


def test_where_no_other_student_is_there_the_job_that_nobody_can_look_at_is_told(lost: Path) -> None:
    for name in ("lite-10", "lite-20"):
        stillroom("delete", name, "-yq", "--project", lost).ok()
    stillroom("deploy", "-y", "--project", lost).refused(4, "Could not look at the job")


def test_a_service_that_lets_nobody_look_stops_the_deploying(
    training: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(session: object, job: str) -> None:
        raise PermissionRefused("You may not look.", "Ask for bedrock:GetModelCustomizationJob.")

    monkeypatch.setattr(customization, "get_job", refused)
    stillroom("deploy", "-y", "--project", training).refused(4, "You may not look.")


def test_one_whose_job_was_stopped_is_told_apart_from_one_that_never_was(training: Path, box: Box) -> None:
    stillroom("stop", "lite-15", "-yq", "--project", training).ok()
    let_end(training, box)
    stillroom("deploy", "lite-15", "--project", training).refused(
        2, "no student 'lite-15': its job is Stopped"
    )
    stillroom("deploy", "lite-16", "--project", training).refused(
        2, "no student 'lite-16'.", "lite-10, lite-20"
    )


def test_where_no_student_is_there_yet_deploy_names_those_in_training(uploaded: Path, box: Box) -> None:
    stillroom("deploy", "--project", uploaded).refused(2, "There is no student yet", "stillroom train")
    box.turn(speed=1.0)
    stillroom("train", "-yq", "--project", uploaded).ok()
    said = stillroom("deploy", "--project", uploaded)
    said.refused(2, "lite-10 and lite-20 are still being trained", "stillroom jobs --watch")

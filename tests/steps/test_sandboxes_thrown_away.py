"""A sandbox whose state was thrown away knows no job of before: there is no waiting for one for ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from tests.steps.world import CALM, Box, copied, make, put, stillroom

from stillroom.aws import buckets
from stillroom.aws.session import Session
from stillroom.aws.uploading import Upload, UploadFailure, UploadResult
from stillroom.errors import NotFound, PermissionRefused
from stillroom.steps import upload
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


@pytest.fixture(scope="module")
def _trained_here() -> dict[str, Path]:
    """The project below as it was made once, by its name."""
    return {}


@pytest.fixture
def training(
    _trained_here: dict[str, Path],
    shelf: Path,
    box: Box,
    fresh: Box,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Two jobs were going on when the sandbox was thrown away."""
    places = tmp_path_factory.mktemp("training")
    if not _trained_here:
        made = make(places / "made", shelf, box, sizes=(10, 20))
        stillroom("run", "--until", "upload", "-yq", "--project", made).ok()
        box.turn(speed=1.0)
        stillroom("train", "-yq", "--project", made).ok()
        _trained_here["made"] = made
    project = copied(_trained_here["made"], places / "project")
    put(project, "aws", "endpoint_url", fresh.url)
    return project


def test_jobs_that_it_knows_no_more_have_failed(training: Path) -> None:
    said = stillroom("jobs", "--watch", "-q", "--json", "--project", training)
    assert said.code == 6
    assert [(job["status"], job["failure"]) for job in said.json["jobs"]] == [("Failed", GONE)] * 2
    assert said.json["jobs"][0]["todo"].endswith("is made anew by: stillroom run")
    status = stillroom("status", "--json", "--project", training).ok().json
    assert status["command"] != "stillroom jobs --watch"


def _status(root: Path) -> tuple[str, dict[str, str]]:
    """What to do next, and how bucket, uploads and training stand."""
    said = stillroom("status", "--json", "--project", root).ok().json
    states = {one["step"]: one["state"] for one in said["steps"]}
    return said["command"], {step: states[step] for step in ("setup", "upload", "train")}


def _follow(root: Path, *commands: str) -> None:
    """Do what status says next, which is to be this."""
    for command in commands:
        assert _status(root)[0] == command
        stillroom(*command.split()[1:], "-yq", "--project", root).ok()


def test_what_was_made_and_sent_there_has_gone_with_the_jobs(training: Path) -> None:
    assert _status(training)[1] == {"setup": "done", "upload": "done", "train": "running"}
    stillroom("jobs", "-q", "--project", training).ok()
    assert _status(training)[1] == {"setup": "waiting", "upload": "waiting", "train": "failed"}
    _follow(training, "stillroom setup", "stillroom upload", "stillroom train")


def test_a_plan_of_an_upload_says_that_the_bucket_has_gone(training: Path) -> None:
    stillroom("jobs", "-q", "--project", training).ok()
    plan = stillroom("upload", "--dry-run", "--json", "--project", training).ok().json["plan"]
    assert [stop.partition(" is ")[2] for stop in plan["stops"]] == ["no longer there: stillroom setup"]
    stillroom("setup", "-yq", "--project", training).ok()
    assert stillroom("upload", "--dry-run", "--json", "--project", training).ok().json["plan"]["stops"] == []


def test_a_plan_of_run_says_that_it_makes_the_bucket_again(training: Path) -> None:
    plan = stillroom("run", "--dry-run", "--json", "--project", training).ok().json["plan"]
    parts = [line["label"] for line in plan["lines"]]
    assert parts[0] == "setup"
    assert "upload" in parts


def test_whoever_makes_the_bucket_before_anybody_has_looked_is_told_to_upload(training: Path) -> None:
    stillroom("setup", "-yq", "--project", training).ok()
    stillroom("jobs", "-q", "--project", training).ok()
    _follow(training, "stillroom upload", "stillroom train")


def test_upload_notes_that_the_bucket_has_gone(training: Path) -> None:
    said = stillroom("upload", "-yq", "--project", training)
    said.refused(4, "There is no bucket", "Run stillroom setup")
    assert _status(training)[1] == {"setup": "waiting", "upload": "waiting", "train": "running"}
    _follow(training, "stillroom setup", "stillroom upload")


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


def test_students_whose_models_are_gone_are_trained_anew_and_asked(
    project: Path, box: Box, fresh: Box
) -> None:
    stillroom("run", "--until", "train", "-yq", "--project", project).ok()
    put(project, "aws", "endpoint_url", fresh.url)
    said = stillroom("run", "-yq", "--project", project)
    gone = "The models of lite-10 and lite-20 are no longer there, and paid for no more."
    said.refused(4, gone, "To train anew what was deleted: stillroom train --again")
    stillroom("train", "--again", "-yq", "--project", project).ok()
    stillroom("run", "-yq", "--project", project).ok()


def test_a_student_that_is_deployed_by_hand_begins_at_the_bucket(project: Path, box: Box, fresh: Box) -> None:
    stillroom("run", "--until", "train", "-yq", "--project", project).ok()
    stillroom("jobs", "-q", "--project", project).ok()
    put(project, "aws", "endpoint_url", fresh.url)
    said = stillroom("deploy", "lite-10", "-yq", "--project", project)
    again = "To train anew what was deleted: stillroom train --again"
    said.refused(4, "no longer there", f"First: stillroom run --until upload. {again}")
    assert _status(project)[1] == {"setup": "waiting", "upload": "waiting", "train": "done"}
    stillroom("run", "--until", "upload", "-yq", "--project", project).ok()
    # The other one was thrown away with it, and is known to be gone; the bucket is there by now.
    stillroom("deploy", "lite-20", "-yq", "--project", project).refused(2, "lite-20 was deleted", again)
    stillroom("train", "--again", "-yq", "--project", project).ok()
    assert _status(project)[1] == {"setup": "done", "upload": "done", "train": "running"}


def test_who_looks_at_jobs_hears_that_the_bucket_has_gone_with_the_models(project: Path, fresh: Box) -> None:
    stillroom("run", "--until", "train", "-yq", "--project", project).ok()
    put(project, "aws", "endpoint_url", fresh.url)
    (said,) = stillroom("jobs", "--json", "--project", project).ok().json["remarks"]
    first, again = "stillroom run --until upload", "stillroom train --again"
    assert said.endswith(f"First: {first}. To train anew what was deleted: {again}")
    assert _status(project)[1] == {"setup": "waiting", "upload": "waiting", "train": "done"}
    for command in (first, again):
        stillroom(*command.split()[1:], "-yq", "--project", project).ok()


def test_a_bucket_that_somebody_else_made_again_is_there_once_it_is_uploaded_to(training: Path) -> None:
    stillroom("jobs", "-q", "--project", training).ok()
    assert _status(training)[1]["setup"] == "waiting"
    with open_workspace(training) as workspace:
        workspace.session().client("s3").create_bucket(Bucket=workspace.settings.aws.bucket)
    stillroom("upload", "-yq", "--project", training).ok()
    assert _status(training)[1] == {"setup": "done", "upload": "done", "train": "failed"}


def test_a_bucket_that_was_not_made_to_the_end_holds_nothing_of_before(
    training: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = buckets.make

    def half(*words: Any, **named: Any) -> NoReturn:
        make(*words, **named)
        raise PermissionRefused("You may not close the bucket to the public.", "Ask for it.")

    with monkeypatch.context() as patch:
        patch.setattr(buckets, "make", half)
        stillroom("setup", "-yq", "--project", training).refused(4, "You may not close the bucket")
    stillroom("setup", "-yq", "--project", training).ok()
    assert _status(training)[1]["upload"] == "waiting"


def test_a_bucket_whose_name_is_somebody_elses_by_now_is_not_there(
    training: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(session: Session, bucket: str, wanted: list[Upload], **named: Any) -> UploadResult:
        failures = tuple(UploadFailure(one.key, "It may not be written.", "Ask for it.") for one in wanted)
        return UploadResult(len(wanted), 0, 0, 0, failures, frozenset())

    stillroom("jobs", "-q", "--project", training).ok()
    with open_workspace(training) as workspace:
        workspace.session().client("s3").create_bucket(Bucket=workspace.settings.aws.bucket)
    monkeypatch.setattr(upload, "upload_many", denied)
    assert stillroom("upload", "-yq", "--project", training).code == 6
    assert _status(training)[1]["setup"] == "waiting"

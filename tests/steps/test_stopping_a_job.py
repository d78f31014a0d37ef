"""The plan that stops a job says what has been trained, what is charged for it, and what is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import CALM, Box, put, stillroom

from stillroom.money import usd
from stillroom.steps.job_details import everything
from stillroom.steps.job_views import estimate, job_view, trained
from stillroom.steps.trained_anew import student_name
from stillroom.steps.workspace import open_workspace
from stillroom.training.jobs import Stage, StageFact


def test_before_the_training_stage_nothing_was_trained(distilled: Path, box: Box) -> None:
    for verb in ("build", "upload"):
        stillroom(verb, "--size", "15", "-yq", "--project", distilled).ok()
    box.turn(speed=1.0)  # the project remembers a faster clock
    stillroom("train", "--size", "15", "-yq", "--project", distilled).ok()
    said = stillroom("stop", "lite-15", "--dry-run", "--project", distilled).ok().out
    assert "trained until now  nothing yet: it is in validation" in said
    assert "charged for that   $0.00 ($0.00–$0.0" in said
    assert "No model is kept" in said
    assert "As long as [training] asks for lite-15, run and train begin it anew." in said
    assert "\n  price " not in said


def test_of_a_job_that_has_ended_nothing_is_charged_or_lost_by_stopping(distilled: Path) -> None:
    plan = stillroom("stop", "lite-10", "--dry-run", "--json", "--project", distilled).ok().json["plan"]
    assert (plan["lines"], plan["loses"], plan["needs_consent"]) == ([], [], False)


def test_stop_says_what_will_be_counted(distilled: Path, box: Box) -> None:
    for verb in ("build", "upload"):
        stillroom(verb, "--size", "15", "-yq", "--project", distilled).ok()
    box.turn(speed=1.0)
    stillroom("train", "--size", "15", "-yq", "--project", distilled).ok()
    said = stillroom("stop", "lite-15", "--dry-run", "--project", distilled).ok().out
    with open_workspace(distilled) as workspace:
        (job,) = [job for job in workspace.store.jobs.all() if job.student == "lite-15"]
    assert f"counted as         at most {usd(job.most)} (unverified): AWS does not tell what it bills" in said
    assert "nothing, if it stops before its training begins" in said


@pytest.fixture
def stopping(distilled: Path, box: Box) -> Path:
    """A project with a job that is being stopped, and goes on being so."""
    for verb in ("build", "upload"):
        stillroom(verb, "--size", "15", "-yq", "--project", distilled).ok()
    put(distilled, "training", "sizes", [10, 15, 20])
    stillroom("build", "-yq", "--project", distilled).ok()
    box.turn(speed=1.0)
    stillroom("train", "-yq", "--project", distilled).ok()
    stopped = stillroom("stop", "lite-15", "-yq", "--json", "--project", distilled).ok().json
    assert stopped["status"] == "Stopping"
    return distilled


def test_a_job_that_is_being_stopped_is_still_under_way(stopping: Path, box: Box) -> None:
    before = len(box.bill()["training"])
    standing = stillroom("status", "--json", "--project", stopping).ok().json
    train = next(step for step in standing["steps"] if step["step"] == "train")
    assert (train["state"], train["facts"]) == (
        "running",
        "lite-10 Completed · lite-15 Stopping · lite-20 Completed",
    )
    assert standing["command"] == "stillroom jobs --watch"
    said = stillroom("train", "--yes", "--project", stopping).ok()
    told = "lite-15 is being stopped. To train it anew, wait: stillroom jobs --watch"
    assert f"Nothing was started. {told}\n" in said.out
    plan = stillroom("run", "--dry-run", "--json", "--project", stopping).ok().json["plan"]
    assert not [line for line in plan["lines"] if line["label"] == "train"]
    assert len(box.bill()["training"]) == before


def test_once_it_is_stopped_the_student_is_trained_under_the_same_name(stopping: Path, box: Box) -> None:
    box.turn(**CALM)
    stillroom("jobs", "--watch", "-q", "--project", stopping)
    plan = stillroom("train", "--dry-run", "--json", "--project", stopping).ok().json["plan"]
    assert plan["students"] == ["lite-15"]
    assert "lite-15 is trained anew: its job ended as Stopped." in plan["notes"]


def test_while_a_job_is_being_stopped_its_students_name_stays_taken(stopping: Path) -> None:
    with open_workspace(stopping) as workspace:
        (job,) = [job for job in workspace.store.jobs.all() if job.student == "lite-15"]
        assert student_name(workspace, 15) == "lite-15-2"
        # It may have completed before the request to stop it arrived.
        workspace.store.jobs.update(job.name, status="Completed", model_arn="arn:model")
        assert student_name(workspace, 15) == "lite-15-2"
        workspace.store.jobs.update(job.name, status="Stopped", model_arn=None)
        assert student_name(workspace, 15) == "lite-15"


def test_a_job_that_ended_before_its_training_cost_nothing(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        jobs = workspace.store.jobs
        began = next(job for job in jobs.all() if job.student == "lite-10")
        checked = StageFact(Stage.VALIDATION, "Stopped", 1.0, 2.0)
        jobs.update(began.name, status="Stopped", stages=(checked, *began.stages[1:]), failure="")
        view = job_view(workspace, jobs.all()[0])
        assert (view.usd, view.usd_at_most) == (0, None)


def test_the_list_of_jobs_counts_what_was_trained_as_the_plan_that_stops_a_job_does(
    distilled: Path, box: Box
) -> None:
    box.turn(speed=1.0)  # the project remembers a faster clock
    with open_workspace(distilled, now=lambda: 90_000.0) as workspace:
        workspace.speed()
        job = next(job for job in workspace.store.jobs.all() if job.student == "lite-10")
        whole = estimate(workspace, job).likely
        for began, share in ((None, 0.0), (90_000.0, 0.0), (90_000.0 - whole / 4, 0.25)):
            created = 90_000.0 if began is None else began
            training = StageFact(Stage.TRAINING, "NotStarted" if began is None else "InProgress", began, None)
            workspace.store.jobs.update(
                job.name, status="InProgress", stages=(training,), started=created, ended=None
            )
            (thing,) = [one for one in everything(workspace).things if one.own_name == job.name]
            done, charged = trained(workspace, workspace.store.jobs.all()[0])
            assert done == pytest.approx(share)
            assert job.usd is not None
            assert (thing.per, thing.usd) == ("so far", charged)
            assert float(thing.usd or 0) == pytest.approx(float(job.usd) * share, rel=1e-3)

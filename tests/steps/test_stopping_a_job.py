"""The plan that stops a job says what has been trained, what is charged for it, and what is lost."""

from __future__ import annotations

from pathlib import Path

from tests.steps.world import Box, stillroom

from stillroom.money import usd
from stillroom.steps.job_views import job_view
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
    assert "price" not in said


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
    assert f"counted as         at most {usd(job.most)}: AWS does not tell what it bills" in said
    assert "nothing, if it stops before its training begins" in said


def test_a_job_that_ended_before_its_training_cost_nothing(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        jobs = workspace.store.jobs
        began = next(job for job in jobs.all() if job.student == "lite-10")
        checked = StageFact(Stage.VALIDATION, "Stopped", 1.0, 2.0)
        jobs.update(began.name, status="Stopped", stages=(checked, *began.stages[1:]), failure="")
        view = job_view(workspace, jobs.all()[0])
        assert (view.usd, view.usd_at_most) == (0, None)

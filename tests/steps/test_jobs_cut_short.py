"""What a job cost that was stopped or has failed is said alike wherever it is shown: an upper bound."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest
from tests.steps.world import stillroom

from stillroom.money import usd
from stillroom.steps.cost_views import costs_view
from stillroom.steps.job_details import everything, job_details
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store import JobRow
from stillroom.training.jobs import JobStatus, Stage, StageFact, StageState
from stillroom.tui.job_lines import money_words, time_words
from stillroom.tui.money_lines import steps_lines

STUDENT = "lite-20"


def _end(workspace: Workspace, status: str, last: Stage) -> JobRow:
    """The student's job, ended in a stage; before, it had completed."""
    job = next(job for job in workspace.store.jobs.all() if job.student == STUDENT)
    stages = list(Stage)
    facts = tuple(
        StageFact(
            stage,
            StageState.COMPLETED if number < stages.index(last)
            else status if stage is last
            else StageState.NOT_STARTED,
            1.0, 2.0,
        )
        for number, stage in enumerate(stages)
    )  # fmt: skip
    return workspace.store.jobs.update(job.name, status=status, stages=facts)


def _spent_row(root: Path) -> str:
    said = stillroom("cost", "--project", root).ok().out
    spent = said[said.index("Spent so far") :]
    return next(row for row in spent.splitlines() if f"train {STUDENT}" in row)


@pytest.mark.parametrize("status", [JobStatus.STOPPED, JobStatus.FAILED])
def test_a_job_that_ended_early_costs_at_most_its_whole_price(distilled: Path, status: str) -> None:
    now = time.time()  # models are kept no longer meanwhile
    with open_workspace(distilled, now=lambda: now) as workspace:
        before = workspace.budget().spent
        job = _end(workspace, status, Stage.TRAINING)
        most = f"{usd(job.most)}*"
        assert workspace.budget().spent == before  # no less than if it had trained to its end
        (thing,) = [one for one in everything(workspace).things if one.own_name == job.name]
        assert money_words(thing) == f"≤ {most}"
        (line,) = [line for line in costs_view(workspace).lines if line.step == f"train {STUDENT}"]
        assert (line.actual, line.at_most) == (None, job.most)
        assert f"{status.lower()}: AWS does not tell what it bills" in line.note
        screen = steps_lines(costs_view(workspace), 100).content.plain
        row = next(row for row in screen.splitlines() if f"train {STUDENT}" in row)
        assert f"≤ {most}" in row
        assert "≤ is the most it can have cost" in screen
    told = _spent_row(distilled)
    assert f"≤ {most}" in told
    assert "AWS does not tell" in told
    jobs = stillroom("jobs", "--project", distilled).ok().out
    assert f"≤ {most}" in next(row for row in jobs.splitlines() if row.startswith(STUDENT))


def test_the_sum_holds_what_is_known_and_the_bound_beside_it(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        job = _end(workspace, JobStatus.STOPPED, Stage.TRAINING)
    said = stillroom("cost", "--json", "--project", distilled).ok().json
    (line,) = [one for one in said["spent"] if one["step"] == f"train {STUDENT}"]
    assert (line["usd"], line["input_tokens"], line["unknown"]) == (None, 0, 1)
    assert job.most is not None
    assert line["usd_unknown"] == said["spent_unknown_usd"] == pytest.approx(float(job.most))
    assert said["spent_usd"] == pytest.approx(sum(one["usd"] or 0 for one in said["spent"]))


def test_a_job_that_ended_before_its_training_is_billed_no_token(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        job = _end(workspace, JobStatus.FAILED, Stage.VALIDATION)
        assert (job.cost, job.most) == (Decimal(0), Decimal(0))
    said = stillroom("cost", "--json", "--project", distilled).ok().json
    (line,) = [one for one in said["spent"] if one["step"] == f"train {STUDENT}"]
    assert (line["usd"], line["unknown"], line["input_tokens"]) == (0, 0, 0)


def test_without_a_price_the_bound_is_unknown_and_not_zero(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        job = _end(workspace, JobStatus.STOPPED, Stage.TRAINING)
        workspace.store.jobs.update(job.name, usd=None, usd_high=None)
    told = _spent_row(distilled)
    assert "unknown" in told
    assert "$0" not in told


def test_of_a_job_that_is_being_stopped_nobody_says_how_long_it_still_takes(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        job = _end(workspace, JobStatus.STOPPING, Stage.TRAINING)
        workspace.now = lambda: 1000.0
        workspace.store.jobs.update(job.name, started=1000.0, ended=None)
        details = job_details(workspace, job.name)
        assert details is not None
        assert details.view.left is None
        assert time_words(details.view, details) == "0.0 s so far"

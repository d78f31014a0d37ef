"""What nobody knows is said to be unknown: never zero, and never of another kind than it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.steps.world import Box, stillroom

from stillroom.money import usd
from stillroom.steps.costs import cost
from stillroom.steps.run_views import runs_view
from stillroom.steps.standing import status
from stillroom.steps.upload import upload_estimate
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.training.jobs import JobStatus


def facts(workspace: Workspace, step: str) -> str:
    return next(one.facts for one in status(workspace).steps if one.step == step)


@pytest.fixture
def opened(distilled: Path) -> Iterator[Workspace]:
    with open_workspace(distilled) as workspace:
        yield workspace


def test_status_shows_no_price_for_calls_that_have_none(opened: Workspace) -> None:
    assert "$" in facts(opened, "label teacher")
    with opened.store.database.writing() as connection:
        connection.execute("UPDATE runs SET unpriced = 3, usd = '0' WHERE role = 'teacher'")
    said = facts(opened, "label teacher")
    assert "$0" not in said
    assert "price unknown" in said


def test_keeping_students_of_a_model_without_a_price_is_not_free(opened: Workspace) -> None:
    assert status(opened).spent_kept_usd is not None
    with opened.store.database.writing() as connection:
        connection.execute("UPDATE students SET base_model = 'vendor.unknown-v1:0'")
    assert status(opened).spent_kept_usd is None
    assert cost(opened).spent_kept_usd is None
    assert cost(opened).spent_usd is None
    said = stillroom("cost", "--project", opened.root).ok().out
    assert "of it for keeping students" not in said
    assert "Each month that the students are kept: unknown" in said
    kept = stillroom("jobs", "-q", "--project", opened.root).ok().out
    assert "model kept: an unknown amount a month until stillroom delete lite-10" in kept
    (keeping,) = [one for one in cost(opened).spent if one.step == "models kept"]
    assert (keeping.usd, keeping.model) == (None, "2 custom models")


def test_a_project_is_not_free_before_its_pictures_are_scanned(project: Path) -> None:
    told = stillroom("cost", "--json", "--project", project).ok().json
    assert (told["left"], told["left_usd"]) == ([], {"low": None, "likely": None, "high": None})
    said = stillroom("cost", "--project", project).ok().out
    assert "Still to be spent, not known until the pictures are scanned: stillroom scan" in said
    stillroom("scan", "-q", "--project", project).ok()
    assert stillroom("cost", "--json", "--project", project).ok().json["left_usd"]["low"] > 0


def test_sending_files_is_never_free(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    with open_workspace(project) as workspace:
        (upload,) = [one for one in cost(workspace).left if one.step == "upload"]
        assert upload.usd.low
        assert "$0.00–" not in usd(upload.usd)


def test_records_that_are_not_built_yet_are_reckoned_beside_those_that_are(project: Path) -> None:
    stillroom("run", "--until", "label", "-yq", "--project", project).ok()
    stillroom("setup", "-yq", "--project", project).ok()
    stillroom("build", "--size", "10", "-yq", "--project", project).ok()
    with open_workspace(project) as workspace:
        some = upload_estimate(workspace, afresh=False)
    assert some is not None
    assert some.amount.low is not None
    assert some.amount.high is not None
    assert some.amount.low < some.amount.high
    assert some.how.endswith("before the records are built")
    stillroom("build", "-yq", "--project", project).ok()
    with open_workspace(project) as workspace:
        every = upload_estimate(workspace, afresh=False)
    assert every is not None
    assert every.amount.low == every.amount.high
    assert every.amount.high is not None
    assert some.amount.low <= every.amount.high <= some.amount.high


def test_pictures_that_are_in_the_bucket_are_not_reckoned_again(opened: Workspace) -> None:
    before = upload_estimate(opened, afresh=True)
    with opened.store.database.writing() as connection:
        connection.execute("DELETE FROM uploads")
    without = upload_estimate(opened, afresh=True)
    assert before is not None
    assert without is not None
    assert before.amount.high is not None
    assert without.amount.high is not None
    assert before.amount.high < without.amount.high / 3
    assert before.how.endswith("before the records are built")


def test_what_a_job_may_have_cost_is_told_beside_what_was_spent(opened: Workspace) -> None:
    job = opened.store.jobs.all()[0]
    opened.store.jobs.update(job.name, arn=None, status="", started=None)
    told = stillroom("status", "--json", "--project", opened.root).ok().json
    assert told["spent_unknown_usd"] > 0
    assert told["spent_high_usd"] > told["spent_usd"]
    for verb in ("status", "cost"):
        said = " ".join(stillroom(verb, "--project", opened.root).ok().out.split())
        assert f"and up to {usd(job.most)} more for calls and jobs of unknown cost" in said


def test_one_student_is_one_model(opened: Workspace) -> None:
    with opened.store.database.writing() as connection:
        connection.execute("DELETE FROM students WHERE name = 'lite-20'")
    (keeping,) = [one for one in cost(opened).spent if one.step == "models kept"]
    assert keeping.model == "1 custom model"


def test_a_job_of_unknown_outcome_is_no_call(opened: Workspace) -> None:
    job = opened.store.jobs.all()[0]
    opened.store.jobs.update(job.name, arn=None, status="", started=None)
    said = stillroom("cost", "--project", opened.root).ok().out
    assert "1 job of unknown outcome" in said
    assert "call of unknown outcome" not in said


def test_calls_that_were_refused_are_not_of_unknown_outcome(project: Path, box: Box) -> None:
    box.turn(no_access=["amazon.nova-pro-v1:0"])
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", "teacher", "-yq", "--project", project).refused(4, "teacher")
    with open_workspace(project) as workspace:
        said = facts(workspace, "label teacher")
    assert "unknown outcome" not in said
    assert "to be asked again" in said


def test_what_was_lost_without_a_price_may_have_cost_anything(opened: Workspace) -> None:
    with opened.store.database.writing() as connection:
        connection.execute(
            "UPDATE runs SET unpriced = 2, unknown = 2, usd_unknown = '0' WHERE role = 'teacher'"
        )
    shown = runs_view(opened, "teacher").shown
    assert shown is not None
    assert shown.usd_unknown is None
    said = stillroom("cost", "--json", "--project", opened.root).ok().json
    (teacher,) = [one for one in said["spent"] if one["step"] == "label teacher"]
    assert (teacher["usd_unknown"], said["spent_unknown_usd"]) == (None, None)
    told = stillroom("cost", "--project", opened.root).ok().out
    assert "$0" not in next(row for row in told.splitlines() if "2 calls of unknown outcome" in row)


def test_a_stopped_job_without_a_price_may_have_cost_anything(opened: Workspace) -> None:
    job = opened.store.jobs.all()[0]
    opened.store.jobs.update(job.name, status=JobStatus.STOPPED, usd=None, usd_high=None)
    told = stillroom("cost", "--project", opened.root).ok().out
    assert "$0" not in next(row for row in told.splitlines() if "AWS does not tell what it bills" in row)


def test_a_refused_run_cost_nothing_whatever_its_price_would_have_been(distilled: Path) -> None:
    model = "anthropic.claude-3-haiku-20240307-v1:0"
    said = stillroom("label", model, "--yes", "--project", distilled)
    said.refused(4, "(0 answered and kept, ", "$0.00 was paid.)")
    told = stillroom("cost", "--json", "--project", distilled).ok().json
    (line,) = [one for one in told["spent"] if model in one["step"]]
    assert (line["usd"], line["calls"], line["unverified"]) == (0.0, 0, False)

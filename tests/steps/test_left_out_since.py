"""What was left out after a plan was made is not asked about, though the plan says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.steps.world import CALM, Box, stillroom

from stillroom.pictures import Side
from stillroom.steps.ask import AskModels
from stillroom.steps.labeling import Label
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import open_workspace


@pytest.fixture
def scanned(project: Path) -> Path:
    stillroom("scan", "-q", "--project", project).ok()
    return project


def test_pictures_excluded_after_the_plan_are_not_paid_for(scanned: Path, box: Box) -> None:
    step, before = Label("teacher", limit=6), box.served()
    with open_workspace(scanned) as workspace:
        plan = step.plan(workspace)
        gone = [row.path for row in plan.rows[:2]]
        stillroom("exclude", *gone, "-yq", "--project", scanned).ok()
        result = step.execute(workspace, plan, Watch())
    assert box.served() == before + 4
    assert (result.done, result.flagged, dict(result.failed)) == (4, 0, {})
    assert result.remarks == (
        "2 pictures were left out after the plan was made: nobody was asked about them.",
    )
    assert result.pictures == plan.pictures - 2


def test_pictures_whose_label_was_imported_after_the_plan_are_not_paid_for(
    scanned: Path, box: Box, tmp_path: Path
) -> None:
    step, before, file = Label("teacher", limit=6), box.served(), tmp_path / "labels.jsonl"
    with open_workspace(scanned) as workspace:
        plan = step.plan(workspace)
        lines = [json.dumps({"image": row.path, "label": "sea, sky"}) for row in plan.rows[:4]]
        file.write_text("\n".join(lines), encoding="utf-8")
        stillroom("import", "labels", file, "--project", scanned).ok()
        result = step.execute(workspace, plan, Watch())
    assert box.served() == before + 2
    assert (result.done, result.answered, dict(result.failed), result.remarks) == (2, 6, {}, ())


def test_a_failed_picture_whose_label_was_imported_after_the_plan_is_not_asked_about_again(
    scanned: Path, box: Box, tmp_path: Path
) -> None:
    box.turn(faults={**CALM["faults"], "refusal": 1.0})
    stillroom("label", "teacher", "--limit", "2", "-yq", "--project", scanned)
    box.turn(**CALM)
    step, before, file = Label("teacher", classes=()), box.served(), tmp_path / "labels.jsonl"
    with open_workspace(scanned) as workspace:
        plan = step.plan(workspace)
        lines = [json.dumps({"image": row.path, "label": "sea, sky"}) for row in plan.rows]
        file.write_text("\n".join(lines), encoding="utf-8")
        stillroom("import", "labels", file, "--project", scanned).ok()
        result = step.execute(workspace, plan, Watch())
    assert box.served() == before
    assert (plan.count, result.done, result.answered, result.failures) == (2, 0, 2, ())


def test_a_picture_that_has_lost_its_side_since_is_not_paid_for(scanned: Path, box: Box) -> None:
    step, before = Label("teacher", limit=3), box.served()
    with open_workspace(scanned) as workspace:
        plan = step.plan(workspace)
        workspace.store.pictures.forget_sides([plan.rows[0].content])
        assert step.execute(workspace, plan, Watch()).done == 2
    assert box.served() == before + 2


def test_a_prompt_is_tried_on_an_excluded_picture_that_was_named_and_not_on_one_excluded_since(
    scanned: Path, box: Box
) -> None:
    before = box.served()
    with open_workspace(scanned) as workspace:
        first, second = (row.path for row in workspace.store.pictures.contents((Side.TRAIN,))[:2])
        stillroom("exclude", first, "-yq", "--project", scanned).ok()
        step = AskModels((first, second))
        plan = step.plan(workspace)
        assert plan.count == 2
        stillroom("exclude", second, "-yq", "--project", scanned).ok()
        result = step.execute(workspace, plan, Watch())
    assert box.served() == before + 1
    assert result.remarks == ("1 picture was left out after the plan was made: nobody was asked about it.",)
    assert result.failed == 0


def test_all_that_was_named_may_be_excluded_after_the_plan(scanned: Path, box: Box) -> None:
    step, before = Label("teacher", only=("p00.jpg",)), box.served()
    with open_workspace(scanned) as workspace:
        plan = step.plan(workspace)
        stillroom("exclude", "p00.jpg", "-yq", "--project", scanned).ok()
        result = step.execute(workspace, plan, Watch())
    assert box.served() == before
    assert (result.done, result.answered, result.pictures) == (0, 0, 0)
    assert result.remarks == ("1 picture was left out after the plan was made: nobody was asked about it.",)


def test_a_filter_that_asks_for_what_has_no_answer_means_what_it_did_before_the_answers(
    scanned: Path,
) -> None:
    words = ("label", "teacher", "--only", "split:train -status:done", "-yq", "--json", "--project", scanned)
    few = stillroom(*words, "--limit", "5").ok().json
    assert (few["done"], few["answered"]) == (5, 5)
    rest = stillroom(*words).ok().json
    assert rest["done"] == rest["answered"] == rest["pictures"] == few["pictures"] - 5

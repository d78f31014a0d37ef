"""Where no test picture can be compared, nothing is paid on the way to no comparison."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.pictures import Flag, PreparedFile, Side
from stillroom.steps.comparable import nobody_to_test
from stillroom.steps.pipeline import Run
from stillroom.steps.plan import Watch
from stillroom.steps.preparing import prepare_key
from stillroom.steps.workspace import open_workspace

RETRY = "Ask again about those that failed: stillroom retry teacher"


@pytest.fixture
def untaught(project: Path, box: Box) -> Path:
    """A project whose training pictures have labels; the test pictures were all refused."""
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", "teacher", "--split", "train", "-yq", "--project", project).ok()
    box.turn(faults={"refusal": 1.0})
    assert stillroom("label", "teacher", "--split", "test", "-yq", "--project", project).code == 6
    box.turn(faults={"refusal": 0.0})
    return project


def test_a_run_to_the_end_is_not_planned(untaught: Path, box: Box) -> None:
    before = box.served()
    for how in ("--dry-run", "--yes"):
        said = stillroom("run", how, "-q", "--project", untaught)
        said.refused(6, "No test picture has a label to compare with: ", "refused.", RETRY, "--until train")
    assert box.served() == before


def test_one_that_only_trains_says_so_in_its_plan(untaught: Path) -> None:
    said = stillroom("run", "--until", "train", "--dry-run", "--json", "--project", untaught).ok()
    assert any("No test picture has a label" in note and RETRY in note for note in said.json["plan"]["notes"])


def test_training_says_so_too(untaught: Path) -> None:
    assert stillroom("run", "--until", "upload", "-yq", "--project", untaught).code == 6
    said = stillroom("train", "--dry-run", "--json", "--project", untaught).ok()
    assert any("No test picture has a label" in note and RETRY in note for note in said.json["plan"]["notes"])


def test_a_run_that_finds_out_as_it_labels_trains_nobody(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", "teacher", "--split", "train", "-yq", "--project", project).ok()
    box.turn(faults={"refusal": 1.0})
    jobs = len(box.bill()["training"])
    said = stillroom("run", "-yq", "--project", project)
    said.refused(6, "No test picture has a label to compare with: ", RETRY, "Done before: scan, setup.")
    assert len(box.bill()["training"]) == jobs


def test_compare_names_the_command_that_asks_again(untaught: Path) -> None:
    stillroom("label", "untuned", "-yq", "--project", untaught).ok()
    stillroom("compare", "--project", untaught).refused(2, "No test picture has a label", RETRY)
    stillroom("retry", "teacher", "-yq", "--project", untaught).ok()
    stillroom("compare", "--project", untaught).ok()
    assert "No test picture" not in stillroom("run", "--dry-run", "--project", untaught).ok().out


@pytest.mark.parametrize("named", ["every test picture is left out", "resembles a training picture"])
def test_a_run_is_refused_where_no_picture_is_left_to_test_with(project: Path, box: Box, named: str) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    if "left out" in named:
        stillroom("exclude", "split:test", "--project", project).ok()
    else:
        put(project, "pictures", "near_duplicate_distance", 32)
    before = box.served()
    for how in ("--dry-run", "--yes"):
        stillroom("run", how, "-q", "--project", project).refused(2, named, "stillroom run --until train")
    assert box.served() == before
    stillroom("compare", "--project", project).refused(2, "Nothing can be compared: ", named)


def test_status_does_not_advise_a_comparison_that_cannot_be_made(distilled: Path) -> None:
    put(distilled, "pictures", "near_duplicate_distance", 32)
    status = stillroom("status", "--json", "--project", distilled).ok().json
    assert status["next"] == "Nothing can be compared: every test picture resembles a training picture."
    said = stillroom("compare", "--project", distilled)
    said.refused(2, status["next"], "Lower near_duplicate_distance (32)")


def test_pictures_that_no_model_takes_are_not_advised_to_be_labeled(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", "teacher", "--split", "train", "-yq", "--project", project).ok()
    with open_workspace(project) as workspace:
        pictures = workspace.store.pictures
        flagged = [
            PreparedFile(row.content, "", "", "", 0, 0, 0, Flag.TOO_THIN, "too thin")
            for row in pictures.contents((Side.TEST,))
        ]
        pictures.save_prepared(prepare_key(workspace.settings.prepare), flagged)
    said = stillroom("run", "-yq", "--project", project)
    said.refused(2, f"{len(flagged)} pictures are fit for no model.", "Change [prepare] in stillroom.toml")


def test_a_run_as_far_as_it_goes_trains_and_says_first_why_it_goes_no_further(project: Path) -> None:
    put(project, "pictures", "test", 0.0)
    stillroom("scan", "-q", "--project", project).ok()
    run = Run(as_far=True)
    with open_workspace(project) as workspace:
        plan = run.plan(workspace)
        assert plan.command == "stillroom run --until train"
        assert plan.stops[0].startswith("Nothing can be compared: pictures.test is 0 in stillroom.toml")
        assert not any("Nothing can be compared" in note for note in plan.notes)
        done = run.execute(workspace, plan, Watch())
        assert (done.done[-1], done.jobs) == ("train", 2)
        left = run.plan(workspace)
        assert left.count == 0
        assert left.title.startswith("Nothing is left to pay for. Nothing can be compared: ")


def test_a_run_as_far_as_it_goes_goes_to_the_end_where_it_can(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        assert Run(as_far=True).plan(workspace) == Run().plan(workspace)


def test_status_says_before_anything_is_labeled_that_nothing_can_be_compared(project: Path) -> None:
    put(project, "pictures", "test", 0.0)
    stillroom("scan", "-q", "--project", project).ok()
    steps = stillroom("status", "--json", "--project", project).ok().json["steps"]
    (compare,) = [one for one in steps if one["step"] == "compare"]
    assert compare["facts"].startswith("Nothing can be compared: pictures.test is 0 in stillroom.toml")


def test_who_keeps_no_share_for_testing_is_told_so(project: Path) -> None:
    put(project, "pictures", "test", 0.0)
    stillroom("scan", "-q", "--project", project).ok()
    said = stillroom("run", "--dry-run", "--project", project)
    said.refused(
        2, "pictures.test is 0 in stillroom.toml", "make another project", "stillroom run --until train"
    )


def test_status_names_the_command_that_the_error_names(project: Path) -> None:
    put(project, "pictures", "test", 0.0)
    stillroom("scan", "-q", "--project", project).ok()
    with open_workspace(project) as workspace:
        found = nobody_to_test(workspace)
    assert found is not None
    assert (found.command, found.todo) == ("stillroom new", f"{found.how}: stillroom new")
    error = found.error()
    assert (error.what, error.todo, error.command) == (found.what, found.todo, found.command)


def test_test_pictures_that_resemble_training_pictures_by_now_are_told(distilled: Path) -> None:
    before = stillroom("compare", "--json", "--project", distilled).ok().json
    assert not any("resemble" in remark for remark in before["remarks"])
    put(distilled, "pictures", "near_duplicate_distance", 14)
    after = stillroom("compare", "--json", "--project", distilled).ok().json
    assert before["pictures"] - after["pictures"] == 1
    assert "1 test picture resembles a training picture and does not count." in after["remarks"]
    stillroom("report", "-q", "--project", distilled).ok()
    left = json.loads((distilled / "report.json").read_text())["dataset"]["left_out"]
    assert {"reason": "test pictures that resemble training pictures", "count": 1} in left

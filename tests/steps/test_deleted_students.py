"""After the last step, `delete`: what was deleted is said to be so, and can be trained anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.steps.world import CALM, Box, put, stillroom

from stillroom.places import at_home
from stillroom.steps.labeling import Label, LabelPlan
from stillroom.steps.pipeline import Run
from stillroom.steps.plan import Watch
from stillroom.steps.run_parts import left_failed
from stillroom.steps.run_views import runs_view
from stillroom.steps.workspace import Workspace, open_workspace


def _json(project: Path, *words: str) -> dict[str, Any]:
    return stillroom(*words, "--json", "-yq", "--project", project).ok().json


@pytest.fixture
def finished(uploaded: Path) -> Path:
    """A project with students of its own, which a test may delete."""
    _json(uploaded, "run")
    return uploaded


@pytest.fixture
def over(finished: Path) -> Path:
    """A finished project whose students have both been deleted."""
    for name in ("lite-10", "lite-20"):
        _json(finished, "delete", name)
    return finished


def test_status_says_that_all_is_done(over: Path) -> None:
    said = _json(over, "status")
    assert {one["state"] for one in said["steps"]} == {"done"}
    deploy = next(one for one in said["steps"] if one["step"] == "deploy")
    assert deploy["facts"] == "lite-10, lite-20 were deleted"
    where = at_home(str(over / "report.html"))
    assert said["next"] == f"All is done; lite-10, lite-20 were deleted. Look at the report: {where}"
    assert _json(over, "run", "--dry-run")["plan"]["count"] == 0


def test_one_that_is_left_is_still_deployed_and_asked(finished: Path) -> None:
    _json(finished, "delete", "lite-10")
    assert _json(finished, "deploy")["deployments"][0]["student"] == "lite-20"


def test_what_was_deleted_cannot_be_used(over: Path) -> None:
    stillroom("deploy", "--project", over).refused(2, "were deleted", "stillroom train --again")
    for verb in ("deploy", "label"):
        stillroom(verb, "lite-10", "--project", over).refused(2, "lite-10 was deleted", "train --again")


def test_one_in_whose_place_another_is_trained_is_not_trained_once_more(finished: Path, box: Box) -> None:
    _json(finished, "delete", "lite-10")
    box.turn(speed=1.0)
    assert _json(finished, "train", "--again")["jobs"][0]["student"] == "lite-10-2"
    for verb in ("deploy", "label"):
        said = stillroom(verb, "lite-10", "-y", "--project", finished)
        said.refused(2, "lite-10 was deleted.", "lite-10-2 is being trained in its place: stillroom jobs")
    box.turn(**CALM)
    stillroom("jobs", "--watch", "-q", "--project", finished).ok()
    for verb in ("deploy", "label"):
        said = stillroom(verb, "lite-10", "-y", "--project", finished)
        said.refused(2, "lite-10 was deleted.", "lite-10-2 was trained in its place: stillroom jobs")


def test_one_whose_records_are_no_longer_made_is_not_trained_again(finished: Path) -> None:
    _json(finished, "delete", "lite-10")
    put(finished, "teacher", "temperature", 0.9)
    _json(finished, "label", "teacher")
    said = stillroom("label", "lite-10", "--project", finished)
    said.refused(2, "lite-10 was deleted", "other records than it learnt from", "on those: stillroom train")
    assert "--again" not in said.err


def test_deleting_twice_is_as_good_as_once(over: Path) -> None:
    found = _json(over, "delete", "lite-10")
    assert (found["student"], found["deleted"]) == ("lite-10", False)
    assert "lite-10 was gone already" in stillroom("delete", "lite-10", "--project", over).ok().out
    assert _json(over, "delete", "lite-10", "--dry-run")["plan"]["count"] == 0
    stillroom("delete", "lite-11", "--project", over).refused(2, "no student 'lite-11'")


def test_train_says_that_nothing_was_started_and_why(over: Path, box: Box) -> None:
    before = len(box.bill()["training"])
    said = stillroom("train", "--yes", "--project", over).ok()
    assert "Nothing was started. lite-10 and lite-20 were trained and then deleted." in said.out
    assert "stillroom train --again" in said.out
    assert "jobs --watch" not in said.out
    found = _json(over, "train")
    assert found["nothing"].startswith("lite-10 and lite-20 were trained and then deleted.")
    assert {(job["status"], job["deleted"], job["created"]) for job in found["jobs"]} == {
        ("Completed", True, False)
    }
    assert len(box.bill()["training"]) == before


def test_train_again_asks_at_a_price_and_makes_new_students(over: Path, box: Box) -> None:
    before = len(box.bill()["training"])
    stillroom("train", "--again", "--project", over).refused(2, "needs your agreement")
    plan = _json(over, "train", "--again", "--dry-run")["plan"]
    assert plan["students"] == ["lite-10-2", "lite-20-2"]
    assert plan["price"]["likely"] > 0
    assert plan["command"] == "stillroom train --again"
    started = _json(over, "train", "--again", "--size", "10")
    assert [job["student"] for job in started["jobs"] if job["created"]] == ["lite-10-2"]
    assert started["nothing"] == ""
    _json(over, "jobs", "--watch")
    assert len(box.bill()["training"]) == before + 1
    assert _json(over, "train", "--again", "--size", "10")["nothing"].startswith("Every student is trained")
    assert _json(over, "status")["command"] == "stillroom deploy"
    assert _json(over, "run")["jobs"] == 0
    assert [one["name"] for one in _json(over, "compare")["runs"]] == [
        "untuned", "lite-10", "lite-10-2", "lite-20",
    ]  # fmt: skip


def test_nothing_is_trained_again_on_records_that_are_out_of_date(finished: Path, box: Box) -> None:
    _json(finished, "delete", "lite-10")
    before = len(box.bill()["training"])
    words = ("train", "--again", "--size", "10", "--yes", "--project", finished)
    put(finished, "teacher", "temperature", 0.9)
    stillroom(*words).refused(2, "Training size 10 cannot be met: 0 training pictures", "stillroom build")
    _json(finished, "label", "teacher")
    for flags in ((), ("--dry-run",)):
        stillroom(*words, *flags).refused(
            2, "records/10.jsonl was not built of the present labels", "Run: stillroom build"
        )
    assert len(box.bill()["training"]) == before


def test_one_of_a_size_that_is_asked_no_more_is_trained_again_by_its_size(finished: Path) -> None:
    _json(finished, "delete", "lite-10")
    put(finished, "training", "sizes", [20])
    command = "stillroom train --size 10 --again"
    said = _json(finished, "train", "--again")["nothing"]
    assert said == f"lite-10 was trained and then deleted. To train anew what was deleted: {command}"
    stillroom("label", "lite-10", "--project", finished).refused(2, "lite-10 was deleted", command)
    assert _json(finished, *command.split()[1:], "--dry-run")["plan"]["students"] == ["lite-10-2"]


EVERY = "Every student is trained or being trained."


def _trained(project: Path) -> None:
    for words in (("train",), ("jobs", "--watch")):
        _json(project, *words)


def test_one_that_had_learnt_in_other_epochs_is_trained_again_with_those(finished: Path) -> None:
    _json(finished, "delete", "lite-10")
    put(finished, "training", "epochs", 3)
    _trained(finished)
    command = "stillroom train --size 10 --epochs 2 --again"
    how = f"To train lite-10 anew with 2 epochs, as before: {command}"
    assert _json(finished, "train", "--again")["nothing"] == f"{EVERY} lite-10 was deleted. {how}"
    assert _json(finished, "train", "--again", "--dry-run")["plan"]["title"].endswith(how)
    assert _json(finished, "train")["nothing"] == EVERY
    assert _json(finished, "train", "--again", "--size", "20")["nothing"] == EVERY
    for verb in ("deploy", "label"):
        stillroom(verb, "lite-10", "--project", finished).refused(2, "lite-10 was deleted.", how)
    plan = _json(finished, *command.split()[1:], "--dry-run")["plan"]
    assert plan["students"] == ["lite-10-3"]
    assert "lite-10-3 is trained in place of lite-10, which was deleted." in plan["notes"]
    _json(finished, *command.split()[1:])
    _json(finished, "jobs", "--watch")
    assert _json(finished, "train", "--again")["nothing"] == EVERY, "it was trained anew"


def test_one_that_had_learnt_with_other_settings_names_them(finished: Path) -> None:
    _json(finished, "delete", "lite-10")
    put(finished, "training", "epochs", 3)
    put(finished, "training", "learning_rate", 0.00002)
    _trained(finished)
    how = (
        "To train lite-10 anew, set epochs = 2 and learning_rate = 0.00001 in stillroom.toml again, "
        "then: stillroom train --size 10 --again"
    )
    assert _json(finished, "train", "--again")["nothing"] == f"{EVERY} lite-10 was deleted. {how}"
    put(finished, "training", "epochs", 2)
    put(finished, "training", "learning_rate", 0.00001)
    assert _json(finished, "train", "--size", "10", "--again", "--dry-run")["plan"]["students"] == [
        "lite-10-3"
    ]


def test_one_whose_records_are_made_no_more_says_so_and_sends_nobody_in_vain(finished: Path) -> None:
    _json(finished, "delete", "lite-10")
    put(finished, "teacher", "temperature", 0.9)
    _json(finished, "run", "--until", "train")
    why = "The present labels and settings make other records than it learnt from."
    assert _json(finished, "train", "--again")["nothing"] == f"{EVERY} lite-10 was deleted. {why}"
    said = stillroom("label", "lite-10", "--project", finished)
    said.refused(2, "lite-10 was deleted.", f"{why} What was trained on those: stillroom jobs")


def test_of_a_size_that_is_asked_no_more_the_present_epochs_are_named(finished: Path) -> None:
    _json(finished, "delete", "lite-10")
    put(finished, "training", "sizes", [20])
    said = _json(finished, "train", "--again", "--epochs", "2")["nothing"]
    assert said.endswith("To train anew what was deleted: stillroom train --size 10 --again")


def test_a_living_student_is_not_trained_again(distilled: Path) -> None:
    assert _json(distilled, "train", "--again")["nothing"] == EVERY


def test_one_that_was_deleted_before_it_was_asked_can_be_trained_anew(project: Path) -> None:
    put(project, "training", "sizes", [10])
    _json(project, "run", "--until", "train")
    _json(project, "delete", "lite-10")
    said = _json(project, "status")
    assert (said["next"], said["command"]) == (
        "lite-10 was deleted before it was asked; it can be trained anew.", "stillroom train --again",
    )  # fmt: skip


def test_the_plan_of_deleting_one_that_was_asked_tells_of_its_model_alone(distilled: Path) -> None:
    (lost,) = _json(distilled, "delete", "lite-10", "--dry-run")["plan"]["loses"]
    assert lost.startswith("The model, ")


def test_the_plan_names_the_deployment_and_the_answers_that_go_with_it(project: Path) -> None:
    _json(project, "run", "--until", "train")
    never = "It was never asked about the test pictures and cannot be any more: compare will be without it."
    assert _json(project, "delete", "lite-10", "--dry-run")["plan"]["loses"][1:] == [never]
    _json(project, "deploy", "lite-10")
    _json(project, "label", "lite-10", "--limit", "1")
    loses = _json(project, "delete", "lite-10", "--dry-run")["plan"]["loses"]
    some = "It was not asked about 2 test pictures and cannot be any more: its score will be without them."
    assert loses[1:] == ["Its deployment is removed with it.", some]


def test_answers_under_earlier_settings_are_told_of(distilled: Path) -> None:
    put(distilled, "student", "temperature", 0.1)
    never, kept = _json(distilled, "delete", "lite-10", "--dry-run")["plan"]["loses"][1:]
    assert never.startswith("It was never asked about the test pictures with the present settings and cannot")
    assert kept == "Under an earlier prompt, parameters or preparation 3 answers are kept."
    (said,) = [one for one in _json(distilled, "status")["steps"] if one["step"] == "compare"]
    assert (
        said["facts"] == "no student has been asked with the present settings yet; earlier answers are kept"
    )


def test_a_deleted_student_is_no_labeling_run_any_more(finished: Path) -> None:
    _json(finished, "delete", "lite-20")
    with open_workspace(finished) as workspace:
        runs = runs_view(workspace)
        assert sorted(runs.names) == ["lite-10", "teacher", "untuned"]
        shown = [runs_view(workspace, name).shown for name in (None, "lite-20", *runs.names)]
        assert all(one is not None and one.name in runs.names and one.pictures for one in shown)


def test_where_no_test_picture_is_left_labeling_shows_the_teacher(finished: Path) -> None:
    _json(finished, "exclude", "split:test")
    with open_workspace(finished) as workspace:
        for name in ("untuned", "lite-10", None):
            shown = runs_view(workspace, name).shown
            assert shown is not None
            assert shown.name == "teacher"


def test_of_several_that_are_trained_anew_in_two_ways_both_are_told(finished: Path) -> None:
    _json(finished, "train", "--size", "10", "--epochs", "3")
    _json(finished, "jobs", "--watch")
    for name in ("lite-10", "lite-10-2", "lite-20"):
        _json(finished, "delete", name)
    stillroom("deploy", "--project", finished).refused(
        2,
        "To train lite-10 and lite-20 anew: stillroom train --again. To train lite-10-2 anew with 3 epochs, "
        "as before: stillroom train --size 10 --epochs 3 --again",
    )


def test_one_that_is_deleted_while_a_run_goes_does_not_end_it(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deleted_before("lite-10", monkeypatch)
    with open_workspace(distilled) as workspace:
        done = Run().execute(workspace, Run().plan(workspace), Watch())
    assert done.done[-1] == "report"


def test_one_that_is_deleted_while_failures_are_counted_has_none(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deleted_before("untuned", monkeypatch)
    with open_workspace(distilled) as workspace:
        assert left_failed(workspace) == {}


def _deleted_before(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a student be deleted elsewhere just before it is counted what is left to ask of somebody."""
    reckon = Label.reckon

    def deleted_before(self: Label, workspace: Workspace) -> LabelPlan:
        if self.name == asked:
            workspace.store.students.mark_deleted("lite-10", 1.0)
        return reckon(self, workspace)

    monkeypatch.setattr(Label, "reckon", deleted_before)

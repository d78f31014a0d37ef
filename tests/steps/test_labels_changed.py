"""Other labels make other records, and those other students: planned, priced and said before it is paid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.steps.world import Box, make, put, stillroom

from stillroom.pictures import Side
from stillroom.steps.pipeline import Run
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import open_workspace


def _json(project: Path, *words: str) -> dict[str, Any]:
    return stillroom(*words, "--json", "-yq", "--project", project).ok().json


def _facts(project: Path, step: str) -> tuple[str, str]:
    found = next(one for one in _json(project, "status")["steps"] if one["step"] == step)
    return found["state"], found["facts"]


def test_run_plans_the_training_that_its_own_labels_cause(distilled: Path) -> None:
    put(distilled, "teacher", "temperature", 0.9)
    plan = _json(distilled, "run", "--dry-run")["plan"]
    assert set(plan["steps"]) == {
        "label teacher", "train lite-10-2", "train lite-20-2", "label lite-10-2", "label lite-20-2", "upload",
    }  # fmt: skip
    assert plan["price"]["likely"] > sum(plan["steps"][f"train lite-{size}-2"]["low"] for size in (10, 20))
    assert _json(distilled, "run")["jobs"] == 2
    assert _json(distilled, "run")["jobs"] == 0


def test_status_tells_that_students_are_older_than_the_labels(relabeled: Path) -> None:
    state, facts = _facts(relabeled, "build")
    assert (state, "out of date" in facts) == ("waiting", True)
    assert _json(relabeled, "status")["command"] == "stillroom build"
    _json(relabeled, "build")
    _json(relabeled, "upload")
    state, facts = _facts(relabeled, "train")
    assert state == "waiting"
    assert "lite-10, lite-20 learnt from other records" in facts
    said = _json(relabeled, "status")
    assert (said["next"], said["command"]) == (
        "Train anew: lite-10, lite-20 learnt from older labels.", "stillroom train",
    )  # fmt: skip
    wanted = _json(relabeled, "train", "--dry-run")["plan"]
    assert wanted["students"] == ["lite-10-2", "lite-20-2"]
    left = [one["step"] for one in _json(relabeled, "cost")["left"]]
    assert left == ["train lite-10-2", "train lite-20-2", "label lite-10-2", "label lite-20-2"]


def test_nothing_is_ticked_that_rests_on_records_that_are_out_of_date(relabeled: Path) -> None:
    state, facts = _facts(relabeled, "upload")
    assert (state, facts.startswith("records/10.jsonl is out of date · ")) == ("waiting", True)
    state, facts = _facts(relabeled, "train")
    assert (state, facts.startswith("lite-10-2, lite-20-2 not trained yet · ")) == ("waiting", True)
    plan = _json(relabeled, "run", "--dry-run")["plan"]
    assert {"train lite-10-2", "train lite-20-2"} <= set(plan["steps"])


def test_train_that_has_nothing_to_do_says_that_records_are_out_of_date(relabeled: Path) -> None:
    said = _json(relabeled, "train")["nothing"]
    assert said == (
        "What was built is trained or being trained. records/10.jsonl and records/20.jsonl are missing or "
        "out of date; they are made by: stillroom build"
    )


def test_validate_says_that_records_are_out_of_date(relabeled: Path) -> None:
    (remark,) = _json(relabeled, "validate")["remarks"]
    assert remark.startswith("records/10.jsonl was not built of the present labels and settings.")
    assert f"note: {remark}" in " ".join(stillroom("validate", "--project", relabeled).ok().out.split())
    _json(relabeled, "build")
    assert _json(relabeled, "validate")["remarks"] == []


def test_nothing_is_ticked_while_no_picture_has_a_present_label(distilled: Path) -> None:
    put(distilled, "teacher", "temperature", 0.9)
    for step in ("build", "upload", "train"):
        state, facts = _facts(distilled, step)
        assert (state, "no training picture has a label yet" in facts) == ("waiting", True)


def test_labels_that_have_come_back_need_no_training(distilled: Path) -> None:
    before = (distilled / "stillroom.toml").read_text()
    put(distilled, "teacher", "temperature", 0.9)
    _json(distilled, "label", "teacher")
    _json(distilled, "build")
    (distilled / "stillroom.toml").write_text(before)
    assert _facts(distilled, "build")[0] == "waiting"
    assert _facts(distilled, "train")[0] == "done"
    assert not any(one["step"].startswith("train ") for one in _json(distilled, "cost")["left"])
    assert _json(distilled, "run", "--dry-run")["plan"]["steps"] == {}


def test_old_students_beside_new_labels_are_remarked_upon(relabeled: Path) -> None:
    assert _json(relabeled, "compare", "untuned")["remarks"] == []
    (remark,) = _json(relabeled, "compare")["remarks"]
    assert remark.startswith("lite-10, lite-20 learnt from other records")
    assert f"note: {remark}" in stillroom("compare", "--project", relabeled).ok().out


def test_present_students_are_not_remarked_upon(distilled: Path) -> None:
    assert _json(distilled, "compare")["remarks"] == []
    assert _facts(distilled, "train")[0] == "done"


def test_labels_that_fail_make_a_smaller_student_within_the_agreed_price(
    box: Box, shelf: Path, tmp_path: Path
) -> None:
    project = make(tmp_path / "project", shelf, box)
    stillroom("scan", "-q", "--project", project).ok()
    with open_workspace(project) as workspace:
        plan = Run().plan(workspace)
    assert "train lite-27" in plan.steps
    box.turn(faults={"refusal": 1.0})
    words = ("label", "teacher", "--split", "train", "--limit", "2", "-yq", "--project", project)
    assert stillroom(*words).code == 6
    box.turn(faults={"refusal": 0.0})
    with open_workspace(project) as workspace:
        done = Run().execute(workspace, plan, Watch())
    assert (done.jobs, done.left) == (1, {"teacher": 2})
    assert [job["student"] for job in _json(project, "jobs")["jobs"]] == ["lite-25"]


def test_a_plan_to_ask_says_that_an_answer_takes_the_place_of_an_imported_label(
    project: Path, tmp_path: Path
) -> None:
    _json(project, "scan")
    with open_workspace(project) as workspace:
        (trained, *_), (tested, *_) = (
            workspace.store.pictures.contents((side,)) for side in (Side.TRAIN, Side.TEST)
        )
    names = (trained.path, tested.path)
    file = tmp_path / "labels.jsonl"
    file.write_text("".join(f'{{"image": "{name}", "label": "sea, sky"}}\n' for name in names), "utf-8")
    _json(project, "import", "labels", str(file))

    def lost(*words: str) -> list[str]:
        found: list[str] = _json(project, "ask", *words, "--dry-run")["plan"]["loses"]
        return found

    gone = "The teacher's answer takes the place of the imported label of "
    assert lost(*names) == [f"{gone}2 pictures."], "nothing was built"
    _json(project, "run", "--until", "build")
    # Whether it is also rests on the sizes that were built, and on what the answer will be.
    outdated = "; what was built and trained with that may be out of date then."
    assert lost(*names) == [f"{gone}2 pictures{outdated}"]
    assert lost(tested.path) == [f"{gone}1 picture."], "nothing is built of test pictures"
    assert lost(*names, "--model", "untuned") == []
    with open_workspace(project) as workspace:
        assert lost(*names, "--model", workspace.settings.teacher.model) == lost(*names), "its other name"
    prompt = tmp_path / "prompt.txt"
    prompt.write_text("Another one", "utf-8")
    assert lost(*names, "--prompt", str(prompt)) == [], "what another prompt brings is no label"
    _json(project, "ask", trained.path)
    assert lost(trained.path) == []
    assert "out of date" in _facts(project, "build")[1]

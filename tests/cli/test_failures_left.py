"""Failures do not vanish from what is said at the end: they are counted, and the way on is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.steps.world import Box, Said, put, stillroom

from stillroom.cli.verbs.compare_ import results_table
from stillroom.cli.verbs.label_ import failure_lines
from stillroom.labeling import FailureClass
from stillroom.steps.comparing import Compare
from stillroom.steps.failing import Failed
from stillroom.steps.labeled import LabelResult
from stillroom.steps.plan import Watch
from stillroom.steps.targets import TEACHER, target
from stillroom.steps.workspace import open_workspace


@pytest.fixture
def failing(uploaded: Path, box: Box) -> tuple[Path, Said]:
    """A project whose students refused every answer, and what `run` said at its end."""
    box.turn(faults={"refusal": 1.0})
    said = stillroom("run", "--yes", "--project", uploaded)
    assert said.code == 6, said.err
    box.turn(faults={"refusal": 0.0})
    return uploaded, said


def _failed(project: Path) -> dict[str, int]:
    left = stillroom("run", "-yq", "--json", "--project", project)
    assert left.code == 6
    found: dict[str, int] = left.json["left"]
    assert found
    return found


def test_run_names_the_way_on_also_the_second_time(failing: tuple[Path, Said]) -> None:
    project, first = failing
    left = _failed(project)
    second = stillroom("run", "-yq", "--project", project)
    assert second.code == 6
    assert "0 failed" not in second.out
    for said in (first, second):
        for name, count in left.items():
            pictures = "1 picture has" if count == 1 else f"{count} pictures have"
            assert f"{pictures} no answer of {name}: stillroom retry {name}" in said.out


def test_status_marks_what_failed_and_names_the_way_on(failing: tuple[Path, Said]) -> None:
    project, _ = failing
    assert _failed(project) == {"untuned": 3, "lite-10": 3, "lite-20": 3}
    name = "untuned"
    said = stillroom("status", "--json", "--project", project).ok().json
    states = {one["step"]: one["state"] for one in said["steps"]}
    assert states[f"label {name}"] == "failed"
    assert said["command"] == f"stillroom retry {name}"


def test_a_student_that_is_gone_again_may_still_lack_answers(failing: tuple[Path, Said]) -> None:
    project, _ = failing
    (deploy,) = [
        one
        for one in stillroom("status", "--json", "--project", project).ok().json["steps"]
        if one["step"] == "deploy"
    ]
    again = "not deployed; 3 failed answers can be asked again after stillroom deploy"
    assert deploy["state"] == "waiting"
    assert deploy["facts"] == f"lite-10 {again} lite-10 · lite-20 {again} lite-20"


def test_compare_counts_them_in_a_column(failing: tuple[Path, Said], distilled: Path) -> None:
    project, first = failing
    rows = stillroom("compare", "--json", "--project", project).ok().json["runs"]
    assert any(row["failed"] for row in rows)
    for out in (first.out, stillroom("compare", "--project", project).ok().out):
        (head,) = [line for line in out.splitlines() if line.startswith("run ")]
        assert "failed" in head.split()
    assert " failed" not in stillroom("compare", "--project", distilled).ok().out


def test_compare_counts_pictures_that_were_never_asked_in_a_column(distilled: Path) -> None:
    step = Compare(("untuned",))
    with open_workspace(distilled) as workspace:
        (run,) = step.execute(workspace, step.plan(workspace), Watch()).runs
    assert "not asked" not in results_table([run])[0]
    head, row = results_table([replace(run, pictures=2, missing=1)])
    assert row[: head.index("not asked") + len("not asked")].split()[-2:] == ["2", "1"]


def test_retrying_ends_it(failing: tuple[Path, Said]) -> None:
    project, _ = failing
    stillroom("retry", "untuned", "-yq", "--project", project).ok()
    for name in ("lite-10", "lite-20"):
        said = stillroom("status", "--json", "--project", project).ok().json
        assert said["command"] == f"stillroom deploy {name}"
        stillroom("deploy", name, "-yq", "--project", project).ok()
        assert stillroom("status", "--json", "--project", project).ok().json["command"] == (
            f"stillroom retry {name}"
        )
        stillroom("retry", name, "-yq", "--project", project).ok()
    assert stillroom("run", "-yq", "--json", "--project", project).ok().json["left"] == {}


def test_label_says_what_failed_before_and_ends_as_one_that_failed(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", "teacher", "--limit", "20", "-yq", "--project", project).ok()
    box.turn(faults={"refusal": 1.0})
    first = stillroom("label", "teacher", "-yq", "--json", "--project", project)
    assert (first.code, first.json["failed"], first.json["failed_before"]) == (6, {"refused": 10}, 0)
    box.turn(faults={"refusal": 0.0})
    again = stillroom("label", "teacher", "-yq", "--json", "--project", project)
    assert (again.code, again.json["failed"], again.json["failed_before"]) == (6, {}, 10)
    said = stillroom("label", "teacher", "-yq", "--project", project)
    assert "10 refused before: stillroom retry teacher --class refused\n" in said.out
    retried = stillroom("retry", "teacher", "-yq", "--json", "--project", project).ok()
    assert retried.json["failed_before"] == 0


def test_retrying_one_class_does_it_all_and_labeling_tells_of_the_others(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", "teacher", "--limit", "20", "-yq", "--project", project).ok()
    box.turn(faults={"refusal": 1.0})
    stillroom("label", "teacher", "--limit", "4", "-yq", "--project", project)
    box.turn(faults={"refusal": 0.0, "truncated": 1.0})
    stillroom("label", "teacher", "-yq", "--project", project)
    box.turn(faults={"truncated": 0.0})
    said = stillroom("retry", "teacher", "--class", "truncated", "-yq", "--json", "--project", project).ok()
    assert (said.json["done"], said.json["failed_before"]) == (6, 0)
    said = stillroom("label", "teacher", "-yq", "--json", "--project", project)
    assert (said.code, said.json["failed_before"]) == (6, 4)
    said = stillroom("retry", "teacher", "--class", "truncated", "--yes", "--project", project).ok()
    assert "note: Nothing is left to ask teacher again: no picture failed as truncated.\n" in said.out


def test_what_failed_is_counted_as_it_is_named_and_asked_again(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", "teacher", "--limit", "20", "-yq", "--project", project).ok()
    box.turn(faults={"refusal": 1.0})
    stillroom("label", "teacher", "--limit", "4", "-yq", "--project", project)
    said = stillroom("label", "teacher", "--limit", "1", "-y", "--project", project)
    assert "5 refused, 4 of them before: stillroom retry teacher --class refused\n" in said.out
    assert said.err.count(".jpg") == 5
    words = ("retry", "teacher", "--class", "refused", "--dry-run", "--json", "--project", project)
    assert stillroom(*words).ok().json["plan"]["count"] == 5


def test_a_summary_counts_what_the_command_that_it_names_asks_about(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()

    def asked(*words: str, fault: str, code: int = 6) -> str:
        box.turn(faults={"refusal": 0.0, "truncated": 0.0} | ({fault: 1.0} if fault else {}))
        said = stillroom(*words, "--yes", "--project", project)
        assert said.code == code, said.err
        return said.out

    asked("label", "teacher", "--limit", "6", fault="truncated")
    asked("label", "teacher", "--limit", "3", fault="refusal")
    said = asked("retry", "teacher", "--class", "refused", fault="truncated")
    assert "9 truncated, 6 of them before: stillroom retry teacher --class truncated\n" in said
    asked("label", "teacher", "--limit", "2", fault="refusal")
    row = stillroom("label", "teacher", "--limit", "1", "--dry-run", "--json", "--project", project)
    assert row.ok().json["plan"]["failed"] == 11
    with open_workspace(project) as workspace:
        run = workspace.store.runs.find(target(workspace, TEACHER).spec)
        assert run is not None
        one, other = workspace.store.runs.failures(run.id, (FailureClass.REFUSED,))
    said = asked("label", "teacher", "--only", one.path, fault="")
    assert "2 refused before: stillroom retry teacher --class refused\n" in said
    assert "truncated" not in said, "it was not asked about"
    assert other.path != one.path
    words = ("retry", "teacher", "--dry-run", "--json", "--project", project, "--class")
    assert stillroom(*words, "truncated").ok().json["plan"]["count"] == 9
    assert stillroom(*words, "refused").ok().json["plan"]["count"] == 2


def test_a_run_whose_teacher_only_failed_names_the_way_on_at_once(project: Path, box: Box) -> None:
    box.turn(faults={"refusal": 1.0})
    said = stillroom("run", "-yq", "--json", "--project", project)
    said.refused(6, "No training picture has a label: 27 refused.", "stillroom retry teacher")
    assert said.json["error"]["exit_code"] == 6
    for words in (("run", "-yq"), ("run", "--until", "build", "-yq"), ("build",)):
        again = stillroom(*words, "--project", project)
        again.refused(6, "No training picture has a label: 27 refused.", "stillroom retry teacher")


def test_a_run_left_with_too_few_labels_names_what_failed(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("label", "teacher", "--limit", "5", "-yq", "--project", project).ok()
    box.turn(faults={"refusal": 1.0})
    for _ in range(2):
        said = stillroom("run", "-yq", "--project", project)
        said.refused(6, "5 pictures are there to train on, 22 refused", "stillroom retry teacher")


def test_label_and_retry_say_which_pictures_failed_and_why(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    box.turn(faults={"refusal": 1.0})
    first = stillroom("label", "teacher", "--limit", "7", "-y", "--project", project)
    again = stillroom("retry", "teacher", "-y", "--json", "--project", project)
    assert first.code == again.code == 6
    told = again.json["failures"]
    assert [one["image"] for one in told] == sorted(one["image"] for one in told)
    assert {one["class"] for one in told} == {"refused"}
    assert all(one["message"] for one in told)
    assert len(told) == again.json["failed"]["refused"] == 7
    for why in {one["message"] for one in told}:
        names = [one["image"] for one in told if one["message"] == why]
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        assert f"\nrefused: {why}\n  {', '.join(names[:5])}{more}\n" in again.err
    for said in (first, again):
        assert "\nrefused: " in said.err
        assert "stillroom retry teacher --dry-run --json" in said.err
    plan = stillroom("retry", "teacher", "--dry-run", "--json", "--project", project).ok().json["plan"]
    assert plan["failures"] == told
    left = stillroom("label", "teacher", "--limit", "1", "--dry-run", "--json", "--project", project).ok()
    assert left.json["plan"]["failures"] == told


def test_names_and_reasons_of_failures_steer_no_terminal() -> None:
    told = (Failed("a\x1b[31m.jpg", "invalid", "no\u202e\npictures"),)
    result = LabelResult(
        run="teacher", run_id=1, model="model", failed={"invalid": 1}, failed_before=0, failures=told,
        answered=0, pictures=1, remarks=(), failing={"invalid": 1},
    )  # fmt: skip
    lines = failure_lines(result)
    assert lines == ["invalid: no\\u202e\\npictures", "  a\\x1b[31m.jpg"]


def test_a_model_that_takes_no_pictures_is_refused_before_a_price(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    before = box.served()
    for words in (
        ("label", "us.amazon.nova-micro-v1:0", "--limit", "3"),
        ("label", "amazon.nova-micro-v1:0"),
        ("ask", "p00.jpg", "--model", "us.amazon.nova-micro-v1:0"),
    ):
        said = stillroom(*words, "--yes", "--project", project)
        said.refused(2, "amazon.nova-micro-v1:0", "takes text only, no pictures")
        assert "price" not in said.err
    put(project, "student", "model", "us.amazon.nova-micro-v1:0")
    stillroom("label", "untuned", "--yes", "--project", project).refused(2, "Set student.model")
    assert box.served() == before


def test_retry_asks_again_on_every_side_that_was_asked_about(project: Path, box: Box) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    at = ("--project", project)
    test = stillroom("label", "untuned", "-yq", "--json", *at).ok().json["pictures"]
    box.turn(faults={"refusal": 1.0})
    train = stillroom("label", "untuned", "--split", "train", "--limit", "4", "-yq", *at)
    assert "4 refused: stillroom retry untuned --class refused" in train.out
    box.turn(faults={"refusal": 0.0})
    plan = stillroom("retry", "untuned", "--dry-run", "--json", *at).ok().json["plan"]
    assert (plan["count"], plan["pictures"], plan["answered"], plan["failed"]) == (4, test + 4, test, 4)
    assert len(plan["failures"]) == 4
    assert "(train)" in plan["title"]
    said = stillroom("retry", "untuned", "-yq", "--json", *at).ok().json
    assert (said["done"], said["answered"], said["pictures"]) == (4, test + 4, test + 4)
    assert stillroom("label", "untuned", "-yq", "--json", *at).ok().json["pictures"] == test


@pytest.mark.parametrize("deployed", [True, False])
def test_only_who_is_not_deployed_is_to_be_deployed_first(distilled: Path, box: Box, deployed: bool) -> None:
    put(distilled, "student", "temperature", 0.9)
    if deployed:
        stillroom("deploy", "lite-10", "-yq", "--project", distilled).ok()
    box.turn(faults={"refusal": 1.0})
    said = stillroom("run", "-yq", "--project", distilled)
    box.turn(faults={"refusal": 0.0})
    assert said.code == 6
    assert ("stillroom retry lite-10 (deploy it first)" in said.out) is not deployed
    assert "stillroom retry lite-10" in said.out
    assert "stillroom retry lite-20 (deploy it first)" in said.out


def told_of(*failures: tuple[str, str, str], of: dict[str, int]) -> list[str]:
    """What is said of pictures (class, reason, name) that failed; so many of each class."""
    result = LabelResult(
        run="teacher", run_id=1, model="model", failed=of, failed_before=0, answered=0, pictures=99,
        failures=tuple(Failed(name, kind, why) for kind, why, name in failures), remarks=(), failing=of,
    )  # fmt: skip
    return [line for line in failure_lines(result) if "every name and reason" not in line]


def test_a_reason_stands_above_those_pictures_alone_that_failed_for_it() -> None:
    filtered = [("refused", "it was filtered", f"f{number}.jpg") for number in range(2)]
    declined = [("refused", "the model declined", f"d{number}.jpg") for number in range(6)]
    other = [("service", "it is down", "s.jpg")]
    assert told_of(*filtered, *declined, *other, of={"refused": 8, "service": 1}) == [
        "refused: the model declined",
        "  d0.jpg, d1.jpg, d2.jpg, d3.jpg, d4.jpg and 1 more",
        "refused: it was filtered",
        "  f0.jpg, f1.jpg",
        "service: it is down",
        "  s.jpg",
    ]


def test_failures_beyond_those_that_are_listed_are_counted() -> None:
    pair = [("refused", "a", "a.jpg"), ("refused", "b", "b.jpg")]
    lines = told_of(*pair, of={"refused": 9})
    assert lines == ["refused: a", "  a.jpg", "refused: b", "  b.jpg", "refused: 7 more"]
    assert told_of(pair[0], of={"refused": 9})[1] == "  a.jpg and 8 more"
    many = [("invalid", f"reason {number}", f"{number}.jpg") for number in range(7)]
    assert told_of(*many, of={"invalid": 12})[-2:] == ["invalid: other reasons", "  5.jpg, 6.jpg and 5 more"]

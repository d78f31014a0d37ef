"""Commands that are shown can be typed where the command was typed: they name the project as it was named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.steps.world import put, stillroom

from stillroom.cli import addressing, output
from stillroom.cli.console import say_lines
from stillroom.cli.drive import plan_lines
from stillroom.cli.options import Common
from stillroom.steps.plan import Line, Plan

ADVICE = "12 pictures have no answer yet, and no label was imported. Run: stillroom label teacher"


def test_a_plan_a_next_step_an_error_and_an_advice_name_it(project: Path) -> None:
    at, named = project.parent, ("--project", project.name)
    there = f"--project {project.name}"
    status = stillroom("status", "--json", *named, at=at, whole=True).ok().json
    assert status["command"] == f"stillroom scan {there}"
    error = stillroom("label", "untuned", *named, at=at, whole=True)
    error.refused(2, f"Run: stillroom scan {there}")
    assert f"   stillroom scan {there}\n" in stillroom("status", *named, at=at, whole=True).ok().out
    stillroom("scan", *named, at=at).ok()
    plan = stillroom("label", "untuned", "--limit", "1", "--dry-run", *named, at=at, whole=True).ok()
    assert plan.out.rstrip().endswith(f"stillroom label {there} untuned --limit 1")
    assert f"No job yet: stillroom train {there}" in stillroom("jobs", *named, at=at, whole=True).ok().out
    put(project, "pictures", "test", 0.5)
    remarks = stillroom("scan", "--json", *named, at=at, whole=True).ok().json["remarks"]
    assert f"stillroom export {there} labels" in " ".join(remarks)
    assert "another project of the same folder: stillroom new." in " ".join(remarks)


def test_the_shown_command_does_the_same_where_it_was_shown(project: Path) -> None:
    stillroom("scan", "--project", project).ok()
    words = ("label", "untuned", "--limit", "1", "--dry-run", "--json")
    plan = stillroom("--project", project.name, *words, at=project.parent, whole=True).ok().json["plan"]
    command = plan["command"].split()[1:]
    again = stillroom(*command, "--dry-run", "--json", at=project.parent, whole=True).ok().json["plan"]
    assert again["command"] == plan["command"]


def test_a_project_that_was_not_named_is_not_and_a_folder_with_a_space_is_quoted(project: Path) -> None:
    assert stillroom("status", "--json", at=project, whole=True).ok().json["command"] == "stillroom scan"
    other = project.rename(project.with_name("my shop"))
    said = stillroom("status", "--json", "--project", other.name, at=other.parent, whole=True).ok().json
    assert said["command"] == "stillroom scan --project 'my shop'"


def test_what_comes_from_outside_stays_as_it_is(project: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text(json.dumps({"image": "p00.jpg", "label": "stillroom scan"}) + "\n")
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("import", "labels", labels, "-yq", "--project", project).ok()
    line = stillroom("export", "labels", "--project", project, whole=True).ok().out.splitlines()[-1]
    assert json.loads(line)["label"] == "stillroom scan"


def test_what_is_next_and_its_command_share_a_line_only_where_both_fit(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    width = len("Next: Scan the pictures.   stillroom scan")
    monkeypatch.setattr("stillroom.cli.verbs.status_.terminal_width", lambda: width)
    at = project.parent
    lines = stillroom("status", "--project", project.name, at=at, whole=True).ok().out.splitlines()
    assert lines[-2:] == ["Next: Scan the pictures.", f"      stillroom scan --project {project.name}"]


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Common:
    common = Common()
    common.project = Path("some", "where")
    monkeypatch.setattr(addressing, "_common", common)
    return common


@pytest.mark.parametrize("width", range(40, 140))
def test_words_that_are_folded_name_it_once(
    width: int, elsewhere: Common, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "terminal_width", lambda: width)
    plan = Plan(verb="train", title=ADVICE, count=1, lines=(Line("student", ADVICE),), stops=(ADVICE,),
                notes=(ADVICE,), loses=(ADVICE,), command="stillroom train")  # fmt: skip
    say_lines(elsewhere, plan_lines(plan, where="SANDBOX", whole=True, width=width))
    output.write_words(ADVICE)
    output.write_folded([("", "label", ADVICE)])
    said = capsys.readouterr()
    flat = " ".join((said.err + said.out).split())
    assert flat.count("--project some/where") == flat.count("--project") == 8


def test_what_stops_a_plan_names_it_in_json(project: Path) -> None:
    named = ("--project", project.name)
    for words in (("scan",), ("setup", "-y"), ("label", "teacher", "-y"), ("build",)):
        stillroom(*words, "-q", "--project", project).ok()
    plan = stillroom("train", "--dry-run", "--json", *named, at=project.parent, whole=True).ok().json["plan"]
    assert f"Run: stillroom upload --project {project.name}" in plan["stops"][0]

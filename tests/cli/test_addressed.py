"""Commands that are shown can be typed where the command was typed: they name the project as it was named."""

from __future__ import annotations

import json
from pathlib import Path

from tests.steps.world import put, stillroom


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

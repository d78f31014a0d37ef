"""Runs of the same name are told apart: by prompt and parameters, and an experiment from the real thing."""

from __future__ import annotations

from pathlib import Path

from tests.steps.world import put, stillroom

from stillroom.steps.comparing import student_runs
from stillroom.steps.workspace import open_workspace


def test_only_runs_with_the_present_parameters_are_compared(distilled: Path):
    with open_workspace(distilled) as workspace:
        before = [run.spec.name for run in student_runs(workspace)]
        assert before == ["untuned", "lite-10", "lite-20"]
    put(distilled, "student", "temperature", 0.1)
    stillroom("run", "--yes", "--quiet", "--project", distilled).ok()
    with open_workspace(distilled) as workspace:
        runs = student_runs(workspace)
    assert [run.spec.name for run in runs] == before
    assert {run.spec.inference.temperature for run in runs} == {0.1}


def test_a_name_means_the_present_run_and_not_one_that_was_tried_since(distilled: Path, tmp_path: Path):
    before = stillroom("compare", "untuned", "--json", "--project", distilled).ok().json["runs"]
    prompt = tmp_path / "prompt.txt"
    prompt.write_text("Five keywords, please.")
    tried = ("ask", "split:test", "--model", "untuned", "--prompt", prompt, "--yes", "--project", distilled)
    stillroom(*tried).ok()
    assert stillroom("compare", "untuned", "--json", "--project", distilled).ok().json["runs"] == before
    with open_workspace(distilled) as workspace:
        newest = workspace.store.runs.all()[-1]
        assert student_runs(workspace, [f"#{newest.id}"]) == [newest], "its number names it all the same"


def test_trying_a_prompt_is_a_cost_of_its_own(distilled: Path, tmp_path: Path):
    prompt = tmp_path / "prompt.txt"
    prompt.write_text("Five keywords, please.")
    stillroom(
        "ask", "p00.jpg", "--model", "untuned", "--prompt", prompt, "--yes", "--project", distilled
    ).ok()
    spent = stillroom("cost", "--json", "--project", distilled).ok().json["spent"]
    steps = [one["step"] for one in spent]
    assert (steps.count("label untuned"), steps.count("ask untuned")) == (1, 1)

"""One of a thing is called one thing, wherever a plan counts."""

from __future__ import annotations

from pathlib import Path

from tests.steps.world import put, stillroom


def _title(project: Path, *words: str) -> str:
    plan = stillroom(*words, "--dry-run", "--json", "--project", project).ok().json["plan"]
    title: str = plan["title"]
    return title


def test_one_of_each(project: Path) -> None:
    assert _title(project, "run", "--until", "setup") == "Run: 1 part is missing"
    put(project, "training", "sizes", [10])
    stillroom("run", "--until", "upload", "-yq", "--project", project).ok()
    assert _title(project, "train") == "Train 1 student: lite-10"
    assert _title(project, "ask", "p00.jpg", "--model", "untuned") == "Ask 1 model about 1 picture (1 call)"
    assert _title(project, "label", "untuned", "--limit", "1") == "Label 1 picture (test) with untuned"


def test_a_plan_of_nothing_says_why_and_counts_no_zero(distilled: Path) -> None:
    assert _title(distilled, "label", "teacher") == (
        "Nothing is left to label with teacher: 30 pictures have an answer."
    )
    assert _title(distilled, "retry", "teacher") == "Nothing is left to ask teacher again: no picture failed."
    assert _title(distilled, "upload").startswith("Nothing is left to upload: ")
    assert _title(distilled, "stop", "lite-10").startswith("Nothing is left to stop: ")
    assert _title(distilled, "run") == "Nothing is left to pay for."
    answered = "Nothing is left to ask: 1 model has answered about 1 picture with these settings."
    assert _title(distilled, "ask", "p00.jpg", "--model", "teacher") == answered

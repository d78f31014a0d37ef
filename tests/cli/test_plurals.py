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

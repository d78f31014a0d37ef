"""The command that a plan names does the same: typed as it stands, it has the same plan."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from tests.steps.world import stillroom


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "p00.jpg", "p01.jpg", "--model", "teacher", "--model", "us.amazon.nova-lite-v1:0"),
        ("ask", "p00.jpg", "--prompt", "try this.txt"),
        ("ask", "--", "-split:test", "p00.jpg"),
        ("label", "teacher", "--only", "-split:test", "--only", "name~p0", "--limit", "3"),
        ("label", "teacher", "--split", "all"),
    ],
)
def test_it_has_the_same_plan(project: Path, words: tuple[str, ...]) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    (project / "try this.txt").write_text("Name what you see, as keywords.")
    here = ("--project", str(project), "--json", "--dry-run")
    plan = stillroom(words[0], *here, *words[1:], at=project).ok().json["plan"]
    verb, *rest = shlex.split(plan["command"])[1:]
    assert stillroom(verb, *here, *rest, at=project).ok().json["plan"] == plan

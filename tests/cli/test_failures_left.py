"""Failures do not vanish from what is said at the end: they are counted, and the way on is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, Said, stillroom


@pytest.fixture
def failing(project: Path, box: Box) -> tuple[Path, Said]:
    """A project whose students refused every answer, and what `run` said at its end."""
    stillroom("run", "--until", "label", "-yq", "--project", project).ok()
    box.turn(faults={"refusal": 1.0})
    said = stillroom("run", "--yes", "--project", project)
    assert said.code == 6, said.err
    box.turn(faults={"refusal": 0.0})
    return project, said


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


def test_compare_counts_them_in_a_column(failing: tuple[Path, Said], distilled: Path) -> None:
    project, first = failing
    rows = stillroom("compare", "--json", "--project", project).ok().json["runs"]
    assert any(row["failed"] for row in rows)
    for out in (first.out, stillroom("compare", "--project", project).ok().out):
        (head,) = [line for line in out.splitlines() if line.startswith("run ")]
        assert "failed" in head.split()
    assert " failed" not in stillroom("compare", "--project", distilled).ok().out


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

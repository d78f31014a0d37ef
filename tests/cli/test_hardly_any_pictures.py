"""Comparisons of a single picture, and of none: everything that tells of scores says what it has."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import put, stillroom

from stillroom.pictures import Side
from stillroom.steps.workspace import open_workspace


@pytest.fixture
def tested(distilled: Path) -> list[str]:
    """The test pictures."""
    with open_workspace(distilled) as workspace:
        return [row.path for row in workspace.store.pictures.contents((Side.TEST,))]


def told(root: Path) -> tuple[str, str, str]:
    """What the table, status and the report say."""
    table = stillroom("compare", "-q", "--project", root).ok().out
    status = stillroom("status", "-q", "--project", root).ok().out
    stillroom("report", "-q", "--project", root).ok()
    return table, status, (root / "report.html").read_text(encoding="utf-8")


def test_a_single_picture_has_a_score_and_no_interval(distilled: Path, tested: list[str]) -> None:
    stillroom("exclude", *tested[1:], "-q", "--project", distilled).ok()
    (run, *_) = stillroom("compare", "--json", "--project", distilled).ok().json["runs"]
    assert run["jaccard"]["low"] is run["jaccard"]["high"] is None
    table, status, page = told(distilled)
    assert "Only 1 picture compared: too few for an interval." in table
    mean = f"{run['jaccard']['mean']:.2f}"
    assert f"untuned {mean} · " in status
    assert mean in page


def test_a_run_without_any_compared_picture_has_no_score(distilled: Path, tested: list[str]) -> None:
    put(distilled, "student", "temperature", 0.1)
    stillroom("label", "untuned", "--only", tested[0], "-yq", "--project", distilled).ok()
    stillroom("exclude", tested[0], "-q", "--project", distilled).ok()
    (run,) = stillroom("compare", "--json", "--project", distilled).ok().json["runs"]
    assert run["jaccard"] is None
    table, status, _ = told(distilled)
    assert "No picture has been compared." in table
    assert "nothing to compare" in status

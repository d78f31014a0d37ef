"""Whoever has left out every test picture is told how to go on, and nothing that leads nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import put, stillroom

BACK = "stillroom include 'split:test'"


@pytest.fixture
def emptied(distilled: Path) -> Path:
    stillroom("exclude", "split:test", "--project", distilled).ok()
    return distilled


def test_compare_says_so(emptied: Path) -> None:
    stillroom("compare", "--project", emptied).refused(2, "every test picture is left out", BACK)


@pytest.mark.parametrize("words", [("teacher", "--split", "test"), ("untuned",)])
def test_label_names_the_way_back(emptied: Path, words: tuple[str, ...]) -> None:
    way = f"Every test picture is left out: {BACK}"
    assert f"note: {way}" in stillroom("label", *words, "-y", "--project", emptied).ok().out
    plan = stillroom("label", *words, "--dry-run", "--json", "--project", emptied).ok().json["plan"]
    assert plan["title"] == f"Nothing is left to label with {words[0]}. {way}"


def test_status_names_the_way_back(emptied: Path) -> None:
    said = stillroom("status", "--json", "--project", emptied).ok().json
    assert said["command"] == BACK
    assert "left out" in said["next"]
    stillroom("include", "split:test", "--project", emptied).ok()
    assert stillroom("status", "--json", "--project", emptied).ok().json["command"] == "stillroom report"


def test_a_run_that_is_not_there_is_told_beside_each_that_is(distilled: Path) -> None:
    put(distilled, "student", "temperature", 0.9)
    stillroom("label", "untuned", "-yq", "--project", distilled).ok()
    said = stillroom("compare", "nobody", "--project", distilled).refused(2, "'nobody'")
    assert said.err.endswith("Runs: untuned, lite-10, lite-20\n")

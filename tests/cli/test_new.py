"""New: what it says of the other end, before anything has been asked of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, stillroom


@pytest.mark.parametrize(
    "options", [(), ("--endpoint-url", "http://127.0.0.1:9"), ("--endpoint-url", "https://x.y")]
)
def test_what_is_not_known_to_be_a_sandbox_is_none(
    shelf: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    said = stillroom("new", tmp_path / "p", "--images", shelf, *options, "--json").ok()
    assert said.json["sandbox"] is False


def test_an_endpoint_that_answers_as_a_sandbox_is_one(shelf: Path, tmp_path: Path, box: Box) -> None:
    root = tmp_path / "p"
    said = stillroom("new", root, "--images", shelf, "--endpoint-url", box.url, "--json").ok()
    assert said.json["sandbox"] is True
    assert stillroom("status", "--json", "--project", root).ok().json["sandbox"] is True


def test_a_project_with_a_sandbox_of_its_own_has_one(shelf: Path, tmp_path: Path) -> None:
    said = stillroom("new", tmp_path / "p", "--images", shelf, "--sandbox", "--json").ok()
    assert said.json["sandbox"] is True


def test_an_endpoint_that_is_no_url_makes_no_project(shelf: Path, tmp_path: Path) -> None:
    made = stillroom("new", tmp_path / "p", "--images", shelf, "--endpoint-url", "localhost:80")
    made.refused(2, "'localhost:80' is not a URL", "http://")
    assert not (tmp_path / "p").exists()

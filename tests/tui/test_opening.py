"""Where the list of projects is opened after a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillroom.tui.opening import outside_of


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("work/harbour", "work"),
        ("work/harbour/stillroom.toml", "work"),
        ("work/harbour/records", "work"),
        ("work", "work"),
        ("elsewhere", "elsewhere"),
    ],
)
def test_a_new_project_is_not_made_inside_the_one_that_was_open(
    tmp_path: Path, start: str, expected: str
) -> None:
    assert outside_of(tmp_path / "work" / "harbour", tmp_path / start) == tmp_path / expected

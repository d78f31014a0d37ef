"""Completing the name of a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillroom.tui.folders import Folders, complete_folder


@pytest.fixture
def start(tmp_path: Path) -> Path:
    for name in ("photos", "photos-old", "바다", ".hidden", "esc\x1b[2J", "deep/er"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "phone.txt").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ph", "photos/"),
        ("photos-", "photos-old/"),
        ("바", "바다/"),
        (".h", ".hidden/"),
        ("deep/", "deep/er/"),
        ("deep/er", "deep/er/"),
        ("esc", None),
        ("gone/x", None),
        ("phone", None),
        ("~nobody-here/x", None),
        ("\0", None),
    ],
)
def test_a_folder_is_completed(start: Path, typed: str, expected: str | None) -> None:
    assert complete_folder(typed, start) == expected


async def test_a_path_that_is_not_relative_and_nothing(start: Path) -> None:
    assert await Folders(start).get_suggestion(f"{start}/ph") == f"{start}/photos/"
    assert await Folders(start).get_suggestion("") is None

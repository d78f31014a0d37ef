"""Where the list of projects is opened after a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillroom.tui import lobby, opening
from stillroom.tui.app import Leaving
from stillroom.tui.opening import open_workbench, outside_of


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


@pytest.mark.parametrize("choose", [False, True])
def test_the_folder_that_one_stood_in_may_go_while_the_workbench_is_open(
    distilled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, choose: bool
) -> None:
    """The project had been named as it is seen from there."""
    stood = tmp_path / "stood"
    stood.mkdir()
    link = stood / "project"
    link.symlink_to(distilled)
    chosen_from: list[tuple[Path, Path | None]] = []

    def leave(*_: object, **__: object) -> Leaving:
        link.unlink()
        stood.rmdir()
        return Leaving(0, choose=choose)

    def choose_none(start: Path, *, back: Path | None = None, read_only: bool) -> tuple[None, int]:
        chosen_from.append((start, back))
        return None, 0

    monkeypatch.setattr(opening, "_stay", leave)
    monkeypatch.setattr(lobby, "choose", choose_none)
    monkeypatch.chdir(stood)
    assert open_workbench(Path("project"), exact=True) == 0
    assert chosen_from == ([(tmp_path, link)] if choose else [])

"""A scan that died between looking at the pictures and splitting them is finished by the next one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.steps.world import draw, gallery, make

from stillroom.pictures import Side
from stillroom.steps import scan
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import Workspace, open_workspace


class _Died(BaseException):
    """The process is killed here."""


def _scan(workspace: Workspace) -> scan.ScanResult:
    step = scan.Scan()
    return step.execute(workspace, step.plan(workspace), Watch())


def test_newcomers_of_a_scan_that_died_get_a_side(box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pictures = gallery(tmp_path / "pictures", 10, 0)
    root = make(tmp_path / "project", pictures, box)
    with open_workspace(root) as workspace:
        _scan(workspace)
        draw(pictures / "new.jpg", 77)

        def die(workspace: Workspace) -> None:
            raise _Died

        with monkeypatch.context() as patched:
            patched.setattr(scan, "split_newcomers", die)
            with pytest.raises(_Died):
                _scan(workspace)
        result = _scan(workspace)
        assert sum(result.sides.values()) == 11
        assert all(row.side is not None for row in workspace.store.pictures.contents())


def test_a_training_picture_saved_again_trains_again(box, tmp_path: Path):
    pictures = gallery(tmp_path / "pictures", 12, 0)
    root = make(tmp_path / "project", pictures, box, ("pictures", "test", 0.5))
    with open_workspace(root) as workspace:
        _scan(workspace)
        before = {row.path: row.side for row in workspace.store.pictures.contents()}
        for path in before:
            with (pictures / path).open("ab") as file:
                file.write(b"\0")
        shutil.copyfile(pictures / min(before), pictures / "also.jpg")
        _scan(workspace)
        after = {row.path: row.side for row in workspace.store.pictures.contents()}
        assert {path: side for path, side in after.items() if path in before and path != "also.jpg"} == {
            path: side for path, side in before.items() if path in after
        }
        assert set(after.values()) == {Side.TRAIN, Side.TEST}


def test_links_that_are_not_followed_are_told(box, tmp_path: Path):
    pictures = gallery(tmp_path / "pictures", 12, 0)
    root = make(tmp_path / "project", pictures, box)
    (pictures / "gone.jpg").symlink_to(tmp_path / "unmounted" / "gone.jpg")
    with open_workspace(root) as workspace:
        remarks = _scan(workspace).remarks
        assert [text for text in remarks if "link" in text] == [
            "1 link leads out of the folder or nowhere, and none is followed: copy the files instead."
        ]
        (pictures / "gone.jpg").unlink()
        assert not [text for text in _scan(workspace).remarks if "link" in text]

"""A demo trains what it was asked for, or says what it does not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stillroom.errors import UsageError
from stillroom.steps import demo
from stillroom.steps.plan import Watch
from stillroom.steps.scan import Scan
from stillroom.steps.workspace import open_workspace


def test_sizes_that_the_pictures_do_not_meet_are_named(shelf: Path, tmp_path: Path) -> None:
    root = tmp_path / "demo"
    assert demo.ready(root, shelf, (20, 900, 1000))
    with open_workspace(root) as workspace:
        Scan().execute(workspace, Scan().plan(workspace), Watch())
        assert workspace.settings.training.sizes == (20,)
        assert demo.unmet(workspace, (20, 900, 1000)) == (
            "Training sizes 900 and 1,000 left out: there are only 30 different pictures, and some are kept "
            "for testing. Trained: 20."
        )
        assert demo.unmet(workspace, (20,)) == ""


def test_ones_own_pictures_are_no_half_drawn_demo(shelf: Path, tmp_path: Path) -> None:
    mine = tmp_path / "pictures"
    shutil.copytree(shelf, mine)
    before = sorted(mine.iterdir())
    for images in (None, mine):
        with pytest.raises(UsageError, match="not empty and holds no demo"):
            demo.ready(tmp_path, images, (20,), draw=False)
    assert sorted(mine.iterdir()) == before


def test_a_demo_that_was_stopped_while_it_drew_is_begun_again(shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    for number, picture in enumerate(sorted(shelf.glob("p*.jpg"))):
        shutil.copy(picture, tmp_path / "pictures" / f"scene-{number:04}.jpg")
    assert demo.ready(tmp_path, None, (20,), draw=False)


def test_a_file_is_no_place_for_a_demo(tmp_path: Path) -> None:
    (tmp_path / "stillroom.toml").touch()
    with pytest.raises(UsageError, match="a file, not a folder"):
        demo.ready(tmp_path / "stillroom.toml", None, (20,))


def test_a_demo_that_is_there_goes_on_with_its_own_sizes_and_says_so(shelf: Path, tmp_path: Path) -> None:
    root = tmp_path / "demo"
    assert demo.ready(root, shelf, (20,))
    assert not demo.ready(root, shelf, (10,))
    with open_workspace(root) as workspace:
        Scan().execute(workspace, Scan().plan(workspace), Watch())
        assert "This demo trains 20; for 10 make another one" in demo.unmet(workspace, (10,))


def test_all_pictures_train_where_no_size_is_met(shelf: Path, tmp_path: Path) -> None:
    root = tmp_path / "demo"
    demo.ready(root, shelf, (900,))
    with open_workspace(root) as workspace:
        Scan().execute(workspace, Scan().plan(workspace), Watch())
        assert "Training size 900 left out" in demo.unmet(workspace, (900,))
        assert "Trained: one, of all training pictures." in demo.unmet(workspace, (900,))

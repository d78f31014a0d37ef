"""A training size that was not reached, a share that came too late and a side without pictures are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.steps.world import Box, draw, gallery, make, put, stillroom

UNTESTED = "Nothing can be compared: "


@pytest.fixture
def own(box: Box, tmp_path: Path) -> Path:
    """A labeled project of twelve pictures that this test may change: eleven train, one tests."""
    root = make(tmp_path / "own", gallery(tmp_path / "pictures", 12, 0), box)
    for words in (("scan",), ("label", "teacher", "-y"), ("setup", "-y")):
        stillroom(*words, "-q", "--project", root).ok()
    return root


def test_a_file_with_fewer_records_than_its_name_is_named_by_build_and_refused_by_train(own: Path) -> None:
    for picture in [name for name, side in sides(own).items() if side == "train"][:2]:
        draw(own.parent / "pictures" / picture, seed=900 + int(picture[1:3]))
    shutil.rmtree(own / ".stillroom" / "prepared")
    short = "records/11.jsonl has 9 records, not 11: pictures were left out."
    assert short in stillroom("build", "--project", own).ok().out
    advice = "Run: stillroom scan, then stillroom build"
    stillroom("train", "--dry-run", "--project", own).refused(2, "records/11.jsonl was not built", advice)
    status = stillroom("status", "--json", "--project", own).ok().json
    assert status["next"] == "Pictures of the records have changed or gone: scan, then build."
    for verb in ("scan", "label teacher", "build", "upload"):
        stillroom(*verb.split(), "-yq", "--project", own).ok()
    stillroom("train", "--dry-run", "--project", own).ok()


def test_a_file_that_is_as_large_as_its_name_is_not(own: Path) -> None:
    assert "left out" not in stillroom("build", "--project", own).ok().out
    assert "left out" not in stillroom("train", "--dry-run", "--project", own).ok().out


def test_scan_and_the_plans_of_train_and_run_say_that_no_test_picture_is_left(own: Path) -> None:
    stillroom("build", "-q", "--project", own).ok()
    commands = (("scan",), ("train", "--dry-run"), ("run", "--dry-run"))
    for words in commands:
        assert UNTESTED not in stillroom(*words, "--project", own).ok().out
    (tested,) = [name for name, side in sides(own).items() if side == "test"]
    (own.parent / "pictures" / tested).unlink()
    for words in (*commands[:2], ("run", "--until", "train", "--dry-run")):
        assert f"{UNTESTED}there is no test picture" in stillroom(*words, "--project", own).ok().out
    stillroom("run", "--dry-run", "--project", own).refused(2, f"{UNTESTED}there is no test picture")


def test_scan_says_that_a_share_was_changed_too_late(own: Path) -> None:
    assert "pictures.test" not in stillroom("scan", "--project", own).ok().out
    put(own, "pictures", "test", 0.5)
    said = stillroom("scan", "--project", own).ok().out
    assert (
        "pictures.test was 0.1 when the pictures were split; that it is 0.5 now is for new pictures" in said
    )
    assert "To split all of them anew, make another project of the same folder: stillroom new." in said
    put(own, "pictures", "test", 0.1)
    assert "pictures.test" not in stillroom("scan", "--project", own).ok().out
    put(own, "pictures", "seed", 20260001)
    said = stillroom("scan", "--project", own).ok().out
    assert "pictures.seed was 7 when the pictures were split; that it is 20260001 now is for new" in said


def sides(root: Path) -> dict[str, str]:
    """Each picture's side."""
    from stillroom.steps.workspace import open_workspace

    with open_workspace(root) as workspace:
        return {row.path: str(row.side) for row in workspace.store.pictures.contents()}

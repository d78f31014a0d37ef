"""Pictures whose files are gone when they are to be sent; and pictures that nobody has looked for yet."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from PIL import Image
from tests.steps.world import CALM, Box, gallery, make, stillroom

from stillroom.steps.standing import status
from stillroom.steps.workspace import open_workspace

FEW = "Add pictures: training takes 8 to 20,000 records."
"""What comes next with so few pictures, once the files are no matter any more."""
BROKEN = b"\xff\xd8\xff\xe0 no picture"


def scanned(tmp_path: Path, box: Box) -> tuple[Path, Path]:
    """A project of 8 pictures that have been scanned, and their folder."""
    folder = gallery(tmp_path / "pictures", 8, 0)
    root = make(tmp_path / "p", folder, box)
    stillroom("scan", "-q", "--project", root).ok()
    return root, folder


def test_missing_files_are_failures_of_the_run(box: Box, tmp_path: Path) -> None:
    root, folder = scanned(tmp_path, box)
    (folder / "p01.jpg").rename(tmp_path / "p01.jpg")
    said = stillroom("label", "teacher", "-yq", "--json", "--project", root)
    assert (said.code, said.json["done"], said.json["failed"]) == (6, 7, {"gone": 1})
    assert said.json["flagged"] == 0
    assert said.json["gone"].startswith("1 picture was not sent: its file is missing")
    said = stillroom("label", "teacher", "-yq", "--project", root)
    assert said.code == 6
    assert "its file is missing" in said.out
    assert "retry" not in said.out
    (tmp_path / "p01.jpg").rename(folder / "p01.jpg")
    said = stillroom("label", "teacher", "-yq", "--json", "--project", root).ok()
    assert said.json["answered"] == 8, "what was missing once is not remembered as such"


def test_a_missing_folder_is_named(box: Box, tmp_path: Path) -> None:
    root, folder = scanned(tmp_path, box)
    shutil.rmtree(folder)
    said = stillroom("label", "teacher", "-yq", "--project", root)
    assert said.code == 6
    assert f"8 pictures were not sent: the pictures' folder {folder} is missing" in said.out
    stillroom("sizes", "--project", root).refused(2, "stillroom scan")


def test_a_file_that_was_replaced_is_no_failure(box: Box, tmp_path: Path) -> None:
    root, folder = scanned(tmp_path, box)
    (folder / "p01.jpg").write_bytes(BROKEN)
    said = stillroom("label", "teacher", "-yq", "--json", "--project", root).ok()
    assert (said.json["done"], said.json["failed"], said.json["flagged"]) == (7, {}, 1)
    assert said.json["gone"] == ""
    assert said.json["flagged_files"] == [
        {"path": "p01.jpg", "flag": "changed", "reason": "was replaced since it was scanned; scan again"}
    ]
    said = stillroom("label", "teacher", "-y", "--project", root).ok()
    assert "changed: was replaced since it was scanned; scan again\n  p01.jpg\n" in said.err
    assert "1 could not be prepared and was not sent: stillroom scan" in said.out


@pytest.mark.parametrize("broken", ["gone", "replaced"])
def test_what_could_not_be_sent_is_looked_for_before_it_is_labeled_again(
    box: Box, tmp_path: Path, broken: str
) -> None:
    root, folder = scanned(tmp_path, box)
    if broken == "gone":
        (folder / "p01.jpg").unlink()
    else:
        (folder / "p01.jpg").write_bytes(BROKEN)
    stillroom("label", "teacher", "-yq", "--project", root)
    said = stillroom("status", "--json", "--project", root).ok().json
    (facts,) = [one["facts"] for one in said["steps"] if one["step"] == "label teacher"]
    assert facts.endswith("1 could not be sent: its file is missing, changed or unreadable")
    assert said["command"] == "stillroom scan"
    (note,) = stillroom("label", "teacher", "--dry-run", "--json", "--project", root).json["plan"]["notes"]
    assert note.startswith("Last time 1 could not be sent")
    stillroom("scan", "-q", "--project", root).ok()
    said = stillroom("status", "--json", "--project", root).ok().json
    assert said["next"] == FEW, "nobody is sent to scan for what was not sent"
    plan = stillroom("label", "teacher", "--dry-run", "--json", "--project", root).ok().json["plan"]
    assert (plan["count"], plan["notes"]) == (0, [])


def next_step(root: Path) -> str:
    command = stillroom("status", "--json", "--project", root).ok().json["command"]
    assert isinstance(command, str)
    return command


def test_what_could_not_be_sent_is_remembered_whatever_is_labeled_next(box: Box, tmp_path: Path) -> None:
    root, folder = scanned(tmp_path, box)
    for name in ("p01.jpg", "p02.jpg"):
        (folder / name).unlink()
    box.turn(seed=3, faults={"refusal": 0.5})
    assert stillroom("label", "teacher", "-yq", "--json", "--project", root).json["failed"]["refused"]
    box.turn(**CALM)
    assert next_step(root) == "stillroom scan"
    stillroom("retry", "teacher", "-yq", "--project", root).ok()
    assert next_step(root) == "stillroom scan"
    stillroom("label", "teacher", "--only", "p01.jpg", "-yq", "--project", root)
    assert next_step(root) == "stillroom scan"


def test_only_the_pictures_that_could_not_be_sent_are_told_of(box: Box, tmp_path: Path) -> None:
    root, folder = scanned(tmp_path, box)
    stillroom("exclude", "p02.jpg", "--project", root).ok()
    (folder / "p01.jpg").unlink()
    stillroom("label", "teacher", "-yq", "--project", root)
    assert next_step(root) == "stillroom scan"
    stillroom("exclude", "p01.jpg", "--project", root).ok()
    stillroom("include", "p02.jpg", "--project", root).ok()
    assert next_step(root) == "stillroom label teacher"
    plan = stillroom("label", "teacher", "--dry-run", "--json", "--project", root).ok().json["plan"]
    assert (plan["count"], plan["notes"]) == (1, [])


def test_a_picture_that_was_sent_after_all_is_forgotten(box: Box, tmp_path: Path) -> None:
    root, folder = scanned(tmp_path, box)
    away = (folder / "p01.jpg").rename(tmp_path / "p01.jpg")
    (folder / "p02.jpg").unlink()
    stillroom("label", "teacher", "-yq", "--project", root)
    away.rename(folder / "p01.jpg")
    box.turn(faults={"refusal": 1.0})
    stillroom("label", "teacher", "--only", "p01.jpg", "-yq", "--project", root)
    with open_workspace(root) as workspace:
        (row,) = workspace.store.pictures.contents(only=workspace.store.unsent.all())
    assert row.path == "p02.jpg"


def test_a_failed_picture_whose_file_is_lost_is_looked_for_before_it_is_asked_about_again(
    box: Box, tmp_path: Path
) -> None:
    root, folder = scanned(tmp_path, box)
    stillroom("label", "teacher", "--limit", "7", "-yq", "--project", root).ok()
    box.turn(faults={"refusal": 1.0})
    (lost,) = stillroom("label", "teacher", "-yq", "--json", "--project", root).json["failures"]
    box.turn(**CALM)
    assert next_step(root) == "stillroom retry teacher"
    (folder / lost["image"]).unlink()
    shutil.rmtree(root / ".stillroom" / "prepared")
    assert stillroom("retry", "teacher", "-yq", "--project", root).code == 6
    assert next_step(root) == "stillroom scan"
    stillroom("scan", "-q", "--project", root).ok()
    with open_workspace(root) as workspace:
        assert status(workspace).next == FEW


@pytest.mark.parametrize("broken", ["emptied", "unreadable"])
def test_what_was_wrong_with_a_file_is_not_remembered_of_its_picture(
    box: Box, tmp_path: Path, broken: str
) -> None:
    root, folder = scanned(tmp_path, box)
    file = (folder / "p01.jpg").rename(tmp_path / "p01.jpg")
    if broken == "emptied":
        (folder / "p01.jpg").touch()
    else:
        os.mkfifo(folder / "p01.jpg")  # the system gives no bytes, as with a permission that is missing
    said = stillroom("label", "teacher", "-yq", "--json", "--project", root).ok().json
    assert (said["done"], said["flagged"]) == (7, 1)
    file.replace(folder / "p01.jpg")
    said = stillroom("label", "teacher", "-yq", "--json", "--project", root).ok().json
    assert (said["answered"], said["flagged"]) == (8, 0)


def test_a_picture_that_no_model_takes_is_not_left_for_ever(box: Box, tmp_path: Path) -> None:
    folder = gallery(tmp_path / "pictures", 8, 0)
    Image.effect_noise((4000, 60), 90).save(folder / "thin.png")  # 15 px high when prepared to 1,024 px
    root = make(tmp_path / "p", folder, box)
    stillroom("scan", "-q", "--project", root).ok()
    first = stillroom("label", "teacher", "-yq", "--json", "--project", root).ok().json
    assert (first["done"], first["flagged"]) == (8, 1)
    plan = stillroom("label", "teacher", "--dry-run", "--json", "--project", root).ok().json["plan"]
    assert (plan["count"], plan["unfit"], plan["needs_consent"]) == (0, 1, False)
    assert "1 can be sent to no model" in plan["title"]
    steps = {one["step"]: one for one in stillroom("status", "--json", "--project", root).ok().json["steps"]}
    assert steps["label teacher"]["state"] == "done"
    assert "1 fit for no model" in steps["label teacher"]["facts"]
    left = stillroom("cost", "--json", "--project", root).ok().json["left"]
    assert "label teacher" not in {one["step"] for one in left}


def test_nobody_is_asked_before_a_scan(project: Path) -> None:
    for words in (("-y",), ("--dry-run",)):
        said = stillroom("label", "teacher", *words, "--project", project)
        said.refused(2, "No picture has been scanned yet.", "Run: stillroom scan")
    stillroom("cost", "--project", project).ok()


def test_a_split_without_pictures_is_said(box: Box, tmp_path: Path) -> None:
    root, _ = scanned(tmp_path, box)
    said = stillroom("label", "teacher", "--split", "validation", "-y", "--project", root).ok()
    assert "no picture is selected" in said.out
    assert "There is no validation picture." in said.out
    assert "$" not in said.out


def test_a_plan_names_the_splits_of_its_pictures(box: Box, tmp_path: Path) -> None:
    root, _ = scanned(tmp_path, box)
    said = stillroom("label", "teacher", "--only", "split:test", "--dry-run", "--project", root).ok()
    assert "Label 1 picture (test) with teacher" in said.out
    assert "8 pictures (train+test)" in stillroom("label", "teacher", "--dry-run", "--project", root).ok().out

"""What is wrong with records is found in one place, and everybody who tells of it names the same cure."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.steps.world import Box, draw, gallery, make, put, stillroom

from stillroom.pictures import Side
from stillroom.steps.mending import ALTERED, OUTDATED, UNBUILT, Flaw, flaws, mended_by
from stillroom.steps.training import Train
from stillroom.steps.workspace import open_workspace


def _labeled(root: Path, pictures: Path) -> None:
    """Import a label for every picture."""
    file = root.parent / "labels.jsonl"
    names = sorted(path.name for path in pictures.iterdir())
    file.write_text("".join(json.dumps({"image": name, "label": "sea, sky"}) + "\n" for name in names))
    for words in (("scan",), ("import", "labels", file), ("setup", "-y")):
        stillroom(*words, "-q", "--project", root).ok()


@pytest.fixture
def checked(box: Box, shelf: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A project with labels that trains on 10 pictures and validates with some; and its pictures."""
    pictures = Path(shutil.copytree(shelf, tmp_path / "pictures"))
    root = make(tmp_path / "project", pictures, box, ("pictures", "validation", 0.2), sizes=(10,))
    _labeled(root, pictures)
    return root, pictures


def _found(root: Path) -> list[Flaw]:
    with open_workspace(root) as workspace:
        return flaws(workspace)


def test_each_flaw_is_told_as_what_it_is(checked: tuple[Path, Path]) -> None:
    root, _ = checked
    assert _found(root) == [
        Flaw("records/10.jsonl", 10, UNBUILT, scan=False),
        Flaw("records/validation.jsonl", 0, UNBUILT, scan=False),
    ]
    stillroom("build", "-q", "--project", root).ok()
    assert _found(root) == []
    with (root / "records" / "10.jsonl").open("ab") as file:
        file.write(b"edited\n")
    assert _found(root) == [Flaw("records/10.jsonl", 10, ALTERED, scan=False)]
    put(root, "aws", "prefix", "elsewhere")
    assert [flaw.what for flaw in _found(root)] == [ALTERED, OUTDATED]
    (root / "records" / "10.jsonl").unlink()
    assert [flaw.what for flaw in _found(root)] == [ALTERED, OUTDATED]


def test_the_cure_names_sizes_and_the_scan_that_comes_first() -> None:
    assert mended_by() == "stillroom build"
    assert mended_by(scan=True, sizes=(15,)) == "stillroom scan, then stillroom build --size 15"


def test_what_was_edited_is_not_said_to_be_of_other_labels(checked: tuple[Path, Path]) -> None:
    root, _ = checked
    stillroom("build", "-q", "--project", root).ok()
    path = root / "records" / "10.jsonl"
    path.write_bytes(path.read_bytes() * 2)
    said = " ".join(stillroom("validate", "--project", root).out.split())
    assert "records/10.jsonl is not what was built. Run: stillroom build" in said
    assert "was not built of the present labels" not in said


def test_train_names_the_scan_where_only_that_mends_the_validation_file(checked: tuple[Path, Path]) -> None:
    root, pictures = checked
    with open_workspace(root) as workspace:
        (pictures / workspace.store.pictures.contents((Side.VALIDATION,))[0].path).unlink()
    stillroom("build", "-q", "--project", root).ok()
    assert _found(root) == [Flaw("records/validation.jsonl", 0, OUTDATED, scan=True)]
    with open_workspace(root) as workspace:
        notes = Train().plan(workspace).notes
    made_by = "it is made by: stillroom scan, then stillroom build"
    assert f"records/validation.jsonl is missing or out of date; {made_by}" in notes
    status = stillroom("status", "--json", "--project", root).ok().json
    assert status["command"] == "stillroom run --until build"


def test_no_scan_is_advised_for_pictures_that_no_model_takes(box: Box, tmp_path: Path) -> None:
    pictures = gallery(tmp_path / "pictures", 14, 0)
    for name in ("p00.jpg", "p01.jpg", "p02.jpg"):
        draw(pictures / name, seed=500 + int(name[1:3]), size=(1600, 60))
    root = make(tmp_path / "project", pictures, box, ("prepare", "longest_side", 512))
    _labeled(root, pictures)
    said = stillroom("build", "--json", "--project", root).ok().json
    (file,) = said["files"]
    size = int(Path(file["path"]).stem)
    assert file["records"] < size
    (advice,) = [remark for remark in said["remarks"] if "has " in remark and "not " in remark]
    assert advice == (
        f"records/{size}.jsonl has {file['records']} records, not {size}: pictures that no model takes are "
        "left out. To put others in their place leave them out by hand (stillroom exclude), then: "
        "stillroom build"
    )
    out = [remark.split()[0] for remark in said["remarks"] if "is left out" in remark]
    stillroom("exclude", *out, "-yq", "--project", root).ok()
    again = stillroom("build", "--json", "--project", root).ok().json
    assert again["files"][0]["records"] == size - len(out)
    assert not [remark for remark in again["remarks"] if "left out" in remark], "this cured it"
    assert _found(root) == []

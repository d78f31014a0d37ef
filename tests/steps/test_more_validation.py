"""More validation pictures: what a student is measured by while it is trained, not what it is trained on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.steps.world import Box, draw, make, stillroom

from stillroom.pictures import Side
from stillroom.steps.workspace import open_workspace


def test_a_student_is_not_stale_because_its_validation_set_grew(
    box: Box, shelf: Path, tmp_path: Path
) -> None:
    pictures = Path(shutil.copytree(shelf, tmp_path / "pictures"))
    project = make(tmp_path / "project", pictures, box, ("pictures", "validation", 0.1), sizes=(10,))
    words = ("run", "--until", "train", "--yes", "--quiet", "--json", "--project", project)
    assert stillroom(*words).ok().json["jobs"] == 1
    before = _records(project)
    for number in range(30):
        draw(pictures / f"new{number}.jpg", 1000 + number)
    assert stillroom(*words).ok().json["jobs"] == 0
    after = _records(project)
    assert after["validation.jsonl"] > before["validation.jsonl"] > 0
    plan = stillroom("train", "--dry-run", "--json", "--project", project).ok().json["plan"]
    assert plan["count"] == 0
    assert stillroom("status", "--json", "--project", project).ok().json["command"] != "stillroom train"


def _records(project: Path) -> dict[str, int]:
    return {file.name: len(file.read_bytes().splitlines()) for file in (project / "records").glob("*.jsonl")}


def test_a_validation_picture_that_went_after_the_scan_is_no_circle(
    box: Box, shelf: Path, tmp_path: Path
) -> None:
    pictures = Path(shutil.copytree(shelf, tmp_path / "pictures"))
    project = make(tmp_path / "project", pictures, box, ("pictures", "validation", 0.2), sizes=(10,))
    stillroom("scan", "-q", "--project", project).ok()
    names = sorted(path.name for path in pictures.iterdir())
    labels = tmp_path / "labels.jsonl"
    lines = [json.dumps({"image": name, "label": "sea, sky, sand"}) for name in names]
    labels.write_text("\n".join(lines) + "\n", encoding="utf-8")
    stillroom("import", "labels", labels, "-q", "--project", project).ok()
    stillroom("setup", "-yq", "--project", project).ok()
    with open_workspace(project) as workspace:
        (pictures / workspace.store.pictures.contents((Side.VALIDATION,))[0].path).unlink()
    stillroom("build", "-q", "--project", project).ok()
    said = stillroom("upload", "-yq", "--project", project)
    said.refused(2, "records/validation.jsonl was not built", "Run: stillroom scan, then stillroom build")
    stillroom("scan", "-q", "--project", project).ok()
    stillroom("build", "-q", "--project", project).ok()
    stillroom("upload", "-yq", "--project", project).ok()

"""Lists of pictures show how near a model came to the teacher without anybody having compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import stillroom

from stillroom.pictures import Side
from stillroom.steps.present import present_views
from stillroom.steps.workspace import open_workspace
from stillroom.store.filters import parse


@pytest.fixture
def scanned(project: Path) -> Path:
    stillroom("scan", "-q", "--project", project).ok()
    return project


def scored(root: Path, filter: str = "jaccard>=0") -> int:
    """Pictures that a filter of scores leaves."""
    with open_workspace(root) as workspace:
        return present_views(workspace).count(parse(filter))


def label(root: Path, *words: str) -> None:
    stillroom("label", *words, "-yq", "--project", root).ok()


def on_the_test_side(root: Path) -> int:
    with open_workspace(root) as workspace:
        return workspace.store.pictures.summary().sides["test"]


def test_a_labeled_student_is_scored_at_once(scanned: Path) -> None:
    label(scanned, "teacher")
    assert scored(scanned) == 0
    label(scanned, "untuned", "--limit", "1")
    assert scored(scanned) == 1
    label(scanned, "untuned")
    assert scored(scanned) == on_the_test_side(scanned)


def test_labels_that_come_later_score_what_was_answered_before(scanned: Path) -> None:
    label(scanned, "untuned")
    assert scored(scanned) == 0, "there is no label to compare with"
    label(scanned, "teacher", "--split", "test", "--limit", "2")
    assert scored(scanned) == 2
    label(scanned, "teacher", "--split", "test")
    assert scored(scanned) == on_the_test_side(scanned)


def test_what_was_left_out_and_is_taken_back_in_has_its_scores_still(scanned: Path) -> None:
    label(scanned, "teacher")
    label(scanned, "untuned")
    with open_workspace(scanned) as workspace:
        tested = [row.path for row in workspace.store.pictures.contents((Side.TEST,))]
    stillroom("exclude", *tested[1:], "-q", "--project", scanned).ok()
    compared = stillroom("compare", "--json", "--project", scanned).ok().json
    assert compared["pictures"] == compared["runs"][0]["pictures"] == 1
    stillroom("include", *tested[1:], "-q", "--project", scanned).ok()
    assert scored(scanned) == len(tested)


def test_labels_that_were_imported_score_too(scanned: Path, tmp_path: Path) -> None:
    label(scanned, "untuned")
    file = tmp_path / "labels.jsonl"
    with open_workspace(scanned) as workspace:
        names = [row.path for row in workspace.store.pictures.contents()]
    file.write_text("".join(f'{{"image": "{name}", "label": "sea, sky, sand, sun"}}\n' for name in names))
    stillroom("import", "labels", file, "-yq", "--project", scanned).ok()
    assert scored(scanned) == on_the_test_side(scanned)

"""Students that learnt from other records than would be built of their size now are named, whoever looks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.steps.world import put, stillroom

from stillroom.steps.contrasting import contrast
from stillroom.steps.workspace import open_workspace
from stillroom.store.opening import Store

OTHERS = "learnt from other records than the present labels and settings make."


def _json(project: Path, *words: str) -> dict[str, Any]:
    return stillroom(*words, "--json", "-yq", "--project", project).ok().json


def test_the_report_names_them_beside_its_table_and_so_does_the_workbench(relabeled: Path) -> None:
    written = _json(relabeled, "report")
    assert json.loads(Path(written["json"]).read_text())["cautions"] == [f"lite-10, lite-20 {OTHERS}"]
    assert f"lite-10, lite-20 {OTHERS}" in Path(written["path"]).read_text()
    with open_workspace(relabeled) as workspace:
        assert contrast(workspace).outdated == ("lite-10", "lite-20")
        assert contrast(workspace, ["untuned"]).outdated == ()


@pytest.mark.parametrize("sizes", [[20], [15], [500]])
def test_whatever_sizes_the_project_file_names(relabeled: Path, sizes: list[int]) -> None:
    put(relabeled, "training", "sizes", sizes)
    assert _json(relabeled, "compare")["remarks"] == [f"lite-10, lite-20 {OTHERS}"]


def test_a_student_that_was_deleted_is_compared_and_so_it_is_named(relabeled: Path) -> None:
    with Store.open(relabeled) as store:  # its model stays: other tests share it
        store.students.mark_deleted("lite-10", 2e9)
    assert _json(relabeled, "compare")["remarks"] == [f"lite-10, lite-20 {OTHERS}"]


def test_students_of_labels_that_have_come_back_are_not_named(distilled: Path) -> None:
    before = (distilled / "stillroom.toml").read_text()
    put(distilled, "teacher", "temperature", 0.9)
    for words in (("label", "teacher"), ("build",)):
        _json(distilled, *words)
    (distilled / "stillroom.toml").write_text(before)
    assert _json(distilled, "compare")["remarks"] == []


def test_a_records_file_that_was_lost_makes_no_student_older(distilled: Path) -> None:
    (distilled / "records" / "10.jsonl").unlink()
    assert _json(distilled, "compare")["remarks"] == []


def test_status_train_and_compare_name_the_same(relabeled: Path) -> None:
    put(relabeled, "training", "sizes", [20])
    steps = {one["step"]: one["facts"] for one in _json(relabeled, "status")["steps"]}
    assert "lite-10, lite-20 learnt from other records" in steps["train"]
    _json(relabeled, "build")
    notes = _json(relabeled, "train", "--dry-run")["plan"]["notes"]
    assert f"lite-10, lite-20 {OTHERS}" in notes
    assert _json(relabeled, "compare")["remarks"] == [f"lite-10, lite-20 {OTHERS}"]

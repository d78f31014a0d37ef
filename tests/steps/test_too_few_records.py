"""Records of a number that no job takes go no further than to the disk, and nothing is paid for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, answers, gallery, make, put, stillroom

TAKEN = "training takes 8 to 20,000"


@pytest.fixture
def small(box: Box, tmp_path: Path) -> Path:
    """A project of five pictures: four to train on, one to test with."""
    return make(tmp_path / "small", gallery(tmp_path / "five", 5, 0), box)


def test_build_says_so(distilled: Path) -> None:
    said = stillroom("build", "--size", "5", "--project", distilled).ok()
    assert f"records/5.jsonl has 5 records; {TAKEN}." in said.out
    assert TAKEN not in stillroom("build", "--size", "10", "--project", distilled).ok().out


@pytest.mark.parametrize("verb", ["upload", "train"])
def test_upload_and_train_refuse_them(distilled: Path, verb: str) -> None:
    stillroom("build", "--size", "5", "-q", "--project", distilled).ok()
    before = answers(distilled)
    said = stillroom(verb, "--size", "5", "--yes", "--project", distilled)
    said.refused(2, f"records/5.jsonl has 5 records; {TAKEN}.")
    assert answers(distilled) == before


def test_a_run_refuses_before_it_pays_for_labels(small: Path, box: Box) -> None:
    before = box.served()
    said = stillroom("run", "--yes", "--project", small)
    said.refused(2, f"4 pictures are there to train on; {TAKEN}", "stillroom run --until label")
    assert box.served() == before


def test_scan_says_so_before_anything_is_labeled(small: Path, distilled: Path) -> None:
    said = f"No student can be trained: 4 pictures are there to train on; {TAKEN}."
    assert said in stillroom("scan", "--project", small).ok().out
    assert "No student" not in stillroom("scan", "--project", distilled).ok().out


def test_a_run_that_only_labels_does(small: Path) -> None:
    stillroom("run", "--until", "label", "-yq", "--project", small).ok()
    stillroom("setup", "-yq", "--project", small).ok()
    stillroom("build", "-q", "--project", small).ok()
    status = stillroom("status", "--json", "--project", small).ok().json
    build = next(one for one in status["steps"] if one["step"] == "build")
    assert (build["state"], build["facts"]) == ("failed", f"4 training pictures have a label; {TAKEN}")
    assert (status["next"], status["command"]) == (f"Add pictures: {TAKEN} records.", "stillroom scan")


def test_while_pictures_are_still_to_be_labeled_nothing_has_failed(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    put(project, "training", "sizes", [])
    stillroom("label", "teacher", "--limit", "6", "-yq", "--project", project).ok()
    status = stillroom("status", "--json", "--project", project).ok().json
    build = next(one for one in status["steps"] if one["step"] == "build")
    assert (build["state"], build["facts"]) == ("waiting", f"6 training pictures have a label; {TAKEN}")


def test_what_cannot_be_trained_is_in_no_estimate(small: Path) -> None:
    stillroom("scan", "-q", "--project", small).ok()
    left = stillroom("cost", "--json", "--project", small).ok().json["left"]
    assert not [one["step"] for one in left if one["step"].startswith("train")]

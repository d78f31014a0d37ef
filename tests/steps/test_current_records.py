"""The current records are what the present settings and labels make; every command means the same ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.steps.world import Box, make, put, stillroom

from stillroom.errors import UsageError
from stillroom.steps.training import Train
from stillroom.steps.workspace import open_workspace


@pytest.fixture
def project(box: Box, shelf: Path, tmp_path: Path) -> Path:
    """A project that trains one student on all training pictures, 27 of them."""
    root = make(tmp_path / "project", shelf, box)
    assert "sizes = []" in (root / "stillroom.toml").read_text()
    stillroom("run", "--until", "label", "-yq", "--project", root).ok()
    return root


def _json(project: Path, *words: str) -> dict[str, Any]:
    return stillroom(*words, "--json", "-yq", "--project", project).ok().json


def _step(project: Path, name: str) -> dict[str, str]:
    found: dict[str, str] = next(one for one in _json(project, "status")["steps"] if one["step"] == name)
    return found


def _trains(project: Path) -> list[str]:
    """What `cost` still wants to train."""
    return [one["step"] for one in _json(project, "cost")["left"] if one["step"].startswith("train ")]


def test_only_the_records_of_all_training_pictures_are_trained(project: Path) -> None:
    _json(project, "exclude", "split:train name~p0")
    _json(project, "run", "--until", "upload")
    fewer = _json(project, "build")["files"][0]["records"]
    _json(project, "include", "split:train")
    every = _json(project, "build")["files"][0]["records"]
    assert fewer < every
    assert sorted(file.name for file in (project / "records").iterdir()) == [
        f"{fewer}.jsonl", f"{every}.jsonl",
    ]  # fmt: skip
    assert _trains(project) == [f"train lite-{every}"]
    assert f"{fewer}.jsonl" not in _step(project, "build")["facts"]
    validated = _json(project, "validate")["files"]
    assert [one["path"] for one in validated] == [f"records/{every}.jsonl"]
    _json(project, "upload")
    plan = _json(project, "train", "--dry-run")["plan"]
    assert plan["students"] == [f"lite-{every}"]
    assert _json(project, "run", "--until", "train")["jobs"] == 1
    assert _step(project, "train")["state"] == "done"
    assert _trains(project) == []


def test_a_size_that_is_asked_for_no_more_is_left_alone(project: Path, box: Box) -> None:
    put(project, "training", "sizes", [10])
    _json(project, "run", "--until", "upload")
    put(project, "training", "sizes", [])
    every = _json(project, "build")["files"][0]["records"]
    assert _trains(project) == [f"train lite-{every}"]
    before = len(box.bill()["training"])
    assert _json(project, "run", "--until", "train")["jobs"] == 1
    assert len(box.bill()["training"]) == before + 1


def test_records_of_other_labels_are_not_taken_for_the_present_ones(project: Path) -> None:
    _json(project, "run", "--until", "upload")
    _json(project, "exclude", "p00.jpg", "p01.jpg", "p02.jpg", "p03.jpg")
    assert _step(project, "build")["state"] == "waiting"
    assert _json(project, "status")["command"] == "stillroom build"
    for verb in ("upload", "train", "validate"):
        stillroom(verb, "-yq", "--project", project).refused(2, "present", "stillroom build")


def test_records_that_are_out_of_date_say_so(project: Path) -> None:
    put(project, "training", "sizes", [10])
    _json(project, "run", "--until", "upload")
    assert _step(project, "build")["state"] == "done"
    _json(project, "exclude", "split:train name~p0")
    assert "records/10.jsonl" in _step(project, "build")["facts"]
    assert "out of date" in _step(project, "build")["facts"]
    assert _json(project, "status")["command"] == "stillroom build"
    _json(project, "build")
    assert _step(project, "build")["state"] == "done"


def test_a_size_of_its_own_is_named_at_every_step(project: Path) -> None:
    put(project, "training", "sizes", [10, 20])
    _json(project, "run", "--until", "upload")
    _json(project, "build", "--size", "15")
    words = ("train", "--size", "15", "-yq", "--project", project)
    stillroom(*words).refused(2, "not in the bucket", "stillroom upload --size 15")
    assert _json(project, "upload", "--size", "15")["sent"] == 1
    assert [one["student"] for one in _json(project, *words[:-3])["jobs"]] == ["lite-15"]
    stillroom("upload", "--size", "16", "-yq", "--project", project).refused(2, "build --size 16")


def test_damaged_records_are_refused_before_a_price_is_shown(distilled: Path) -> None:
    put(distilled, "training", "epochs", 5)
    with open_workspace(distilled) as workspace:
        assert Train().plan(workspace).count == 2
        with (distilled / "records" / "10.jsonl").open("ab") as file:
            file.write(b"damaged\n")
        with pytest.raises(UsageError, match=r"^records/10.jsonl is not what was built\.") as refused:
            Train().plan(workspace)
        assert refused.value.todo == "Run: stillroom build"
    done = stillroom("train", "--dry-run", "--project", distilled)
    assert done.code == 2
    assert "$" not in done.out + done.err


def test_damaged_records_that_are_trained_already_hinder_nobody(distilled: Path) -> None:
    with (distilled / "records" / "10.jsonl").open("ab") as file:
        file.write(b"damaged\n")
    with open_workspace(distilled) as workspace:
        assert Train().plan(workspace).count == 0

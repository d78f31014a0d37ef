"""The plan of a run, and that of training alone, says why a student is trained again."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.steps.workspace import open_workspace

PRO = "amazon.nova-pro-v1:0:300k"


def notes(project: Path, *words: str) -> list[str]:
    """What the plan of a command, usually ``run``, says of it."""
    said = stillroom(*(words or ("run",)), "--dry-run", "--json", "--project", project).ok().json
    return [note for note in said["plan"]["notes"] if "in place of" in note or "anew" in note]


@pytest.mark.parametrize(
    ("key", "value", "new", "why"),
    [
        ("epochs", 3, "lite-10-2", "the hyperparameters have changed"),
        ("base_model", PRO, "pro-10", "the base model has changed"),
    ],
)
def test_other_settings_are_named(distilled: Path, key: str, value: object, new: str, why: str) -> None:
    assert notes(distilled) == []
    put(distilled, "training", "sizes", [10])
    put(distilled, "training", key, value)
    assert notes(distilled) == [f"{new} is trained in place of lite-10: {why} since."]


def test_other_records_are_named(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        first = min(workspace.store.pictures.contents(), key=lambda row: (row.order is None, row.order or 0))
    stillroom("exclude", first.path, "-q", "--project", distilled).ok()
    why = "its labels, pictures, prompt or bucket have changed since"
    assert notes(distilled) == [
        f"lite-10-2 is trained in place of lite-10: {why}.",
        f"lite-20-2 is trained in place of lite-20: {why}.",
    ]


def test_a_job_that_came_to_nothing_is_named(distilled: Path, box: Box) -> None:
    box.turn(faults={"job": 1.0})
    put(distilled, "training", "sizes", [12])
    assert stillroom("run", "-yq", "--project", distilled).code == 6
    box.turn(faults={"job": 0.0})
    why = "lite-12 is trained anew: its job ended as Failed."
    assert notes(distilled) == notes(distilled, "train") == [why]


def test_other_epochs_of_the_command_are_named(distilled: Path) -> None:
    found = notes(distilled, "train", "--size", "10", "--epochs", "3")
    assert found == ["lite-10-2 is trained in place of lite-10: the hyperparameters have changed since."]


def test_a_student_that_was_deleted_is_named(distilled: Path) -> None:
    stillroom("delete", "lite-10", "-yq", "--project", distilled).ok()
    found = notes(distilled, "train", "--again")
    assert found == ["lite-10-2 is trained in place of lite-10, which was deleted."]

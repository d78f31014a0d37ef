"""More labels may make other records: whoever asks for them is told that another student follows."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.pictures import Side
from stillroom.steps.orders import in_order
from stillroom.steps.workspace import open_workspace


def notes(*words: str | Path) -> list[str]:
    plan = stillroom(*words, "--dry-run", "--json").ok().json["plan"]
    return [note for note in plan["notes"] if "other records" in note]


def trained_with_failures(project: Path, box: Box, sizes: list[int], failed: int | None) -> None:
    """Train, after the teacher has refused a test picture, and one in this place among those to train on."""
    put(project, "training", "sizes", sizes)
    stillroom("scan", "-q", "--project", project).ok()
    with open_workspace(project) as workspace:
        names = [in_order(workspace, Side.TEST)[0].path]
        if failed is not None:
            names.append(in_order(workspace, Side.TRAIN)[failed].path)
    box.turn(faults={"refusal": 1.0})
    only = [word for name in names for word in ("--only", name)]
    assert stillroom("label", "teacher", "--split", "all", *only, "-yq", "--project", project).code == 6
    box.turn(faults={"refusal": 0.0})
    assert stillroom("run", "--until", "train", "-yq", "--project", project).code == 6


@pytest.mark.parametrize(("sizes", "student"), [([], "lite-26"), ([10], "lite-10")])
def test_a_retry_that_changes_the_records_of_a_student_says_so(
    project: Path, box: Box, sizes: list[int], student: str
) -> None:
    trained_with_failures(project, box, sizes, failed=3)
    (told,) = notes("retry", "teacher", "--project", project)
    made = f"With these labels other records are made than {student} learnt from: "
    assert told == made + "another student is to be trained then."
    assert notes("label", "teacher", "--project", project) == []
    assert notes("retry", "teacher", "--class", "throttled", "--project", project) == []


def test_a_retry_that_changes_none_says_nothing(project: Path, box: Box) -> None:
    trained_with_failures(project, box, [10], failed=20)
    assert notes("retry", "teacher", "--project", project) == []

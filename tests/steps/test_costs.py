"""What is still to be spent is reckoned with the prices of those who will be asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import put, stillroom

from stillroom.steps.costs import cost
from stillroom.steps.labeling import Label
from stillroom.steps.workspace import open_workspace

LITE, PRO = "amazon.nova-lite-v1:0:300k", "amazon.nova-pro-v1:0:300k"


@pytest.mark.parametrize(("trained_on", "now"), [(LITE, PRO), (PRO, LITE)])
def test_a_student_is_reckoned_with_the_base_model_that_it_was_trained_on(
    project: Path, trained_on: str, now: str
) -> None:
    put(project, "training", "base_model", trained_on)
    put(project, "training", "sizes", [10])
    stillroom("run", "--until", "train", "-yq", "--project", project).ok()
    put(project, "training", "base_model", now)
    with open_workspace(project) as workspace:
        (student,) = workspace.store.students.all()
        left = {one.step: one.usd for one in cost(workspace).left}
        assert left[f"label {student.name}"] == Label(student.name).reckon(workspace).price
        (other,) = [step for step in left if step.startswith("label ") and step != f"label {student.name}"]
        cheap, dear = sorted([f"label {student.name}", other], key=lambda step: "pro" in step)
        assert left[cheap].likely < left[dear].likely


def test_a_student_that_is_being_trained_is_reckoned_so_too(project: Path) -> None:
    put(project, "training", "sizes", [10])
    stillroom("run", "--until", "upload", "-yq", "--project", project).ok()
    stillroom("train", "-yq", "--project", project).ok()
    with open_workspace(project) as workspace:
        before = {one.step: one.usd for one in cost(workspace).left}
    put(project, "training", "base_model", PRO)
    with open_workspace(project) as workspace:
        after = {one.step: one.usd for one in cost(workspace).left}
    assert before["label lite-10"] == after["label lite-10"]

"""What is known to be refused later is refused by run's plan, before anything is paid on the way there."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

LITE = "amazon.nova-lite-v1:0"


@pytest.mark.parametrize(
    ("table", "key", "model", "what", "todo"),
    [
        ("training", "base_model", LITE, "is the id for calls, not for customization.", f"Use {LITE}:300k"),
        ("training", "base_model", "amazon.nova-micro-v1:0:128k", "Nova Micro takes text only", "Use "),
        ("training", "base_model", "amazon.nova-premier-v1:0:1000k", "cannot be customized", "Use "),
        ("student", "model", "amazon.nova-micro-v1:0", "takes text only, no pictures", "Set student.model"),
    ],
)
def test_a_model_that_cannot_do_its_part_is_told_before_labels_are_paid_for(
    project: Path, box: Box, table: str, key: str, model: str, what: str, todo: str
) -> None:
    put(project, table, key, model)
    before, jobs = box.served(), len(box.bill()["training"])
    for how in ("--dry-run", "--yes"):
        said = stillroom("run", how, "-q", "--project", project)
        said.refused(2, what, todo, "stillroom run --until ")
    assert (box.served(), len(box.bill()["training"])) == (before, jobs)
    stillroom("run", "--until", "label", "--dry-run", "-q", "--project", project).ok()


def test_a_model_that_has_nothing_left_to_do_hinders_nobody(distilled: Path) -> None:
    put(distilled, "training", "sizes", [10])
    stillroom("run", "--dry-run", "--project", distilled).ok()

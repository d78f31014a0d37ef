"""A training size that the pictures do not make is told of before another student is paid for, and after."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, make, stillroom

_LABELED = "Training size 500 cannot be met: 27 training pictures have a label."


@pytest.fixture
def too_large(box: Box, shelf: Path, tmp_path: Path) -> Path:
    return make(tmp_path / "large", shelf, box, sizes=(500,))


def test_the_plan_of_a_run_and_its_result_tell_of_it(too_large: Path) -> None:
    plan = stillroom("run", "--dry-run", "--json", "--project", too_large).ok().json["plan"]
    assert "Training size 500 cannot be met: 27 pictures are there to train on." in plan["notes"]
    labels = stillroom("run", "--until", "label", "-yq", "--json", "--project", too_large).ok().json
    assert labels["remarks"] == []
    built = stillroom("run", "--until", "build", "-yq", "--json", "--project", too_large).ok().json
    assert built["remarks"] == [_LABELED]
    plan = stillroom("run", "--dry-run", "--json", "--project", too_large).ok().json["plan"]
    assert _LABELED in plan["notes"]
    said = stillroom("run", "--until", "upload", "-yq", "--project", too_large).ok()
    assert _LABELED in said.out
    plan = stillroom("train", "--dry-run", "--json", "--project", too_large).ok().json["plan"]
    assert _LABELED in plan["notes"]


def test_the_standing_tells_of_it_as_soon_as_pictures_are_split(too_large: Path) -> None:
    before = stillroom("status", "--project", too_large).ok()
    assert "cannot be met" not in before.out
    stillroom("scan", "-yq", "--project", too_large).ok()
    assert "training size 500 cannot be met" in stillroom("status", "--project", too_large).ok().out


def test_sizes_that_are_met_need_no_word(distilled: Path) -> None:
    assert "cannot be met" not in stillroom("run", "--project", distilled).ok().out

"""A service that fails every call stops a labeling run in the end; the same command asks them all again."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from tests.steps.world import Box, stillroom

from stillroom.labeling import RetryPolicy
from stillroom.labeling.run import Conduct
from stillroom.steps import conversing


def test_no_picture_is_failed_by_an_outage(project: Path, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    box.turn(faults={"error_5xx": 1.0})
    impatient = RetryPolicy(base=0.05, cap=0.2, total_wait=1.0)
    monkeypatch.setattr(conversing, "Conduct", partial(Conduct, retry=impatient))
    label = ("label", "teacher", "-yq", "--limit", "12", "--project", project)
    said = stillroom(*label)
    said.refused(
        1, "teacher has failed every call for too long (", "To go on from there: stillroom label teacher"
    )
    assert "0 answered and kept, 12 left; $0.00 was paid" in said.err
    box.turn(faults={"error_5xx": 0.0})
    assert stillroom(*label, "--json").ok().json["done"] == 12

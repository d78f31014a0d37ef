"""What asking is reckoned to take."""

from __future__ import annotations

from pathlib import Path

from tests.steps.world import stillroom

from stillroom.steps.asking import USUAL_SECONDS, time_of
from stillroom.steps.targets import TEACHER, target
from stillroom.steps.workspace import open_workspace


def test_many_calls_at_a_time_take_no_less_than_one(project: Path) -> None:
    stillroom("scan", "--project", project).ok()
    with open_workspace(project) as workspace:
        spec = target(workspace, TEACHER).spec
        at_once = workspace.settings.limits.concurrency
        assert time_of(workspace, spec, 0).high == 0
        assert time_of(workspace, spec, 1).likely == USUAL_SECONDS
        assert time_of(workspace, spec, 100 * at_once).likely == 100 * USUAL_SECONDS

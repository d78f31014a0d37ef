"""A run that another process has paused is told as paused: nobody waits for what does not go on by itself."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.steps.world import stillroom

from stillroom.steps.run_views import runs_view
from stillroom.steps.standing import status
from stillroom.steps.targets import TEACHER, target
from stillroom.steps.workspace import open_workspace


def test_a_paused_run_is_not_called_running(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    with open_workspace(project) as workspace, open_workspace(project) as window:
        run = workspace.store.runs.start_or_find(target(workspace, TEACHER).spec)

        def told() -> tuple[str, str]:
            (step,) = (step for step in status(window).steps if step.step == "label teacher")
            return step.state, step.facts

        with workspace.store.runs.claim(run.id):
            journal = workspace.store.runs.journal(run.id, lambda outcome: Decimal(0))
            journal.pause(True)
            shown = runs_view(window, TEACHER).shown
            assert shown is not None
            assert shown.paused
            assert told() == ("paused", "0/30 · paused here")
            assert "‖  label teacher" in stillroom("status", "--project", project).ok().out
            assert status(window).next == "teacher is paused here: go on with it, or stop it."
            journal.pause(False)
            assert status(window).next == "teacher is being labeled."
            assert told() == ("running", "0/30 · running here")

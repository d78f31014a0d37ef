"""However a run ends, it says what it did and who is still deployed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import put, stillroom

from stillroom.errors import Interrupted
from stillroom.steps.labeling import Label, LabelPlan
from stillroom.steps.pipeline import Run
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import Workspace, open_workspace


def test_a_run_that_the_budget_stops_says_what_was_done(project: Path) -> None:
    put(project, "limits", "budget", 0.02)
    said = stillroom("run", "-yq", "--project", project)
    said.refused(5, "The budget is reached", "Done before: scan, setup.", "limits.budget")


def test_a_run_that_is_stopped_names_who_is_still_deployed(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(distilled, "student", "temperature", 0.1)
    whole = Label.execute

    def stopped(self: Label, workspace: Workspace, plan: LabelPlan, watch: Watch) -> object:
        if self.name == "lite-10":
            raise Interrupted("Stopped.", "The same command goes on from there.")
        return whole(self, workspace, plan, watch)

    monkeypatch.setattr(Label, "execute", stopped)
    with open_workspace(distilled) as workspace:
        run = Run()
        with pytest.raises(Interrupted) as stop:
            run.execute(workspace, run.plan(workspace), Watch())
    assert stop.value.todo == (
        "The same command goes on from there. lite-10 and lite-20 are still deployed. "
        "To remove them: stillroom run, or stillroom undeploy NAME"
    )
    monkeypatch.undo()
    assert stillroom("run", "-yq", "--json", "--project", distilled).ok().json["remarks"] == []


def test_a_run_says_that_what_was_deployed_by_hand_stays(distilled: Path) -> None:
    stillroom("deploy", "lite-10", "-yq", "--project", distilled).ok()
    found = stillroom("run", "-yq", "--json", "--project", distilled).ok().json
    assert found["remarks"] == ["lite-10 is still deployed. To remove it: stillroom undeploy lite-10"]
    said = stillroom("run", "-yq", "--project", distilled).ok().out
    assert "note: lite-10 is still deployed. To remove it: stillroom undeploy lite-10" in said

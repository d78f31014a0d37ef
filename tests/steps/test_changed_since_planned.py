"""What changes between a plan and its end: nothing is done beyond it, and what was done is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, stillroom

from stillroom.errors import BudgetReached
from stillroom.pictures import Side
from stillroom.steps.labeled import LabelResult
from stillroom.steps.labeling import Label, LabelPlan
from stillroom.steps.pipeline import Run
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import Workspace, open_workspace


def _names(workspace: Workspace, side: Side) -> list[str]:
    return [row.path for row in workspace.store.pictures.contents((side,))]


def test_students_together_are_paid_no_more_than_was_agreed_to(
    uploaded: Path, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the first one was asked about its one picture, others are taken back in for the second."""
    stillroom("label", "teacher", "-yq", "--project", uploaded)
    execute, asked = Label.execute, []

    def takes_back_in(self: Label, workspace: Workspace, plan: LabelPlan, watch: Watch) -> LabelResult:
        result = execute(self, workspace, plan, watch)
        if self.name.startswith("lite"):
            asked.append((self.name, plan.count))
            if len(asked) == 1:
                stillroom("include", test[1], "--project", uploaded).ok()
        return result

    with open_workspace(uploaded) as workspace:
        test = _names(workspace, Side.TEST)
        stillroom("exclude", *test[1:], "--project", uploaded).ok()
        run = Run(until="deploy")
        plan = run.plan(workspace)
        monkeypatch.setattr(Label, "execute", takes_back_in)
        with pytest.raises(BudgetReached, match=r"was agreed to, of which \$\S+ is paid"):
            run.execute(workspace, plan, Watch())
    assert asked == [("lite-10", 1)]

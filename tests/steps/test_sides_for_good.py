"""Nobody agrees to a price, nor pays one, that rests on sides which another plan takes back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.steps.world import Box, draw, gallery, make, stillroom

from stillroom.errors import Interrupted, StoreBusy, UsageError
from stillroom.pictures import Side
from stillroom.steps.labeling import Label, LabelPlan
from stillroom.steps.pipeline import Run, _Made
from stillroom.steps.plan import Watch
from stillroom.steps.scan import split_for_a_plan
from stillroom.steps.workspace import Workspace, open_workspace


@pytest.fixture
def root(box: Box, tmp_path: Path) -> Path:
    """A project whose pictures have their sides, and whose folder is its own."""
    made = make(tmp_path / "project", gallery(tmp_path / "pictures"), box)
    stillroom("scan", "-q", "--project", made).ok()
    return made


def add_pictures(root: Path) -> None:
    for number in range(6):
        draw(root.parent / "pictures" / f"new{number}.jpg", 1000 + number)


def test_nobody_plans_with_sides_that_another_plan_is_about_to_take_back(project: Path) -> None:
    busy = "Another part of this process is deciding which picture goes to which side"
    with open_workspace(project) as workspace, open_workspace(project) as other:
        with split_for_a_plan(workspace), pytest.raises(StoreBusy, match=busy) as refused:
            Label("teacher").plan(other)
        assert refused.value.todo == "Wait for it."  # there is nothing to stop but oneself
        with pytest.raises(UsageError, match="No picture has been scanned yet"):
            Label("teacher").plan(other)


def test_a_split_for_a_plan_that_begins_while_another_plan_is_made_spoils_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Label.reckon
    with open_workspace(root) as workspace, open_workspace(root) as other, ExitStack() as meanwhile:

        def reckon(self: Label, at: Workspace) -> LabelPlan:
            workspace.store.pictures.forget_sides([at.store.pictures.contents((Side.TRAIN,))[0].content])
            meanwhile.enter_context(split_for_a_plan(workspace))
            return whole(self, at)

        monkeypatch.setattr(Label, "reckon", reckon)
        with pytest.raises(StoreBusy):
            Label("teacher").plan(other)


def test_a_split_for_a_plan_that_begins_and_ends_while_another_plan_is_made_leaves_nothing_in_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, reckoned = Label.reckon, []
    with open_workspace(root) as workspace, open_workspace(root) as other:

        def reckon(self: Label, at: Workspace) -> LabelPlan:
            if reckoned:
                return whole(self, at)
            add_pictures(root)
            with split_for_a_plan(workspace):
                reckoned.append(whole(self, at))
            return reckoned[0]

        monkeypatch.setattr(Label, "reckon", reckon)
        assert Label("teacher").plan(other).count == 30
        assert reckoned[0].count == 36


@pytest.mark.parametrize("label", [_Made.label_teacher, _Made.students])
def test_a_run_pays_for_nothing_on_sides_that_another_plan_takes_back(
    root: Path, box: Box, label: Callable[[_Made], None]
) -> None:
    with open_workspace(root) as workspace, open_workspace(root) as other, ExitStack() as splitting:
        plan = Run().plan(workspace)
        made = _Made(workspace, plan, _Ends(splitting), trains=True, compares=True)
        add_pictures(root)
        before = box.served()
        splitting.enter_context(split_for_a_plan(other))
        label(made)
    assert box.served() - before == (plan.about["label teacher"] if label is _Made.label_teacher else 0)


def test_a_run_that_waits_for_another_plan_can_be_stopped(root: Path) -> None:
    with open_workspace(root) as workspace, open_workspace(root) as other:
        watch = Watch()
        made = _Made(workspace, Run().plan(workspace), watch, trains=True, compares=True)
        watch.signals.cancel()
        add_pictures(root)
        with split_for_a_plan(other), pytest.raises(Interrupted, match="another process was splitting"):
            made.label_teacher()


class _Ends(Watch):
    """While this one waits, the other's plan comes to its end."""

    def __init__(self, splitting: ExitStack) -> None:
        super().__init__()
        object.__setattr__(self, "splitting", splitting)

    def wait(self, seconds: float, stopped: str, todo: str) -> None:
        self.splitting.close()  # type: ignore[attr-defined]

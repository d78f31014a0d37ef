"""What asking is reckoned to take."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import stillroom

from stillroom.aws import quotas
from stillroom.background import Progress, Slot
from stillroom.errors import PermissionRefused, StillroomError, Unreachable
from stillroom.steps.asking import USUAL_SECONDS, resolved_pace, time_of
from stillroom.steps.labeling import Label
from stillroom.steps.plan import Watch
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


@pytest.mark.parametrize("fault", [PermissionRefused, Unreachable])
def test_quotas_that_cannot_be_read_bound_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch, fault: type[StillroomError]
) -> None:
    """A closed network often lets Bedrock in and Service Quotas not."""

    def refuse(session: object) -> tuple[quotas.Quota, ...]:
        raise fault("no quotas", "")

    monkeypatch.setattr(quotas, "list_quotas", refuse)
    with open_workspace(project) as workspace:
        wanted = target(workspace, TEACHER)
        pace = resolved_pace(workspace, wanted, wanted.spec.model)
        assert pace.concurrency == workspace.settings.limits.concurrency
        assert (pace.requests_per_minute, pace.tokens_per_minute) == (None, None)


def test_a_pause_that_comes_with_the_last_answer_holds_up_no_later_step(project: Path) -> None:
    stillroom("scan", "--project", project).ok()
    watch = Watch(Late())
    assert isinstance(watch.slot, Late)
    watch.slot.pause = watch.signals.paused.set
    step = Label(TEACHER, limit=3)
    with open_workspace(project) as workspace:
        step.execute(workspace, step.plan(workspace), watch)
    assert watch.slot.paused
    assert not watch.signals.paused.is_set()


class Late(Slot):
    """Pauses when all answers are there."""

    paused = False

    def put(self, progress: Progress) -> None:
        super().put(progress)
        if progress.doing.startswith("label") and progress.done == progress.total:
            self.paused = True
            self.pause()

    def pause(self) -> None:
        """Set by the test."""
        raise NotImplementedError

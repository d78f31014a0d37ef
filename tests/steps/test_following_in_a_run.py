"""A run that is stopped while its jobs train says what goes on with all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.background import Progress, Signals, Slot
from stillroom.errors import Interrupted
from stillroom.steps.job_views import job_view
from stillroom.steps.pipeline import Run
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import open_workspace


class _Stopped(Slot):
    """Somebody presses Ctrl-C as soon as the jobs are followed."""

    def __init__(self, signals: Signals) -> None:
        super().__init__()
        self._signals = signals
        self.told: Progress | None = None

    def put(self, progress: Progress) -> None:
        if (progress.doing, progress.unit) == ("train", "jobs"):
            self.told = progress
            self._signals.cancel()


def test_a_run_that_was_stopped_while_jobs_train_goes_on_as_a_run(uploaded: Path, box: Box) -> None:
    stillroom("label", "untuned", "-yq", "--project", uploaded).ok()
    box.turn(speed=1.0)
    signals = Signals()
    with open_workspace(uploaded) as workspace, pytest.raises(Interrupted) as stopped:
        run = Run()
        run.execute(workspace, run.plan(workspace), Watch(_Stopped(signals), signals))
    assert stopped.value.what == (
        "Stopped watching; the jobs go on. Done before: scan, setup, label, build, validate, upload."
    )
    assert stopped.value.todo == "To go on from there: stillroom run"
    with open_workspace(uploaded) as workspace:
        left = max(job_view(workspace, job).left or 0.0 for job in workspace.store.jobs.all())
        time = Run().plan(workspace).time
        assert time is not None
        assert time.likely > left > 60  # a job that is under way has to be waited for, too


def test_only_the_jobs_that_are_waited_for_are_counted(distilled: Path, box: Box) -> None:
    put(distilled, "training", "sizes", [10])
    put(distilled, "training", "epochs", 3)
    box.turn(speed=1.0)
    signals = Signals()
    slot = _Stopped(signals)
    with open_workspace(distilled) as workspace, pytest.raises(Interrupted):
        run = Run()
        run.execute(workspace, run.plan(workspace), Watch(slot, signals))
    assert slot.told is not None
    assert (slot.told.done, slot.told.total) == (0, 1), "two have ended before"

"""Ctrl-C twice while a call hangs: the command leaves with 130 all the same."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from stillroom.cli import drive
from stillroom.cli.options import Common
from stillroom.errors import Interrupted
from stillroom.steps.plan import Plan, Watch
from stillroom.steps.workspace import Workspace


class _Hangs:
    """Work that asks no signal, as a call into a library does."""

    def __init__(self) -> None:
        self.began, self.end = threading.Event(), threading.Event()

    def plan(self, workspace: Workspace | None) -> Plan:
        return Plan(verb="hang", title="Hang", count=1, command="stillroom hang")

    def execute(self, workspace: Workspace | None, plan: Plan, watch: Watch) -> None:
        self.began.set()
        self.end.wait(30)


def test_the_second_interruption_leaves_a_call_that_hangs(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
):
    monkeypatch.setattr(drive, "_LAST_WORDS", 0.01)
    step = _Hangs()

    def press() -> None:
        step.began.wait(20)
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)

    pressing = threading.Thread(target=press)
    pressing.start()
    try:
        with pytest.raises(Interrupted, match="Left at once"):
            drive.drive_alone(Common(), None, step)
    finally:
        step.end.set()
        pressing.join()
    assert "Ctrl-C again leaves at once" in capfd.readouterr().err

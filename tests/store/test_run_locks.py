"""Labeling and judging keep each other out, and who has come to label is not turned away by a judge."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stillroom.errors import Interrupted, StoreBusy
from stillroom.store.run_locks import RunLocks

PATIENCE = 20.0
"""Seconds."""


@pytest.fixture
def run_locks(tmp_path: Path) -> RunLocks:
    return RunLocks(tmp_path / "locks")


def test_labeling_waits_until_nobody_judges(run_locks: RunLocks) -> None:
    inside = threading.Event()

    def label() -> None:
        with run_locks.labeling(1):
            inside.set()

    thread = threading.Thread(target=label)
    with run_locks.judging(1):
        thread.start()
        while run_locks.holder(1) is None:
            assert thread.is_alive()
        assert not inside.is_set()
    thread.join(PATIENCE)
    assert inside.is_set()
    assert run_locks.holder(1) is None


JUDGE = """
import sys
from pathlib import Path
from stillroom.store.run_locks import RunLocks
with RunLocks(Path(sys.argv[1])).judging(1):
    print("judging", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def judge(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that judges and does not come to an end, as one that was suspended."""
    command = [sys.executable, "-c", JUDGE, str(tmp_path / "locks")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "judging\n"
        yield process
        process.kill()


def test_labeling_does_not_wait_for_ever_and_says_for_whom(
    tmp_path: Path, judge: subprocess.Popen[str]
) -> None:
    run_locks = RunLocks(tmp_path / "locks", patience=0.1)
    with pytest.raises(StoreBusy) as refused, run_locks.labeling(1):
        pass
    assert refused.value.pid == judge.pid
    assert refused.value.what == f"Process {judge.pid} is judging this run's answers anew."
    assert run_locks.holder(1) is None
    with run_locks.labeling(2):
        pass


def test_who_waits_for_a_judge_can_be_stopped(run_locks: RunLocks, judge: subprocess.Popen[str]) -> None:
    cancelled, said = threading.Event(), []

    def label() -> None:
        with pytest.raises(Interrupted) as stopped, run_locks.labeling(1, cancelled):
            pass
        said.append(stopped.value.what)

    thread = threading.Thread(target=label, daemon=True)
    thread.start()
    while run_locks.holder(1) is None:
        assert thread.is_alive()
    cancelled.set()
    thread.join(PATIENCE)
    assert said == [f"Stopped: process {judge.pid} is judging this run's answers anew."]
    assert run_locks.holder(1) is None


def test_nobody_judges_while_somebody_labels_or_judges(run_locks: RunLocks) -> None:
    with run_locks.labeling(1):
        with pytest.raises(StoreBusy, match="labeling"), run_locks.judging(1):
            pass
        with run_locks.judging(2):
            pass
    with run_locks.judging(1), pytest.raises(StoreBusy, match="judging"), run_locks.judging(1):
        pass
    with run_locks.labeling(1):
        pass

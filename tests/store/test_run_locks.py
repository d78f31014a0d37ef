"""Labeling and judging keep each other out, and who has come to label is not turned away by a judge."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from stillroom.errors import StoreBusy
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

"""Who has a run: one process labels in it, and nobody judges its answers anew meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from stillroom.errors import Interrupted
from stillroom.store import locks
from stillroom.store.exclusion import alone, busy

LABELING: Final = "is labeling this run"
_JUDGING: Final = "is judging this run's answers anew"
_LOOK: Final = 0.02
"""Seconds between two looks whether answers are still being judged."""
_PATIENCE: Final = 60.0
"""Most seconds that labeling waits: who judges may have been suspended, and nobody knows for how long."""


class RunLocks:
    """Locks of labeling runs.

    Whoever looks at a run may find its answers judged by other bounds, and judges them: that must turn away
    nobody who has come to label. So labeling waits for it. Either sets its own lock before it looks at the
    other's: of two that come together one sees the other.
    """

    def __init__(self, folder: Path, *, patience: float = _PATIENCE) -> None:
        self._folder = folder
        self._patience = patience

    def holder(self, run_id: int) -> int | None:
        """Process id of the process that labels; None: nobody does."""
        return locks.holder(self._labeling(run_id))

    @contextmanager
    def labeling(self, run_id: int, cancelled: threading.Event | None = None) -> Iterator[None]:
        """Hold the run while the block runs; waits until nobody judges.

        Args:
            run_id: The run.
            cancelled: Set when it is to wait no longer.

        Raises:
            StoreBusy: Another process (or another part of this one) holds it, or judges for too long.
            Interrupted: ``cancelled`` was set while it waited.
            StorageFull: The project folder cannot be written.
        """
        with alone(self._labeling(run_id), LABELING):
            pause, until = cancelled or threading.Event(), time.monotonic() + self._patience
            while (held := locks.holder(self._judging(run_id))) is not None:
                judge = busy(held, _JUDGING)
                if pause.wait(_LOOK):
                    raise Interrupted(
                        f"Stopped: {judge.what[0].lower()}{judge.what[1:]}", "Nobody was asked."
                    )
                if time.monotonic() > until:
                    raise judge
            yield

    @contextmanager
    def judging(self, run_id: int) -> Iterator[None]:
        """Keep other judges and all labeling out while the block runs.

        Raises:
            StoreBusy: Somebody judges, or labels.
            StorageFull: The project folder cannot be written.
        """
        with alone(self._judging(run_id), _JUDGING):
            if (held := self.holder(run_id)) is not None:
                raise busy(held, LABELING)
            yield

    def _labeling(self, run_id: int) -> Path:
        return self._folder / f"run-{run_id:d}.lock"

    def _judging(self, run_id: int) -> Path:
        return self._folder / f"judge-{run_id:d}.lock"

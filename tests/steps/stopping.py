"""Breaking work off at a moment that does not hang on time."""

from __future__ import annotations

from stillroom.background import Progress, Signals, Slot


class StopsAfter(Slot):
    """Presses Ctrl-C when so many snapshots have been reported."""

    def __init__(self, signals: Signals, count: int) -> None:
        super().__init__()
        self._signals, self._left = signals, count

    def put(self, progress: Progress) -> None:
        super().put(progress)
        self._left -= 1
        if self._left == 0:
            self._signals.cancel()

"""Time as the machine tells it."""

from __future__ import annotations

import time


class SystemClock:
    """The `Clock` of every run outside tests."""

    def now(self) -> float:
        """Unix time in seconds; may jump."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since some moment; never jumps."""
        return time.monotonic()

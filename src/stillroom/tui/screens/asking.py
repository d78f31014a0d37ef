"""What asks: it takes no agreement before a person can have seen what is asked."""

from __future__ import annotations

import time
from math import inf
from typing import Final

from textual import events
from textual.timer import Timer

from stillroom.tui.screens.dialog import Dialog

MOMENT: Final = 0.4
"""Seconds for which it is shown before it can be agreed to.

The two presses of a double one lie at most a quarter of a second apart, and nobody reads a price in less.
"""


class Asking(Dialog[bool]):
    """A dialog that gives True when it was agreed to, by the first action of its last line.

    The key that agrees is named, in its place in the last line, as soon as it does something. Pressed before,
    it does nothing then or later, and the moment begins anew: who presses it again and again, or holds it
    down, reads nothing. Leaving is possible at once.
    """

    agrees_from = inf
    """Time on the process's clock from which on a key press agrees; infinite until it is drawn."""

    _moment: Timer | None = None

    def on_screen_resume(self) -> None:
        self._wait_until(inf)
        self.call_after_refresh(self._drawn)

    def turn_tiny(self) -> None:
        super().turn_tiny()
        self._wait_until(inf)  # what is seen again is seen for a moment first
        if not self.tiny:
            self.call_after_refresh(self._drawn)

    def _drawn(self) -> None:
        if not self.tiny:
            self._wait_until(time.monotonic() + MOMENT)

    def _wait_until(self, then: float) -> None:
        self.agrees_from = then
        if self._moment is not None:
            self._moment.stop()
        # A key may arrive when the moment is over already.
        if 0 < (left := then - time.monotonic()) < inf:
            self._moment = self.set_timer(left, self._over)
        self._tell_keys()

    def _over(self) -> None:
        self.agrees_from = min(self.agrees_from, time.monotonic())  # timers are a little early
        self._tell_keys()

    def on_key(self, event: events.Key) -> None:
        """Swallow an agreement that was pressed too early, however late it arrives."""
        active = self.active_bindings.get(event.key)
        if active is not None and active.binding.id == self.HINT[0] and event.time < self.agrees_from:
            event.stop()
            self._wait_until(max(self.agrees_from, event.time + MOMENT))

    @property
    def untold(self) -> str:
        return "" if time.monotonic() >= self.agrees_from else self.key(self.HINT[0])

    def action_leave_dialog(self) -> None:
        self.dismiss(False)

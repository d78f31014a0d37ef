"""The sandbox's clock: wall time times speed, running on while the sandbox is stopped."""

from __future__ import annotations

import json
from collections.abc import Callable

from stillroom.sandbox.state import State


class Clock:
    """Sandbox seconds since the sandbox's first start. Time stamps in answers are wall time, not these."""

    def __init__(self, state: State, speed: float, wall: Callable[[], float]) -> None:
        """Continue the clock of a state, or start it.

        Args:
            state: Where the anchor is kept.
            speed: Sandbox seconds a wall second.
            wall: Unix time in seconds.
        """
        self._state = state
        self.wall = wall
        kept = state.note("clock")
        if kept is None:
            self._from_wall, self._from_clock, self._speed = wall(), 0.0, speed
        else:
            self._from_wall, self._from_clock, self._speed = json.loads(kept)
        self.turn(speed)

    def now(self) -> float:
        """Sandbox seconds. Never runs backwards while the wall clock is only set back for a while."""
        return self._from_clock + max(0.0, self.wall() - self._from_wall) * self._speed

    def turn(self, speed: float) -> None:
        """Change the speed; what has passed stays passed."""
        self._from_clock, self._from_wall, self._speed = self.now(), self.wall(), speed
        self._state.keep_note("clock", json.dumps([self._from_wall, self._from_clock, speed]))

    def wall_until(self, when: float) -> float:
        """Wall seconds from now until a moment of this clock; 0 when it has passed."""
        return max(0.0, (when - self.now()) / self._speed)

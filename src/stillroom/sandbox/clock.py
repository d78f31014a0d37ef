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
        self._seen: float = self._from_wall
        """The wall time of the last look."""
        self.turn(speed)

    def now(self) -> float:
        """Sandbox seconds. When the wall clock is set back they go on from where they were."""
        wall = self.wall()
        if wall < self._seen:
            self._anchor(wall, self._at(self._seen), self._speed)
        self._seen = wall
        return self._at(wall)

    def turn(self, speed: float) -> None:
        """Change the speed; what has passed stays passed."""
        now = self.now()
        self._anchor(self._seen, now, speed)

    def rest(self) -> None:
        """Remember where it stands, for a later start that finds the wall clock set back."""
        self.turn(self._speed)

    def _at(self, wall: float) -> float:
        return self._from_clock + (wall - self._from_wall) * self._speed

    def _anchor(self, wall: float, clock: float, speed: float) -> None:
        self._from_wall, self._from_clock, self._speed = wall, clock, speed
        self._state.keep_note("clock", json.dumps([wall, clock, speed]))

    def wall_until(self, when: float) -> float:
        """Wall seconds from now until a moment of this clock; 0 when it has passed."""
        return max(0.0, (when - self.now()) / self._speed)

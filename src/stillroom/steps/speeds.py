"""How fast a sandbox's clock has run: what was reckoned under one speed stays when the knob is turned."""

from __future__ import annotations

import json
from itertools import pairwise

FACT = "sandbox_speeds"
"""Fact of the store that holds the history: pairs of Unix time and speed, from each moment on."""


def faster_words(speed: float) -> str:
    """How fast a sandbox's clock runs, as the middle of a sentence; empty where it runs as ours does."""
    return "" if speed == 1 else f"time runs {speed:,.0f} times as fast"


def with_speed(history: str | None, speed: float, now: float, before: float | None) -> str | None:
    """The history, with a speed that was just seen.

    Nobody knows when the knob was turned: the earlier speed counts until the new one was seen. What was
    noted while our clock was ahead is dropped: no hour counts twice.

    Args:
        history: As stored; None: nothing is known.
        speed: Seconds of the sandbox a second of ours.
        now: Unix time.
        before: The speed as it was last seen; None: never.

    Returns:
        None when it is not news.
    """
    known = json.loads(history) if history else [[0.0, speed if before is None else before]]
    if known[-1][1] == speed:
        return None if history else json.dumps(known)
    return json.dumps([*(one for one in known if one[0] <= now), [now, speed]])


def seconds_there(history: str, since: float, until: float) -> float:
    """Seconds that passed on the sandbox's clock between two Unix times; 0 when ``until`` is earlier."""
    known: list[tuple[float, float]] = [*json.loads(history), (float("inf"), 0.0)]
    return sum(
        max(0.0, min(until, end) - max(since, begin)) * speed for (begin, speed), (end, _) in pairwise(known)
    )

"""When to look at a job again."""

from __future__ import annotations

from stillroom.training.jobs import FINISHED

FIRST_SECONDS = 5.0
LONGEST_SECONDS = 60.0
"""30–60 s is plenty for a job that takes hours; there is no waiter."""
SHORTEST_SECONDS = 0.25
"""A sandbox at high speed finishes jobs in seconds, and is not to be asked more often."""
JITTER = 0.1


def next_look(status: str, age: float, *, jitter: float, speed: float = 1.0) -> float | None:
    """Seconds until the next look at a job or a deployment.

    A young job is looked at often, because validation failures surface early; an old one once a minute.

    Args:
        status: The status as last seen.
        age: Seconds since it was created; negative (a clock that jumped) counts as 0.
        jitter: A random number 0–1, so that several watchers do not look at the same moment.
        speed: How much faster the service's clock runs (the sandbox's knob); 1 on AWS.

    Returns:
        The delay, between 4.5 s and 66 s at speed 1; None when the status is final.
    """
    if status in FINISHED:
        return None
    delay = min(LONGEST_SECONDS, max(FIRST_SECONDS, max(0.0, age) * 0.1)) / max(speed, 1e-9)
    return delay * (1 - JITTER + 2 * JITTER * min(1.0, max(0.0, jitter)))


def after_failure(failures: int, *, jitter: float) -> float:
    """Seconds until the next look after so many failed looks in a row: 5 s, doubling up to 5 minutes."""
    return min(300.0, FIRST_SECONDS * 2.0 ** min(failures, 10)) * (1 - JITTER + 2 * JITTER * jitter)

"""The labeling run: one thread owns the journal and the money, many threads ask."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable

from stillroom.labeling.clock import SystemClock
from stillroom.labeling.crew import Question, ThreadCrew
from stillroom.labeling.pacing import Pacer, Valve
from stillroom.labeling.progress import Progress, RunResult
from stillroom.labeling.retrying import RetryPolicy
from stillroom.labeling.run import Run, Signals, look_ahead
from stillroom.labeling.tally import Tally
from stillroom.labeling.values import Accept, Ask, Clock, Inference, Item, Journal, Meter, Pace, Prompt


def label(
    items: Iterable[Item],
    *,
    total: int,
    ask: Ask,
    accept: Accept,
    journal: Journal,
    meter: Meter,
    pace: Pace,
    prompt: Prompt,
    inference: Inference,
    clock: Clock | None = None,
    cancelled: threading.Event | None = None,
    abandoned: threading.Event | None = None,
    paused: threading.Event | None = None,
    report: Callable[[Progress], None] | None = None,
    retry: RetryPolicy | None = None,
    chance: Callable[[], float] = random.random,
    grace: float = 60.0,
) -> RunResult:
    """Ask a model about every item that is given, and store each answer before it counts.

    Runs in the caller's thread, which alone touches journal and meter; blocks until the run has ended.

    Args:
        items: What is left to ask; read as the run goes, from the caller's thread.
        total: How many they are.
        ask: The model; called from ``pace.concurrency`` threads.
        accept: Judges answers; called from those threads too.
        journal: Stores intents before their calls and outcomes before they count.
        meter: Admits or refuses each attempt.
        pace: Bounds; "auto" has been resolved by the caller.
        prompt: What is asked.
        inference: How it is asked.
        clock: Time; the machine's when None.
        cancelled: Once set, no new call is made; answers under way are awaited for ``grace`` seconds.
        abandoned: Once set, the run returns at once; what is in flight stays "outcome unknown".
        paused: While set, no new call is made.
        report: Gets a progress up to ten times a second and one at the end, in the caller's thread.
        retry: Backoff and bounds of repeated attempts.
        chance: Gives numbers in [0, 1) for the jitter.
        grace: Seconds that a cancelled run waits for answers under way.

    Returns:
        How the run ended. A refusal or a reached budget is a result, not an exception.

    Raises:
        StillroomError: The journal cannot store. Answers under way are awaited and offered once more first.
    """
    clock = clock or SystemClock()
    question = Question(ask, accept, prompt, inference, clock)
    valve = Valve(pace.concurrency)
    pacer = Pacer(pace, inference, clock.monotonic())
    crew = ThreadCrew(question.attempt, max(1, min(pace.concurrency, total)))
    run = Run(
        source=iter(items),
        crew=crew,
        journal=journal,
        meter=meter,
        pacer=pacer,
        valve=valve,
        retry=retry or RetryPolicy(),
        clock=clock,
        chance=chance,
        signals=Signals(
            cancelled or threading.Event(), abandoned or threading.Event(), paused or threading.Event()
        ),
        tally=Tally(total, clock.monotonic()),
        report=report,
        grace=grace,
        ahead=look_ahead(pace.concurrency),
    )
    return run.go()

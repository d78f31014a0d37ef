"""The threads that ask: they take begun attempts, make one call each and hand the outcome back."""

from __future__ import annotations

import contextlib
import hashlib
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from stillroom.labeling.clock import SystemClock
from stillroom.labeling.retrying import stops
from stillroom.labeling.values import (
    Accept,
    Answer,
    Ask,
    AskFailed,
    Clock,
    FailureClass,
    Inference,
    Item,
    Outcome,
    Prompt,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt whose intent is stored."""

    attempt: int
    """Id that the journal gave."""
    item: Item


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt that is over."""

    outcome: Outcome
    error: AskFailed | None = None
    """How the model refused; None when it answered or was not asked."""
    fault: Exception | None = None
    """A fault of the program; the run's thread raises it after storing the outcome."""


class Crew(Protocol):
    """Who makes the calls. The run's thread is the only one that uses it."""

    def hand(self, begun: Sequence[Begun]) -> None:
        """Give attempts to be made, in order."""
        ...

    def take(self, timeout: float) -> list[Ended]:
        """Wait up to ``timeout`` seconds for the first attempt to end; give all that have."""
        ...

    def withdraw(self) -> list[Begun]:
        """Take back the attempts that nobody has started."""
        ...

    def close(self, *, wait: bool) -> None:
        """Let everyone go; with ``wait``, return when they have gone."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """What one attempt does: read the prepared bytes, ask once, judge the answer."""

    ask: Ask
    """The model; called from as many threads as the pace allows."""
    accept: Accept
    """Judges answers; called from those threads too."""
    prompt: Prompt
    inference: Inference
    clock: Clock = field(default_factory=SystemClock)
    """Time; the machine's unless a test has its own."""

    def attempt(self, begun: Begun) -> Ended:
        """Make one attempt; a prepared file that is gone or changed ends it without a call. Never raises."""
        started, since = self.clock.now(), self.clock.monotonic()
        item = begun.item
        try:
            picture = Path(item.prepared).read_bytes()
        except OSError as trouble:
            reason = f"the prepared file cannot be read: {trouble.strerror or trouble}"
            return Ended(unasked(begun, started, FailureClass.INVALID, reason))
        if not _same(picture, item):
            reason = "the prepared file has changed since it was made"
            return Ended(unasked(begun, started, FailureClass.INVALID, reason))
        answer: Answer | None = None
        verdict: Verdict | None = None
        error: AskFailed | None = None
        fault: Exception | None = None
        try:
            answer = self.ask(picture, item.format, self.prompt, self.inference)
            verdict = self.accept(answer.text, answer.stop_reason)
            failure, message = verdict.failure, verdict.remark
        except AskFailed as refusal:
            error = refusal
            failure, message = None if refusal.unsent else refusal.failure, refusal.message
        except Exception as bug:  # noqa: BLE001 - a thread's edge: raised again in the run's thread
            fault = bug
            failure = FailureClass.UNKNOWN if answer is None else FailureClass.UNPARSABLE
            message = f"{type(bug).__name__}: {bug}"
        outcome = Outcome(
            attempt=begun.attempt,
            item=item,
            answer=answer,
            verdict=verdict,
            failure=failure,
            message=message,
            code=error.code if error else "",
            started=started,
            ended=started + self.clock.monotonic() - since,
            outcome_unknown=error.outcome_unknown if error else answer is None,
            called=error is None or not error.unsent,
        )
        return Ended(outcome, error, fault)


def _same(picture: bytes, item: Item) -> bool:
    if item.prepared_size and len(picture) != item.prepared_size:
        return False
    return not item.prepared_sha256 or hashlib.sha256(picture).hexdigest() == item.prepared_sha256


def unasked(begun: Begun, now: float, failure: FailureClass | None, message: str) -> Outcome:
    """The outcome of an attempt for which nothing was sent; withdrawn when it has no failure."""
    return Outcome(
        attempt=begun.attempt,
        item=begun.item,
        answer=None,
        verdict=None,
        failure=failure,
        message=message,
        code="",
        started=now,
        ended=now,
        called=False,
    )


class ThreadCrew:
    """A crew of threads.

    They are daemons: when the user leaves at once, a call that hangs must not keep the process alive. Its
    intent is stored, so the next run knows of it.
    """

    def __init__(self, attempt: Callable[[Begun], Ended], size: int) -> None:
        """Start ``size`` threads that wait for work and make each attempt with ``attempt``."""
        self._attempt = attempt
        self._work: queue.SimpleQueue[Begun | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Ended] = queue.SimpleQueue()
        self._unstarted: queue.SimpleQueue[Begun | None] = queue.SimpleQueue()
        self._halted = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"label-{number}", daemon=True)
            for number in range(1, size + 1)
        ]
        for thread in self._threads:
            thread.start()

    def hand(self, begun: Sequence[Begun]) -> None:
        """Give attempts to be made, in order."""
        for each in begun:
            self._work.put(each)

    def take(self, timeout: float) -> list[Ended]:
        """Wait up to ``timeout`` seconds for the first attempt to end; give all that have."""
        taken: list[Ended] = []
        try:
            taken.append(self._done.get(block=timeout > 0, timeout=timeout))
            while True:
                taken.append(self._done.get_nowait())
        except queue.Empty:
            return taken

    def withdraw(self) -> list[Begun]:
        """Take back the attempts that nobody has started."""
        return [*_drained(self._unstarted), *_drained(self._work)]

    def close(self, *, wait: bool) -> None:
        """Let everyone go; with ``wait``, return when they have gone."""
        self.withdraw()
        for _ in self._threads:
            self._work.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _serve(self) -> None:
        for begun in iter(self._work.get, None):
            if self._halted:
                self._unstarted.put(begun)
                continue
            ended = self._attempt(begun)
            if ended.error is not None and stops(ended.error):
                # Before the run's thread hears of it, the others must not start what was begun ahead.
                self._halted = True
            self._done.put(ended)


def _drained(line: queue.SimpleQueue[Begun | None]) -> list[Begun]:
    """Everything that waits in a queue, the dismissals apart."""
    found: list[Begun] = []
    with contextlib.suppress(queue.Empty):
        while True:
            begun = line.get_nowait()
            if begun is not None:
                found.append(begun)
    return found

"""The counts of a run, kept by the run's thread and frozen for everyone else."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from stillroom.labeling.progress import Newest, Progress, Pulse, RunState, frozen_counts, percentile
from stillroom.labeling.values import FailureClass, MoneyReading, Outcome

_NEWEST = 5


@dataclass(slots=True)
class Tally:
    """What has happened so far; only what is durable is counted."""

    total: int
    begun_at: float
    """Monotonic seconds."""
    done: int = 0
    failed: Counter[FailureClass] = field(default_factory=Counter)
    attempts: int = 0
    retries: int = 0
    throttles: int = 0
    unknown: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    estimated_input_tokens: int = 0
    """What the items of the answers had been estimated at; those without an answer measured nothing."""
    newest: deque[Newest] = field(default_factory=lambda: deque(maxlen=_NEWEST))
    answers: int = 0
    """Usable or not; what was given up without one is not among them."""
    pulse: Pulse = field(default_factory=Pulse)

    @property
    def left(self) -> int:
        """Items neither done nor failed for good."""
        return max(0, self.total - self.done - self.failed.total())

    def count(self, outcome: Outcome, *, again: bool) -> None:
        """Count one stored attempt.

        Args:
            outcome: How it ended.
            again: Whether the item had been asked about before in this run.
        """
        if outcome.called:
            self.attempts += 1
            self.retries += again
            self.unknown += outcome.outcome_unknown
            self.throttles += outcome.failure is FailureClass.THROTTLED
        answer = outcome.answer
        if answer is None:
            return
        self.input_tokens += answer.input_tokens
        self.output_tokens += answer.output_tokens
        self.estimated_input_tokens += outcome.item.estimated_input_tokens
        self.answers += 1
        self.pulse.latencies.append(answer.latency_ms)
        if outcome.failure is None:
            self.done += 1
        else:
            self.failed[outcome.failure] += 1
        keywords = outcome.verdict.keywords if outcome.verdict else ()
        self.newest.appendleft(Newest(outcome.item.content, keywords, outcome.failure, outcome.message))

    def progress(
        self,
        state: RunState,
        now: float,
        *,
        in_flight: int,
        waiting: int,
        concurrency: int,
        money: MoneyReading,
        away: bool,
    ) -> Progress:
        """The counts at this moment (monotonic seconds)."""
        # What is under way when a pause begins is still answered in it.
        still = state is RunState.PAUSED and not in_flight
        rate = self.pulse.stand_still(now) if still else self.pulse.sample(now, self.answers)
        latencies = sorted(self.pulse.latencies)
        return Progress(
            state=state,
            total=self.total,
            done=self.done,
            failed=frozen_counts(self.failed),
            in_flight=in_flight,
            waiting=waiting,
            attempts=self.attempts,
            retries=self.retries,
            throttles=self.throttles,
            unknown=self.unknown,
            concurrency=concurrency,
            elapsed=now - self.begun_at,
            rate=rate,
            # How long what has failed will go on failing nobody knows.
            eta=self.left / rate if rate and not 0 < self.left <= waiting else None,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            spent=money.spent,
            uncertain=money.uncertain,
            projected=money.projected,
            p50_ms=percentile(latencies, 0.50),
            p95_ms=percentile(latencies, 0.95),
            newest=tuple(self.newest),
            away=away,
        )

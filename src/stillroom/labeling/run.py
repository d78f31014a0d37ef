"""The loop of a labeling run: what ended is stored and counted, what may begin begins."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from stillroom.errors import StillroomError
from stillroom.labeling.crew import Begun, Crew, Ended, unasked
from stillroom.labeling.line import Line, Ticket
from stillroom.labeling.pacing import Pacer, Valve
from stillroom.labeling.progress import Progress, RunResult, RunState, StoppedBy, frozen_counts
from stillroom.labeling.reaching import Reach
from stillroom.labeling.retrying import RetryPolicy, stops
from stillroom.labeling.tally import Tally
from stillroom.labeling.values import AskFailed, Clock, FailureClass, Journal, Meter, Outcome, Pace

TICK = 0.1
"""Seconds: how often signals are looked at and progress is published."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What others tell the run."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    """Once set, no new call is made; answers under way are awaited for `Conduct.grace`."""
    abandoned: threading.Event = field(default_factory=threading.Event)
    """Once set, the run returns at once; what is in flight stays "outcome unknown"."""
    paused: threading.Event = field(default_factory=threading.Event)
    """While set, no new call is made."""


@dataclass(frozen=True, slots=True)
class Books:
    """What is written down and what it costs. The run's own thread alone touches them."""

    journal: Journal
    """Stores intents before their calls, and outcomes before they count."""
    meter: Meter
    """Admits or refuses each attempt."""
    make_room: Callable[[], None] = lambda: None
    """Gives back the room that was set aside on the disk for answers under way."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a run goes about its calls: how many, how fast, how often again, how patiently."""

    pace: Pace
    """Bounds; "auto" has been resolved by the caller."""
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    """Backoff and bounds of repeated attempts."""
    chance: Callable[[], float] = random.random
    """Gives numbers in [0, 1) for the jitter."""
    grace: float = 60.0
    """Seconds that a run which was cancelled, or reaches nobody, waits for answers under way."""
    patience: float = 15.0
    """Seconds for which the endpoint may be out of reach before the run stops."""
    failed_before: bool = False
    """Whether the pictures failed in an earlier run: that they do so again says little about the service."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why no further call is made."""

    why: StoppedBy
    at: float
    """Monotonic seconds."""
    error: AskFailed | None = None


@dataclass(slots=True)
class Run:
    """One run's loop. Everything here happens in one thread."""

    line: Line
    crew: Crew
    books: Books
    conduct: Conduct
    pacer: Pacer
    valve: Valve
    clock: Clock
    signals: Signals
    tally: Tally
    report: Callable[[Progress], None] | None
    in_flight: dict[int, Ticket] = field(default_factory=dict)
    """By attempt id; the look-ahead included."""
    stop: Stop | None = None
    wake: float | None = None
    """Seconds until something can begin although nothing has ended."""
    unsaved: list[Outcome] = field(default_factory=list)
    serial: int = 0
    published: float | None = None
    resting: float | None = None
    """Monotonic seconds since when nobody is asked, paused or waiting to ask again; None: at work."""
    rested: float = 0.0
    """Seconds of such times, up to the latest one that has ended."""
    reach: Reach = field(init=False)
    told_paused: bool = False
    """Whether the journal knows the run as paused."""

    def __post_init__(self) -> None:
        self.reach = Reach(self.conduct.patience, self.conduct.retry)

    def go(self) -> RunResult:
        """Run to the end."""
        settled = False
        try:
            self._loop()
            settled = not self.in_flight
            self._forsake()
        except Exception:
            self._rescue()
            raise
        finally:
            self.crew.close(wait=settled)
        self._publish(RunState.ENDED)
        return self._result()

    def _loop(self) -> None:
        timeout = 0.0
        while True:
            ended = self.crew.take(timeout)
            self._settle(ended)
            ended += self._heed()
            self._tell_pause()
            beginning = self._choose()
            self._rest(at_work=bool(ended or beginning or self.in_flight))
            self._advance(ended, beginning)
            if self._over():
                return
            self._publish(self._state())
            timeout = TICK if self.wake is None else min(TICK, self.wake)

    def _settle(self, ended: Sequence[Ended]) -> None:
        """Give back what ended attempts held, and learn from how they ended."""
        self.unsaved += [each.outcome for each in ended]
        for each in ended:
            outcome, ticket = each.outcome, self.in_flight[each.outcome.attempt]
            self.books.meter.settle(outcome)
            self.pacer.settle(outcome)
            if outcome.answer is not None:
                self.valve.answered()
            elif outcome.failure is FailureClass.THROTTLED:
                self.valve.throttled(ticket.serial)
            # Where no others are left to try, the last ones are judged one by one.
            first = not (ticket.history.tries or self.conduct.failed_before) and self.line.has_new()
            why = self.reach.heard(each, self.clock.monotonic(), first=first)
            if each.error is not None and stops(each.error):
                why = StoppedBy.REFUSED
            if why is not None:
                self._end(why, each.error)

    def _heed(self) -> list[Ended]:
        """Look at the signals; when the run stops, take back what nobody has started."""
        if self.signals.cancelled.is_set() or self.signals.abandoned.is_set():
            self._end(StoppedBy.CANCELLED)
        if self.stop is None:
            return []
        now = self.clock.now()
        back = [
            Ended(unasked(begun, now, None, "withdrawn before it was sent")) for begun in self.crew.withdraw()
        ]
        self._settle(back)
        return back

    def _choose(self) -> list[Ticket]:
        """The tickets that begin now: within the room, the pace and the budget."""
        self.wake = None
        chosen: list[Ticket] = []
        if self.stop is not None or self.signals.paused.is_set():
            return chosen
        now = self.clock.monotonic()
        ended = len(self.unsaved)
        busy = len(self.in_flight) - ended
        # None is begun ahead: a process that is killed leaves no more of unknown outcome than were in flight.
        room = self.valve.allowed - busy
        if self.reach.away:
            room = min(room, 1)
            if (wait := self.reach.ready_in(now)) > 0:
                self.wake = wait
                return chosen
        while len(chosen) < room:
            ticket = self.line.peek(now, new_first=self.reach.unserved)
            if ticket is None:
                self.wake = self.line.due_in(now)
                break
            wait = self.pacer.ready_in(ticket.item, now)
            if wait > 0:
                self.wake = wait
                break
            if not self.books.meter.admit(ticket.item):
                # Calls in flight hold their highest price, here and in other runs; what they give back may
                # be enough.
                if not busy and not chosen and not self.books.meter.may_wait:
                    self._end(StoppedBy.BUDGET)
                break
            self.pacer.take(ticket.item, now)
            self.reach.tried(now)
            self.line.drop(ticket)
            chosen.append(ticket)
        return chosen

    def _tell_pause(self) -> None:
        paused = self._state() is RunState.PAUSED
        if paused != self.told_paused:
            self.books.journal.pause(paused)
            self.told_paused = paused
            self.reach.begin_anew()  # a pause is no absence, however long nobody gets through meanwhile

    def _rest(self, *, at_work: bool) -> None:
        """Tell the journal of time that is no labeling. Waiting for the pace is: that is how fast it goes."""
        now = self.clock.monotonic()
        waiting = self.reach.ready_in(now) > 0 or (self.line.delayed > 0 and self.line.peek(now) is None)
        if not at_work and (self.signals.paused.is_set() or waiting):
            self.resting = now if self.resting is None else self.resting
        elif self.resting is not None:
            self.books.journal.rested(now - self.resting)
            self.rested += now - self.resting
            self.resting = None

    def _advance(self, ended: Sequence[Ended], beginning: Sequence[Ticket]) -> None:
        """Store in one transaction what ended and what begins; then count the one and start the other."""
        if not ended and not beginning:
            return
        attempts = self.books.journal.advance(self.unsaved, [ticket.item for ticket in beginning])
        self.unsaved = []
        for each in ended:
            self._count(each)
        for attempt, ticket in zip(attempts, beginning, strict=True):
            self.serial += 1
            ticket.serial = self.serial
            self.valve.began(self.serial)
            self.in_flight[attempt] = ticket
        self.crew.hand(
            [Begun(attempt, ticket.item) for attempt, ticket in zip(attempts, beginning, strict=True)]
        )
        for each in ended:
            if each.fault is not None:
                raise each.fault

    def _count(self, ended: Ended) -> None:
        """Count a stored attempt, and see to its next one where there is one."""
        outcome, error = ended.outcome, ended.error
        ticket = self.in_flight.pop(outcome.attempt)
        self.tally.count(outcome, again=ticket.asked)
        ticket.asked |= outcome.called
        if error is None:
            if outcome.answer is None and outcome.failure is not None:
                self.tally.failed[outcome.failure] += 1
            return
        if self.reach.excuses(error):
            # No attempt of the picture's own: `reach` alone says when it may be tried again, and how often.
            self.line.put_back(ticket, self.clock.monotonic())
            return
        ticket.history.add(error)
        if stops(error):
            return
        wait = self.conduct.retry.wait(error, ticket.history, self.conduct.chance)
        if wait is None:
            self.tally.failed[error.failure] += 1
            return
        ticket.history.waited += wait
        self.line.put_back(ticket, self.clock.monotonic() + wait)

    def _may_stop(self, why: StoppedBy) -> bool:
        # A refusal tells more than the user's own wish to stop: it is what they must see.
        return self.stop is None or (why is StoppedBy.REFUSED and self.stop.error is None)

    def _end(self, why: StoppedBy, error: AskFailed | None = None) -> None:
        if self._may_stop(why):
            self.stop = Stop(why, self.clock.monotonic(), error)

    def _over(self) -> bool:
        if self.signals.abandoned.is_set():
            return True
        if self.in_flight:
            stop = self.stop
            unheard = stop is not None and stop.why is StoppedBy.UNREACHABLE
            return (unheard or self.signals.cancelled.is_set()) and self._overdue()
        return self.stop is not None or (not self.line.delayed and not self.line.has_new())

    def _overdue(self) -> bool:
        return self.stop is not None and self.clock.monotonic() - self.stop.at >= self.conduct.grace

    def _rescue(self) -> None:
        """After a fault: await the answers under way, which are paid, and offer them to the journal again."""
        self.stop = self.stop or Stop(StoppedBy.CANCELLED, self.clock.monotonic())
        while not self.signals.abandoned.is_set() and not self._overdue():
            now = self.clock.now()
            self.unsaved += [
                unasked(begun, now, None, "withdrawn before it was sent") for begun in self.crew.withdraw()
            ]
            if len(self.unsaved) >= len(self.in_flight):
                break
            self.unsaved += [each.outcome for each in self.crew.take(TICK)]
        if self.unsaved:
            self.books.make_room()
            with contextlib.suppress(StillroomError):
                self.books.journal.advance(self.unsaved, [])

    def _forsake(self) -> None:
        """Count what is still under way when the run is left: it may be paid, and nobody hears the answer.

        The journal has it already: an intent without an outcome.
        """
        now = self.clock.now()
        for attempt, ticket in self.in_flight.items():
            lost = Outcome(
                attempt, ticket.item, None, None, FailureClass.UNKNOWN, "", "", now, now, outcome_unknown=True
            )
            self.books.meter.settle(lost)

    def _state(self) -> RunState:
        if self.stop is not None:
            return RunState.STOPPING
        return RunState.PAUSED if self.signals.paused.is_set() else RunState.RUNNING

    def _publish(self, state: RunState) -> None:
        now = self.clock.monotonic()
        if self.report is None:
            return
        if state is not RunState.ENDED and self.published is not None and now - self.published < TICK:
            return
        self.published = now
        self.report(
            self.tally.progress(
                state,
                now,
                in_flight=min(len(self.in_flight), self.valve.allowed),
                waiting=self.line.delayed,
                concurrency=self.valve.allowed,
                money=self.books.meter.reading(self.tally.left),
                away=self.reach.unserved,
            )
        )

    def _result(self) -> RunResult:
        tally, error = self.tally, self.stop.error if self.stop else None
        now = self.clock.monotonic()
        rested = self.rested + (0.0 if self.resting is None else now - self.resting)
        return RunResult(
            stopped_by=self.stop.why if self.stop else StoppedBy.FINISHED,
            total=tally.total,
            done=tally.done,
            failed=frozen_counts(tally.failed),
            left=tally.left,
            attempts=tally.attempts + len(self.in_flight),
            retries=tally.retries,
            throttles=tally.throttles,
            unknown=tally.unknown + len(self.in_flight),
            input_tokens=tally.input_tokens,
            output_tokens=tally.output_tokens,
            estimated_input_tokens=tally.estimated_input_tokens,
            elapsed=now - tally.begun_at,
            rested=rested,
            failure=error.failure if error else None,
            message=error.message if error else "",
            code=error.code if error else "",
            todo=error.todo if error else "",
        )

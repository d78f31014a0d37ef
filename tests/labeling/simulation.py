"""A small world in which labeling runs take no real time: a clock, a crew, a model, a journal, a meter."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stillroom.labeling import (
    Answer,
    AskFailed,
    FailureClass,
    Inference,
    Item,
    Outcome,
    Pace,
    Progress,
    Prompt,
    RetryPolicy,
    RunResult,
    Verdict,
)
from stillroom.labeling.crew import Begun, Ended, Question
from stillroom.labeling.line import Line
from stillroom.labeling.pacing import Pacer, Valve
from stillroom.labeling.retrying import stops
from stillroom.labeling.run import Books, Conduct, Run, Signals
from stillroom.labeling.tally import Tally

PROMPT = Prompt("You name what is in pictures.", "List keywords.")
INFERENCE = Inference()


class Killed(BaseException):
    """The process dies here."""


class VirtualClock:
    """Time that moves only when nobody has anything to do."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return 1_800_000_000.0 + self.at

    def monotonic(self) -> float:
        return self.at


class VirtualCrew:
    """As many calls at a time as a crew of threads makes, in virtual time."""

    def __init__(
        self,
        clock: VirtualClock,
        attempt: Callable[[Begun], Ended],
        size: int,
        latency: Callable[[Begun], float],
    ) -> None:
        self.clock = clock
        self.attempt = attempt
        self.size = size
        self.latency = latency
        self.waiting: deque[Begun] = deque()
        self.asking: list[tuple[float, int, Ended]] = []
        self.serial = itertools.count()
        self.halted = False
        self.most_asking = 0
        self.closed: list[bool] = []
        self.events: list[tuple[float, Callable[[], object]]] = []
        """(when, what): things that happen at a moment of virtual time."""

    def hand(self, begun: Sequence[Begun]) -> None:
        self.waiting.extend(begun)
        self._start()

    def take(self, timeout: float) -> list[Ended]:
        until = self.clock.at + timeout
        if self.asking:
            until = min(until, self.asking[0][0])
        self.clock.at = max(self.clock.at, until)
        for event in [event for event in self.events if event[0] <= self.clock.at]:
            self.events.remove(event)
            event[1]()
        ended = []
        while self.asking and self.asking[0][0] <= self.clock.at:
            ended.append(heapq.heappop(self.asking)[2])
            self.halted |= ended[-1].error is not None and stops(ended[-1].error)
        self._start()
        return ended

    def withdraw(self) -> list[Begun]:
        back = list(self.waiting)
        self.waiting.clear()
        return back

    def close(self, *, wait: bool) -> None:
        self.closed.append(wait)

    def _start(self) -> None:
        while self.waiting and not self.halted and len(self.asking) < self.size:
            begun = self.waiting.popleft()
            ended = self.attempt(begun)
            heapq.heappush(self.asking, (self.clock.at + self.latency(begun), next(self.serial), ended))
            self.most_asking = max(self.most_asking, len(self.asking))


@dataclass
class Ledger:
    """A journal that survives runs, as a file would: what is committed stays."""

    intents: dict[int, Item] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    commits: int = 0
    rests: list[float] = field(default_factory=list)
    """Seconds each."""
    pauses: list[bool] = field(default_factory=list)
    check: Callable[[str], None] = lambda where: None
    """Called before and after each commit; may raise."""

    def advance(self, finished: Sequence[Outcome], beginning: Sequence[Item]) -> list[int]:
        self.check("before commit")
        assert all(outcome.attempt in self.intents for outcome in finished)
        assert not any(outcome.attempt in self.outcomes for outcome in finished)
        first = len(self.intents) + 1
        self.outcomes |= {outcome.attempt: outcome for outcome in finished}
        self.intents |= dict(enumerate(beginning, first))
        self.commits += 1
        self.check("after commit")
        return list(range(first, first + len(beginning)))

    def rested(self, seconds: float) -> None:
        self.rests.append(seconds)

    def pause(self, paused: bool) -> None:
        self.pauses.append(paused)

    @property
    def answered(self) -> set[str]:
        return {outcome.item.content for outcome in self.outcomes.values() if outcome.answer}

    @property
    def open(self) -> list[Item]:
        """Attempts of unknown outcome."""
        return [item for attempt, item in self.intents.items() if attempt not in self.outcomes]

    def failures(self) -> Counter[FailureClass | None]:
        return Counter(outcome.failure for outcome in self.outcomes.values())


@dataclass
class Model:
    """A model that does what the script says: by content and number of the call about it (from 1)."""

    script: Callable[[str, int], Answer | AskFailed] = lambda content, call: answer()
    calls: list[str] = field(default_factory=list)
    check: Callable[[str], None] = lambda where: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, picture: bytes, format: str, prompt: Prompt, inference: Inference) -> Answer:
        assert (format, prompt, inference) == ("jpeg", PROMPT, INFERENCE)
        content = picture.decode()
        with self.lock:
            self.check("call")
            self.calls.append(content)
            call = self.calls.count(content)
        result = self.script(content, call)
        if isinstance(result, AskFailed):
            raise result
        return result


class OpenMeter:
    """A meter without a limit, and without a price."""

    spent = uncertain = projected = None
    may_wait = False

    def __init__(self) -> None:
        self.held = 0

    def admit(self, item: Item) -> bool:
        self.held += 1
        return True

    def settle(self, outcome: Outcome) -> None:
        self.held -= 1

    def reading(self, left: int) -> OpenMeter:
        return self


def answer(
    text: str = "sea, sky", stop_reason: str = "end_turn", tokens: tuple[int, int] = (800, 60)
) -> Answer:
    return Answer(text, stop_reason, *tokens, latency_ms=200, request_id="r")


def accept(text: str, stop_reason: str) -> Verdict:
    """A judge: "bad" cannot be parsed, max_tokens is truncated."""
    if stop_reason == "max_tokens":
        return Verdict((), FailureClass.TRUNCATED, "cut at maxTokens")
    if text == "bad":
        return Verdict((), FailureClass.UNPARSABLE, "no list")
    return Verdict(tuple(text.split(", ")), None)


def throttled(message: str = "Too many requests, please wait before trying again.") -> AskFailed:
    return AskFailed(FailureClass.THROTTLED, message, code="ThrottlingException", retryable=True)


def broken(code: str = "InternalServerException", *, unknown: bool = False) -> AskFailed:
    return AskFailed(FailureClass.SERVICE, "it broke", code=code, retryable=True, outcome_unknown=unknown)


def unsent() -> AskFailed:
    """Nobody is there to connect to."""
    return AskFailed(
        FailureClass.SERVICE,
        "Could not connect to the endpoint URL",
        code="EndpointConnectionError",
        retryable=True,
        unsent=True,
    )


def invalid(content: str) -> AskFailed:
    """A picture that the service takes for invalid: it is not asked about again."""
    return AskFailed(FailureClass.INVALID, f"{content} is invalid")


def denied() -> AskFailed:
    return AskFailed(
        FailureClass.ACCESS,
        "You don't have access to the model",
        code="AccessDeniedException",
        stops_run=True,
        todo="Ask for access",
    )


def make_items(folder: Path, count: int, tokens: int = 1000) -> list[Item]:
    """Items whose prepared file holds their content's name."""
    items = []
    for number in range(count):
        content = f"picture-{number:03}"
        path = folder / f"{content}.jpg"
        path.write_text(content)
        items.append(Item(content, str(path), "jpeg", tokens))
    return items


@dataclass
class World:
    """Everything around one run; keeps its ledger when it is run again."""

    items: list[Item]
    model: Model = field(default_factory=Model)
    ledger: Ledger = field(default_factory=Ledger)
    meter: object = field(default_factory=OpenMeter)
    pace: Pace = field(default_factory=lambda: Pace(concurrency=4))
    awake: int | None = None
    """Threads that have woken up; None: all."""
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    chance: Callable[[], float] = lambda: 0.5
    latency: Callable[[Begun], float] = lambda begun: 0.2
    grace: float = 60.0
    failed_before: bool = False
    cancelled: threading.Event = field(default_factory=threading.Event)
    abandoned: threading.Event = field(default_factory=threading.Event)
    paused: threading.Event = field(default_factory=threading.Event)
    events: list[tuple[float, Callable[[], object]]] = field(default_factory=list)
    accept: Callable[[str, str], Verdict] = accept
    make_room: Callable[[], None] = lambda: None
    seen: list[Progress] = field(default_factory=list)
    clock: VirtualClock = field(default_factory=VirtualClock)
    crew: VirtualCrew | None = None

    def left(self) -> list[Item]:
        """What the store would give the next run: items without an answer."""
        answered = self.ledger.answered
        return [item for item in self.items if item.content not in answered]

    def run(self, items: Iterable[Item] | None = None) -> RunResult:
        given = list(self.left() if items is None else items)
        question = Question(self.model, self.accept, PROMPT, INFERENCE, self.clock)
        self.crew = VirtualCrew(
            self.clock, question.attempt, self.awake or self.pace.concurrency, self.latency
        )
        self.crew.events = self.events
        return Run(
            line=Line(given),
            crew=self.crew,
            books=Books(self.ledger, self.meter, self.make_room),
            conduct=Conduct(self.pace, self.retry, self.chance, self.grace, failed_before=self.failed_before),
            pacer=Pacer(self.pace, INFERENCE, self.clock.monotonic()),
            valve=Valve(self.pace.concurrency),
            clock=self.clock,
            signals=Signals(self.cancelled, self.abandoned, self.paused),
            tally=Tally(len(given), self.clock.monotonic()),
            report=self.seen.append,
        ).go()

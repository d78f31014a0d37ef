"""What a run shows while it goes, and what it hands back at the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from stillroom.labeling.values import FailureClass

_WINDOW_S = 15.0
_LATENCIES = 512


class RunState(StrEnum):
    """What a run is doing."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    """No new calls; answers under way are awaited and stored."""
    ENDED = "ended"


class StoppedBy(StrEnum):
    """Why a run ended."""

    FINISHED = "finished"
    """Every item has an answer or has failed for good."""
    CANCELLED = "cancelled"
    BUDGET = "budget"
    """The next call could have passed the budget."""
    REFUSED = "refused"
    """Credentials, permission, configuration or a daily quota: asking on is useless."""
    UNREACHABLE = "unreachable"
    """No connection to the endpoint could be made for too long."""
    UNSERVED = "unserved"
    """The service has failed every call for too long."""


@dataclass(frozen=True, slots=True)
class Newest:
    """One of the latest stored answers."""

    content: str
    keywords: tuple[str, ...]
    failure: FailureClass | None
    remark: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A run at one moment. Counts hold only what is durable."""

    state: RunState
    total: int
    """Items of this call of the run."""
    done: int
    """Items whose answer counts."""
    failed: Mapping[FailureClass, int]
    """Items that failed for good, by class; never a zero."""
    in_flight: int
    waiting: int
    """Items that wait for their next attempt."""
    attempts: int
    """Calls that were made and have ended."""
    retries: int
    """Attempts beyond the first of an item."""
    throttles: int
    unknown: int
    """Attempts whose outcome was never learnt."""
    concurrency: int
    """Calls allowed in flight at the moment: lower than asked for after throttling."""
    elapsed: float
    """Seconds since the run began."""
    rate: float | None
    """Answers a second over the recent window without pauses; 0 in a pause, None before there is a window."""
    eta: float | None
    """Seconds left at that rate; None also where all that is left waits for its next attempt."""
    input_tokens: int
    output_tokens: int
    spent: Decimal | None
    """USD; None is unknown."""
    uncertain: Decimal | None
    """Highest USD of the attempts with an unknown outcome."""
    projected: Decimal | None
    """USD of the whole run at the measured mean; None is unknown."""
    p50_ms: int | None
    """Median latency of the recent answers, milliseconds."""
    p95_ms: int | None
    newest: tuple[Newest, ...]
    """The latest answers, newest first."""
    away: bool = False
    """Whether the service fails every call, so that it is only tried now and then."""

    @property
    def failures(self) -> int:
        """Items that failed for good."""
        return sum(self.failed.values())

    @property
    def retrying(self) -> int:
        """Items that wait to be asked again, once nothing is left that was never asked; else 0."""
        return self.waiting if self.waiting and self.left <= self.waiting + self.in_flight else 0

    @property
    def left(self) -> int:
        """Items neither done nor failed."""
        return max(0, self.total - self.done - self.failures)


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended."""

    stopped_by: StoppedBy
    total: int
    done: int
    failed: Mapping[FailureClass, int]
    left: int
    """Items for the next run: neither done nor failed for good."""
    attempts: int
    """Calls that were made, retries included, those of unknown outcome too."""
    retries: int
    throttles: int
    unknown: int
    """Attempts whose outcome was never learnt, those left in flight included."""
    input_tokens: int
    output_tokens: int
    estimated_input_tokens: int
    """What the items that ``input_tokens`` were measured of had been estimated at."""
    elapsed: float
    """Seconds."""
    rested: float
    """Of them, those that were no labeling: paused, or all that was left waited to be asked again."""
    failure: FailureClass | None = None
    """For a refusal, or an endpoint that is away: its class."""
    message: str = ""
    """For a refusal: the service's own words."""
    code: str = ""
    todo: str = ""
    """What the user can do, one line; may be empty."""


class Slot:
    """Holds the newest progress: the run writes, anyone reads, nobody waits."""

    def __init__(self) -> None:
        self._latest: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Publish; pass the slot itself as ``report``."""
        self._latest = progress

    @property
    def latest(self) -> Progress | None:
        """The newest progress; None before the first."""
        return self._latest


@dataclass(slots=True)
class Pulse:
    """Recent speed: answers a second, and their latency."""

    samples: deque[tuple[float, int]] = field(default_factory=deque)
    latencies: deque[int] = field(default_factory=lambda: deque(maxlen=_LATENCIES))

    def sample(self, now: float, answers: int) -> float | None:
        """Note how many answers there are at ``now`` (monotonic seconds); give answers a second."""
        self.samples.append((now, answers))
        while len(self.samples) > 2 and now - self.samples[1][0] >= _WINDOW_S:
            self.samples.popleft()
        then, before = self.samples[0]
        if now <= then:
            return None
        return (answers - before) / (now - then)

    def stand_still(self, now: float) -> float | None:
        """Leave the time since the latest sample out: a pause says nothing about how fast work goes."""
        if not self.samples:
            return None
        gone = now - self.samples[-1][0]
        self.samples = deque((then + gone, answers) for then, answers in self.samples)
        return 0.0

    def percentile(self, share: float) -> int | None:
        """Latency in milliseconds that ``share`` (0-1) of the recent answers kept."""
        return percentile(sorted(self.latencies), share)


def percentile(ordered: Sequence[int], share: float) -> int | None:
    """Nearest-rank percentile of an ordered sequence; None when it is empty."""
    if not ordered:
        return None
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def frozen_counts(counts: Mapping[FailureClass, int]) -> Mapping[FailureClass, int]:
    """A copy that cannot change, without zeros."""
    return MappingProxyType({kind: number for kind, number in counts.items() if number})

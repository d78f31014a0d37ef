"""When a failed attempt is made again, and after how long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from stillroom.labeling.values import AskFailed, FailureClass

_BY_CLASS = MappingProxyType({FailureClass.THROTTLED: 40, FailureClass.SERVICE: 5, FailureClass.UNKNOWN: 3})
# ModelTimeout: "retry once or twice"; ModelError: "maybe once"; NotReady is usual just after a deployment
# goes live (Bedrock runtime API reference, errors of Converse).
_BY_CODE = MappingProxyType(
    {"ModelTimeoutException": 3, "ModelErrorException": 2, "ModelNotReadyException": 8}
)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Full-jitter backoff with bounds; each attempt is one that may be paid for.

    While the service fails everybody no picture's attempts are used up: the run as a whole waits, at most as
    long as one item may.
    """

    base: float = 1.0
    """Seconds: the longest first wait."""
    cap: float = 60.0
    """Seconds: the longest single wait."""
    total_wait: float = 900.0
    """Seconds that one item may wait in all."""
    by_class: Mapping[FailureClass, int] = field(default_factory=lambda: _BY_CLASS)
    """Most attempts that may end in this class; classes that are missing are never retried."""
    by_code: Mapping[str, int] = field(default_factory=lambda: _BY_CODE)
    """Most attempts that may end in this error code; comes before the class."""
    unknown: int = 3
    """Most attempts whose outcome stays unknown: each may have been paid for."""

    def wait(self, error: AskFailed, before: History, chance: Callable[[], float]) -> float | None:
        """Seconds until the next attempt, or None when the item has failed for good.

        Args:
            error: How the latest attempt ended.
            before: The item's failed attempts, the latest included.
            chance: Gives numbers in [0, 1).
        """
        if not error.retryable:
            return None
        if error.outcome_unknown and before.unknown >= self.unknown:
            return None
        if error.code in self.by_code:
            allowed, used = self.by_code[error.code], before.codes[error.code]
        else:
            allowed, used = self.by_class.get(error.failure, 1), before.classes[error.failure]
        if used >= allowed:
            return None
        ceiling = min(self.cap, self.base * 2.0 ** min(before.tries - 1, 30))
        delay = chance() * ceiling
        if before.waited + delay > self.total_wait:
            return None
        return delay


@dataclass(slots=True)
class History:
    """The failed attempts of one item within one run."""

    tries: int = 0
    unknown: int = 0
    waited: float = 0.0
    """Seconds of backoff so far."""
    classes: Counter[FailureClass] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    def add(self, error: AskFailed) -> None:
        """Note one failed attempt."""
        self.tries += 1
        self.unknown += error.outcome_unknown
        self.classes[error.failure] += 1
        self.codes[error.code] += 1


def stops(error: AskFailed) -> bool:
    """Whether asking on is useless for every picture: configuration, access, a daily quota.

    "Too many tokens per day" comes as an ordinary throttle (Bedrock runtime, ThrottlingException).
    """
    return error.stops_run or (
        error.failure is FailureClass.THROTTLED and "per day" in error.message.casefold()
    )

"""Whether anybody can be reached and serves at all, and what a run does while nobody does."""

from __future__ import annotations

from stillroom.labeling.crew import Ended
from stillroom.labeling.progress import StoppedBy
from stillroom.labeling.retrying import RetryPolicy
from stillroom.labeling.values import AskFailed, FailureClass

_PROBE = 1.0
"""Seconds between attempts to connect while nobody gets through: they cost nothing."""
_MANY = 5
"""So many pictures that had never failed before do so in a row: then it is the service that fails."""
_OF_A_PICTURE = frozenset({"ModelTimeoutException", "ModelErrorException"})
"""Service errors that a picture may well have brought about itself."""


class Absence:
    """Tells when to try again while nobody gets through, and when that has lasted too long.

    An absence says nothing about a picture: as long as it lasts single attempts are made for all of them.
    """

    def __init__(self, patience: float, first: float, longest: float) -> None:
        """Begin as if somebody had just got through.

        Args:
            patience: Seconds that an absence may last.
            first: Seconds until the first attempt; each later wait is twice as long.
            longest: Seconds: the longest wait.
        """
        self._patience = patience
        self._first = first
        self._longest = longest
        self._since: float | None = None
        self._pause = first
        self._again = 0.0

    @property
    def lasts(self) -> bool:
        """Whether nobody has got through since an attempt that did not."""
        return self._since is not None

    def ready_in(self, now: float) -> float:
        """Seconds (monotonic) until somebody may try; 0: now."""
        return max(0.0, self._again - now) if self.lasts else 0.0

    def tried(self, now: float) -> None:
        """Note that an attempt begins."""
        if self.lasts:
            self._again = now + self._pause
            self._pause = min(self._longest, 2 * self._pause)

    def got_through(self) -> None:
        """Note that an attempt was taken, or that nothing is known of it any more."""
        self._since = None

    def missed(self, now: float) -> bool:
        """Note an attempt that did not get through; whether it is the one after which to give up."""
        if self._since is None:
            self._since, self._pause = now, self._first
            self.tried(now)
        return now - self._since >= self._patience


class Reach:
    """What a run knows of the other side: whether it can be reached, and whether it serves anybody."""

    def __init__(self, patience: float, retry: RetryPolicy) -> None:
        """Begin as if somebody had just been answered.

        Args:
            patience: Seconds for which no connection may be made before the run stops.
            retry: Bounds the waiting for a service that can be reached, and fails every call.
        """
        self._unconnected = Absence(patience, _PROBE, _PROBE)
        self._unserved = Absence(retry.total_wait, retry.base, retry.cap)
        self._in_a_row = 0

    @property
    def away(self) -> bool:
        """Whether nobody gets through: attempts are then made one by one."""
        return self._unconnected.lasts or self.unserved

    @property
    def unserved(self) -> bool:
        """Whether the service fails every call."""
        return self._unserved.lasts

    def ready_in(self, now: float) -> float:
        """Seconds (monotonic) until somebody may try; 0: now."""
        # To try to connect costs nothing; how long nobody could is told by trying often.
        return (self._unconnected if self._unconnected.lasts else self._unserved).ready_in(now)

    def tried(self, now: float) -> None:
        """Note that an attempt begins."""
        self._unconnected.tried(now)
        self._unserved.tried(now)

    def begin_anew(self) -> None:
        """Note that nothing is known of the other side any more."""
        self._unconnected.got_through()
        self._served()

    def heard(self, ended: Ended, now: float, *, first: bool) -> StoppedBy | None:
        """Learn from how an attempt ended; gives why the run is to stop, if it is.

        Args:
            ended: The attempt.
            now: Monotonic seconds.
            first: Whether its picture had not failed before, and others are left. One that had says little
                about the service.
        """
        error = ended.error
        if error is not None and error.unsent:
            return StoppedBy.UNREACHABLE if self._unconnected.missed(now) else None
        if not ended.outcome.called:
            return None
        self._unconnected.got_through()
        throttled = error is not None and error.failure is FailureClass.THROTTLED
        if error is None or not (throttled or _is_outage(error)):
            self._served()
            return None
        if first and not (throttled or error.outcome_unknown or error.code in _OF_A_PICTURE):
            self._in_a_row += 1
        if self.unserved or self._in_a_row >= _MANY:
            return StoppedBy.UNSERVED if self._unserved.missed(now) else None
        return None

    def excuses(self, error: AskFailed) -> bool:
        """Whether a failure is none of its picture's: nothing was sent, or the service fails everybody.

        One that may have been paid for counts all the same.
        """
        return error.unsent or (self.unserved and _is_outage(error) and not error.outcome_unknown)

    def _served(self) -> None:
        self._unserved.got_through()
        self._in_a_row = 0


def _is_outage(error: AskFailed) -> bool:
    return error.failure is FailureClass.SERVICE and error.retryable

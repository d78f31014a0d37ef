"""Whether the model's endpoint can be reached at all, and what a run does while it cannot."""

from __future__ import annotations

_PROBE = 1.0
"""Seconds between attempts while nobody gets through."""


class Reach:
    """Waits a short absence of the endpoint out and tells when it has lasted too long.

    An absence says nothing about a picture: as long as it lasts one attempt a second is made for all of them.
    """

    def __init__(self, patience: float) -> None:
        """Begin as if somebody had just got through.

        Args:
            patience: Seconds that an absence may last.
        """
        self._patience = patience
        self._since: float | None = None
        self._again = 0.0

    @property
    def away(self) -> bool:
        """Whether nobody has got through since an attempt that did not."""
        return self._since is not None

    def ready_in(self, now: float) -> float:
        """Seconds (monotonic) until somebody may try; 0: now."""
        return max(0.0, self._again - now) if self.away else 0.0

    def tried(self, now: float) -> None:
        """Note that an attempt begins."""
        self._again = now + _PROBE

    def got_through(self) -> None:
        """Note that the endpoint took a request, or that nothing is known of it any more."""
        self._since = None

    def missed(self, now: float) -> bool:
        """Note an attempt that reached nobody; whether it is the one after which to give up."""
        if self._since is None:
            self._since = now
            self.tried(now)
        return now - self._since >= self._patience

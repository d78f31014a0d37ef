"""Quotas of Converse: requests and tokens a minute, tokens a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stillroom.sandbox.wire.refusal import Refusal

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Limits:
    """What a model allows in a Region."""

    requests: float
    """A minute."""
    tokens: float
    """A minute; input and the reserved maxTokens."""
    daily: float
    """Tokens a day."""


class _Bucket:
    """Fills at a steady rate up to one minute's worth."""

    def __init__(self, now: float) -> None:
        self.spent = 0.0
        self._at = now

    def drain(self, limit: float, now: float) -> float:
        self.spent = max(0.0, self.spent - max(0.0, now - self._at) * limit / 60)
        self._at = now
        return self.spent


class Throttle:
    """Token buckets by quota name. Starts full, and forgets when the sandbox ends."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._now = monotonic
        self._requests: dict[str, _Bucket] = {}
        self._tokens: dict[str, _Bucket] = {}
        self._days: dict[str, tuple[int, float]] = {}

    def take(self, name: str, limits: Limits, tokens: int) -> None:
        """Reserve one request and its tokens.

        Args:
            name: Whose quota, such as ``us-east-1 amazon.nova-pro-v1:0 on-demand``.
            limits: The quota.
            tokens: Input tokens and maxTokens.

        Raises:
            Refusal: A quota is used up.
        """
        now = self._now()
        requests = self._requests.setdefault(name, _Bucket(now))
        reserved = self._tokens.setdefault(name, _Bucket(now))
        day, used = self._days.get(name, (0, 0.0))
        today = int(now // _DAY)
        used = used if day == today else 0.0
        if used + tokens > limits.daily:
            raise Refusal("ThrottlingException", "Too many tokens per day, please wait before trying again.")
        if requests.drain(limits.requests, now) + 1 > max(1.0, limits.requests):
            raise Refusal("ThrottlingException", "Too many requests, please wait before trying again.")
        if reserved.drain(limits.tokens, now) + tokens > limits.tokens:
            raise Refusal("ThrottlingException", "Too many tokens, please wait before trying again.")
        requests.spent += 1
        reserved.spent += tokens
        self._days[name] = (today, used + tokens)

    def give_back(self, name: str, tokens: int) -> None:
        """Return reserved tokens that were not used."""
        self._tokens[name].spent = max(0.0, self._tokens[name].spent - tokens)
        day, used = self._days[name]
        self._days[name] = (day, max(0.0, used - tokens))

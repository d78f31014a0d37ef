"""How fast a run may go: the account's rates, and what throttling teaches about them."""

from __future__ import annotations

from stillroom.labeling.values import Inference, Item, Outcome, Pace


class Bucket:
    """So many units a minute, refilled all the time, with at most one second's worth saved up.

    In any minute it gives at most the bound (plus one unit where the bound is tiny), so that a service which
    counts whole minutes is not passed at their edges.
    """

    def __init__(self, per_minute: float, now: float) -> None:
        """Begin full.

        Args:
            per_minute: Units a minute, above 0.
            now: Monotonic seconds.
        """
        if per_minute <= 0:
            raise ValueError(f"a rate must be above zero: {per_minute}")
        self._size = max(1.0, per_minute / 61)
        self._refill = max(per_minute - self._size, per_minute / 2) / 60
        self._level = self._size
        self._at = now

    def ready_in(self, units: float, now: float) -> float:
        """Seconds until so many units may be taken; 0: now.

        More units than the bucket holds may be taken when it is full: it then owes them.
        """
        self._fill(now)
        missing = min(units, self._size) - self._level
        # Rounding leaves crumbs; waiting for one would take less time than a clock can tell.
        return missing / self._refill if missing > 1e-6 else 0.0

    def take(self, units: float, now: float) -> None:
        """Take units, whether they are there or not."""
        self._fill(now)
        self._level -= units

    def put_back(self, units: float) -> None:
        """Return units that were not used; a negative number takes more."""
        self._level = min(self._size, self._level + units)

    def _fill(self, now: float) -> None:
        self._level = min(self._size, self._level + max(0.0, now - self._at) * self._refill)
        self._at = now


class Pacer:
    """Keeps a run's requests and tokens a minute, counted as the service counts them.

    Bedrock reserves input + maxTokens when a call begins and gives the unused part back when it ends (user
    guide, quotas-token-burndown).
    """

    def __init__(self, pace: Pace, inference: Inference, now: float) -> None:
        self._max_tokens = inference.max_tokens
        self._requests = Bucket(pace.requests_per_minute, now) if pace.requests_per_minute else None
        self._tokens = Bucket(pace.tokens_per_minute, now) if pace.tokens_per_minute else None

    def ready_in(self, item: Item, now: float) -> float:
        """Seconds until this item may be asked about; 0: now."""
        wait = self._requests.ready_in(1, now) if self._requests else 0.0
        if self._tokens:
            wait = max(wait, self._tokens.ready_in(self._reserved(item), now))
        return wait

    def take(self, item: Item, now: float) -> None:
        """Count the beginning of a call."""
        if self._requests:
            self._requests.take(1, now)
        if self._tokens:
            self._tokens.take(self._reserved(item), now)

    def settle(self, outcome: Outcome) -> None:
        """Give back what an ended attempt did not use."""
        if self._requests and not outcome.called:
            self._requests.put_back(1)
        if self._tokens and not outcome.outcome_unknown:
            answer = outcome.answer
            used = answer.input_tokens + answer.output_tokens if answer else 0
            self._tokens.put_back(self._reserved(outcome.item) - used)

    def _reserved(self, item: Item) -> int:
        return item.estimated_input_tokens + self._max_tokens


class Valve:
    """How many calls may be in flight: halved by a throttle, opened again by answers."""

    def __init__(self, ceiling: int) -> None:
        if ceiling < 1:
            raise ValueError(f"at least one call must be allowed in flight: {ceiling}")
        self._ceiling = ceiling
        self._newest = 0
        self._cut_at = 0
        self._answers = 0
        self.allowed = ceiling
        """Calls that may be in flight now."""

    def began(self, attempt: int) -> None:
        """Note an attempt that was handed out; ids rise."""
        self._newest = max(self._newest, attempt)

    def throttled(self, attempt: int) -> None:
        """Halve, once for all calls that were under way at the last cut."""
        if attempt > self._cut_at:
            self.allowed = max(1, self.allowed // 2)
            self._cut_at = self._newest
            self._answers = 0

    def answered(self) -> None:
        """Open by half after as many answers as are allowed in flight."""
        self._answers += 1
        if self._answers >= self.allowed:
            self._answers = 0
            self.allowed = min(self._ceiling, self.allowed + max(1, self.allowed // 2))


def expected_rate(pace: Pace, latency: float, tokens: float) -> float:
    """Items a second that a run can reach.

    Args:
        pace: Its bounds.
        latency: Seconds that one answer takes.
        tokens: Input + maxTokens of one call.
    """
    rates = [pace.concurrency / latency]
    if pace.requests_per_minute:
        rates.append(pace.requests_per_minute / 60)
    if pace.tokens_per_minute:
        rates.append(pace.tokens_per_minute / 60 / tokens)
    return min(rates)

"""The line of those that wait to be asked: retries until they are due, and what is new."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

from stillroom.labeling.retrying import History
from stillroom.labeling.values import Item


@dataclass(slots=True)
class Ticket:
    """An item on its way through the run."""

    item: Item
    history: History = field(default_factory=History)
    asked: bool = False
    """Whether a call was made about it in this run."""
    serial: int = 0
    """Rises with every attempt of the run."""


class Line:
    """Hands out tickets: a due retry, else a new item. Times are monotonic seconds."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = iter(items)
        self._new: Ticket | None = None
        self._delayed: list[tuple[float, int, Ticket]] = []

    @property
    def delayed(self) -> int:
        """How many wait to be asked again."""
        return len(self._delayed)

    def has_new(self) -> bool:
        """Whether there is an item that nobody has been asked about in this run."""
        if self._new is None:
            item = next(self._items, None)
            self._new = Ticket(item) if item is not None else None
        return self._new is not None

    def peek(self, now: float, *, new_first: bool = False) -> Ticket | None:
        """The next ticket that may begin; it stays in the line.

        Args:
            now: The present moment.
            new_first: Take new items before retries: some of those may make the service fail by themselves.
        """
        due = self._delayed[0][2] if self._delayed and self._delayed[0][0] <= now else None
        if due is not None and not (new_first and self.has_new()):
            return due
        return self._new if self.has_new() else None

    def due_in(self, now: float) -> float | None:
        """Seconds until the first retry is due; None: there is none."""
        return self._delayed[0][0] - now if self._delayed else None

    def drop(self, ticket: Ticket) -> None:
        """Take the peeked ticket out."""
        if ticket is self._new:
            self._new = None
        else:
            heapq.heappop(self._delayed)

    def put_back(self, ticket: Ticket, at: float) -> None:
        """Have a ticket wait until a moment."""
        heapq.heappush(self._delayed, (at, ticket.serial, ticket))

"""The rows of a big list, as far as they are at hand: ids of all, blocks of a few, nothing read here.

A screen draws what is here and asks for what is missing; whoever reads the store brings it later.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, Protocol, TypeAlias, TypeVar

SIZE: Final = 512
"""Rows of a block."""
KEPT: Final = 6
"""Blocks that are remembered: a screen's, those around it, and where one came from."""


class Known(Protocol):
    """A row that tells which it is."""

    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=Known)


class Missing(Enum):
    """Why there is no row to be shown."""

    COMING = "coming"
    """It has not been read yet."""
    GONE = "gone"
    """It was in the list when that was made, and is in the store no more."""


Slot: TypeAlias = R | Missing


@dataclass(frozen=True, slots=True)
class Request:
    """A block to be read."""

    number: int
    """Of the block, from 0."""
    ids: array[int]
    age: int
    """Which truth was wanted; an answer to an earlier one is not taken."""


@dataclass(slots=True)
class _Block(Generic[R]):
    rows: list[R | Missing]
    age: int


class Blocks(Generic[R]):
    """A list of ids and the blocks of rows that are at hand. Not for several threads."""

    def __init__(self, size: int = SIZE, kept: int = KEPT) -> None:
        self.ids: array[int] = array("q")
        self._size = size
        self._kept = kept
        self._age = 0
        self._oldest = 0
        """Answers older than this are of another list."""
        self._blocks: OrderedDict[int, _Block[R]] = OrderedDict()

    def __len__(self) -> int:
        return len(self.ids)

    def show(self, ids: array[int]) -> None:
        """Take another list. Rows of the same list stay until newer ones come."""
        self._age += 1
        if ids != self.ids:
            self._oldest = self._age
            self._blocks.clear()
        self.ids = ids

    def row(self, place: int) -> R | Missing:
        """The row at a place of the list, as far as it is known. Reads nothing."""
        number, within = divmod(place, self._size)
        block = self._blocks.get(number)
        if block is None or place >= len(self.ids):
            return Missing.COMING
        return block.rows[within]

    def wanted(self, first: int, last: int, forward: bool = True) -> Request | None:
        """What should be read next for the places from ``first`` to ``last`` (inclusive) to be shown.

        First what is seen and missing, then what is seen and outdated, then the next block in the direction
        of travel. None: nothing.
        """
        if not self.ids:
            return None
        last = max(0, min(last, len(self.ids) - 1))
        first = max(0, min(first, last))
        seen = range(first // self._size, last // self._size + 1)
        for number in seen:
            if number in self._blocks:
                self._blocks.move_to_end(number)
        for number in seen:
            if number not in self._blocks:
                return self._request(number)
        for number in seen:
            if self._blocks[number].age < self._age:
                return self._request(number)
        ahead = seen[-1] + 1 if forward else seen[0] - 1
        if 0 <= ahead * self._size < len(self.ids) and not self._is_fresh(ahead):
            return self._request(ahead)
        return None

    def arrived(self, request: Request, rows: Iterable[R]) -> range | None:
        """Take in what was read.

        Returns:
            The places that may look different now; None when the answer came too late.
        """
        held = self._blocks.get(request.number)
        if request.age < self._oldest or (held is not None and held.age > request.age):
            return None
        found = {row.id: row for row in rows}
        self._blocks[request.number] = _Block(
            [found.get(id, Missing.GONE) for id in request.ids], request.age
        )
        self._blocks.move_to_end(request.number)
        while len(self._blocks) > self._kept:
            self._blocks.popitem(last=False)
        start = request.number * self._size
        return range(start, start + len(request.ids))

    def at_hand(self) -> Sequence[int]:
        """Numbers of the blocks that are remembered, the one longest unused first."""
        return tuple(self._blocks)

    def _is_fresh(self, number: int) -> bool:
        block = self._blocks.get(number)
        return block is not None and block.age == self._age

    def _request(self, number: int) -> Request:
        start = number * self._size
        return Request(number, self.ids[start : start + self._size], self._age)

"""Which line said this first, in a few bytes a line."""

from __future__ import annotations

from array import array
from hashlib import blake2b


def digest_of(data: bytes) -> int:
    """A 64-bit digest, never 0. Among 200,000 lines the chance that any two meet is one in a billion."""
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little") or 1


class FirstLines:
    """Remembers the line on which a digest was seen first.

    An open-addressing table in two arrays: 12 bytes a slot, at most four fifths full. A set of them takes
    five times as much.
    """

    def __init__(self) -> None:
        self._make(1 << 12)

    def _make(self, slots: int) -> None:
        self._digests = array("Q", [0]) * slots
        self._lines = array("I", [0]) * slots
        self._mask = slots - 1
        self._room = slots * 4 // 5

    def add(self, digest: int, line: int) -> int:
        """Remember a digest.

        Args:
            digest: Not 0.
            line: 1-based.

        Returns:
            The line that had the digest first; 0 when it is new.
        """
        digests, mask = self._digests, self._mask
        slot = digest & mask
        while found := digests[slot]:
            if found == digest:
                return self._lines[slot]
            slot = (slot + 1) & mask
        digests[slot] = digest
        self._lines[slot] = line
        self._room -= 1
        if not self._room:
            self._grow()
        return 0

    def line_of(self, digest: int) -> int:
        """The line that had the digest first; 0 when it was never added."""
        slot = digest & self._mask
        while found := self._digests[slot]:
            if found == digest:
                return self._lines[slot]
            slot = (slot + 1) & self._mask
        return 0

    def _grow(self) -> None:
        digests, lines = self._digests, self._lines
        self._make(2 * len(digests))
        for digest, line in zip(digests, lines, strict=True):
            if digest:
                self.add(digest, line)

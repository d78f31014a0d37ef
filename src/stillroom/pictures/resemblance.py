"""Which difference hashes resemble each other, for many thousands at a time.

Two 64-bit hashes that differ in at most N bits agree in at least one of N + 1 chunks of their bits. So only
hashes that share a chunk are compared, and numpy compares them all at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Indexes = NDArray[np.intp]


def near_pairs(hashes: Hashes, distance: int) -> Iterator[tuple[Indexes, Indexes]]:
    """Yield arrays (a, b) of indexes of hashes that differ in at most `distance` bits.

    Every such pair comes at least once, in one order. Equal hashes make pairs too: pass unique ones.

    Args:
        hashes: Shape (n,).
        distance: Bits, 0–64.
    """
    everything: Indexes = np.arange(len(hashes))
    if distance >= 32:
        # Chunks of one or two bits narrow nothing down.
        yield from _pairs_within_runs(hashes, np.zeros(len(hashes), np.uint64), everything, distance)
        return
    edges = [64 * chunk // (distance + 1) for chunk in range(distance + 2)]
    for low, high in pairwise(edges):
        mask = np.uint64((1 << (high - low)) - 1)
        chunks = (hashes >> np.uint64(low)) & mask
        order = np.argsort(chunks, kind="stable")
        yield from _pairs_within_runs(hashes[order], chunks[order], everything[order], distance)


def _pairs_within_runs(
    hashes: Hashes, chunks: Hashes, names: Indexes, distance: int
) -> Iterator[tuple[Indexes, Indexes]]:
    """Compare each hash with the 1st, 2nd … after it, as long as their (sorted) chunks agree."""
    first: Indexes = np.arange(len(hashes))
    step = 1
    while len(first):
        first = first[first + step < len(hashes)]
        first = first[chunks[first] == chunks[first + step]]
        near = bits_set(hashes[first] ^ hashes[first + step]) <= distance
        if near.any():
            yield names[first[near]], names[first[near] + step]
        step += 1


def bits_set(values: Hashes) -> NDArray[np.uint64]:
    """Number of one bits of each value (numpy 1.26 has no bitwise_count)."""
    if hasattr(np, "bitwise_count"):
        return np.bitwise_count(values).astype(np.uint64)
    one, two, four = np.uint64(1), np.uint64(2), np.uint64(4)
    pairs = values - ((values >> one) & np.uint64(0x5555555555555555))
    twos = np.uint64(0x3333333333333333)
    fours = (pairs & twos) + ((pairs >> two) & twos)
    eights = (fours + (fours >> four)) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.asarray((eights * np.uint64(0x0101010101010101)) >> np.uint64(56))


class Groups:
    """Union-find over 0 … n-1, merging whole arrays of pairs at once."""

    def __init__(self, count: int) -> None:
        self._root: Indexes = np.arange(count)

    def merge(self, a: Indexes, b: Indexes) -> None:
        """Put a[i] and b[i] in one group, for every i."""
        while True:
            root_a, root_b = self._root[a], self._root[b]
            apart = root_a != root_b
            if not apart.any():
                return
            a, b, root_a, root_b = a[apart], b[apart], root_a[apart], root_b[apart]
            np.minimum.at(self._root, np.maximum(root_a, root_b), np.minimum(root_a, root_b))
            self._flatten()

    def _flatten(self) -> None:
        while True:
            shorter = self._root[self._root]
            if np.array_equal(shorter, self._root):
                return
            self._root = shorter

    def roots(self) -> Indexes:
        """The smallest index of each one's group, shape (n,)."""
        return self._root.copy()


class Resemblance:
    """Which of n pictures resemble which."""

    def __init__(self, dhashes: Sequence[int | None], distance: int) -> None:
        """Take the hashes.

        Args:
            dhashes: Unsigned 64-bit hashes; None resembles nothing.
            distance: Pictures resemble each other when their hashes differ in at most so many bits.
        """
        self._distance = distance
        known = np.array([dhash for dhash in dhashes if dhash is not None], dtype=np.uint64)
        self._hashes, places = np.unique(known, return_inverse=True)
        # A node is a distinct hash; a picture without a hash is a node of its own behind them.
        has_hash = np.array([dhash is not None for dhash in dhashes], dtype=bool)
        self._node: Indexes = np.empty(len(dhashes), dtype=np.intp)
        self._node[has_hash] = places
        self._node[~has_hash] = len(self._hashes) + np.arange(np.count_nonzero(~has_hash))
        self._nodes = len(self._hashes) + int(np.count_nonzero(~has_hash))

    def group_count(self) -> int:
        """Number of groups among all pictures; one that resembles nothing is a group."""
        return len(np.unique(self._all))

    def groups(self, pictures: Sequence[int]) -> list[list[int]]:
        """Group some of the pictures (indexes) as if there were no others."""
        taken = np.zeros(self._nodes, dtype=bool)
        taken[self._node[list(pictures)]] = True
        roots = (self._all if taken.all() else self._roots(taken))[self._node]
        groups: dict[int, list[int]] = {}
        for picture in pictures:
            groups.setdefault(int(roots[picture]), []).append(picture)
        return list(groups.values())

    @cached_property
    def _all(self) -> Indexes:
        return self._roots(np.ones(self._nodes, dtype=bool))

    def _roots(self, taken: NDArray[np.bool_]) -> Indexes:
        """Merge the taken nodes that resemble each other."""
        merged = Groups(self._nodes)
        for a, b in near_pairs(self._hashes, self._distance):
            both = taken[a] & taken[b]
            merged.merge(a[both], b[both])
        return merged.roots()

    def touched(self, marked: Sequence[bool]) -> list[bool]:
        """For each picture, whether it resembles a marked one (a marked one resembles itself)."""
        own = np.zeros(self._nodes, dtype=bool)
        own[self._node[np.array(marked, dtype=bool)]] = True
        near = own.copy()
        for a, b in near_pairs(self._hashes, self._distance):
            near[a[own[b]]] = True
            near[b[own[a]]] = True
        return [bool(value) for value in near[self._node]]

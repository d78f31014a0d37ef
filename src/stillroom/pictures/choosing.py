"""Choosing whole groups whose sizes add up to a number."""

from __future__ import annotations

from collections.abc import Sequence


def choose(sizes: Sequence[int], target: int) -> list[int]:
    """Choose groups, the earlier the better, that make up the target exactly or the nearest sum below it.

    First in order, passing over groups that would overshoot. Only where that misses a sum that can be had
    (no single pictures left to fill up with), sizes are chosen by dynamic programming, and of each size the
    earliest groups.

    Args:
        sizes: Positive sizes of the groups, in the order of preference.
        target: What they should add up to.

    Returns:
        Indexes of the chosen groups.
    """
    chosen = []
    left = target
    for index, size in enumerate(sizes):
        if size <= left:
            chosen.append(index)
            left -= size
    if not left:
        return chosen
    better = _by_sums(sizes, target)
    return better if sum(sizes[index] for index in better) > target - left else chosen


def _by_sums(sizes: Sequence[int], target: int) -> list[int]:
    """Bounded subset sums; a set of sums is an integer whose bit s says that s can be had."""
    of_size: dict[int, list[int]] = {}
    for index, size in enumerate(sizes):
        of_size.setdefault(size, []).append(index)
    everything = (1 << (target + 1)) - 1
    before: list[tuple[int, int]] = []
    sums = 1
    for size, indexes in of_size.items():
        before.append((size, sums))
        count, block = len(indexes), 1
        while count:
            block = min(block, count)
            sums |= (sums << (size * block)) & everything
            count -= block
            block *= 2
    chosen = []
    left = sums.bit_length() - 1
    for size, earlier in reversed(before):
        number = 0
        while not earlier >> left & 1:
            left -= size
            number += 1
        chosen.extend(of_size[size][:number])
    return sorted(chosen)

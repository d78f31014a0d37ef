"""Doing the same to many things on all cores, in order, with a bounded number under way."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")


def usable_cores() -> int:
    """Cores this process may use, which a container may have fewer of than the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(
    work: Callable[[Thing], Result], things: Iterable[Thing], workers: int | None = None
) -> Iterator[Result]:
    """Yield the results in the order of the things, which are drawn only as the work proceeds.

    An exception of the work is raised at its place. Closing the iterator cancels what has not begun and waits
    for what has.
    """
    count = workers or usable_cores()
    under_way: deque[Future[Result]] = deque()
    pool = ThreadPoolExecutor(count, thread_name_prefix="pictures")
    try:
        for thing in things:
            under_way.append(pool.submit(work, thing))
            if len(under_way) >= 8 * count:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)

"""Runs steps in threads of their own, so that a front end stays free to draw and to listen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from stillroom.background.progress import Slot

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Signals:
    """What a front end can tell running work. Work looks at them; nothing is killed."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    """Begin nothing new; finish and store what is under way."""
    abandoned: threading.Event = field(default_factory=threading.Event)
    """Leave at once; what is under way stays "outcome unknown"."""
    paused: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Ask to stop; asked a second time, ask to leave at once."""
        if self.cancelled.is_set():
            self.abandoned.set()
        self.cancelled.set()


class Handle(Generic[T]):
    """One piece of work that is running or has ended."""

    def __init__(self, name: str, slot: Slot, signals: Signals, future: Future[T]) -> None:
        self.name = name
        self.slot = slot
        self.signals = signals
        self._future = future

    @property
    def running(self) -> bool:
        return not self._future.done()

    def wait(self, seconds: float | None) -> bool:
        """Wait at most so long; True when the work has ended."""
        ended = threading.Event()
        self._future.add_done_callback(lambda _: ended.set())
        return ended.wait(seconds)

    def result(self) -> T:
        """Give what the work returned, or raise what it raised. Blocks until it has ended."""
        return self._future.result()


class Runner:
    """Owns the threads of long work. Each front end makes one and closes it last."""

    def __init__(self, threads: int = 4) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="stillroom-work")
        self._handles: list[Handle[object]] = []

    def start(self, name: str, work: Callable[[Slot, Signals], T]) -> Handle[T]:
        """Begin ``work`` in a thread and return at once."""
        slot, signals = Slot(name), Signals()
        handle = Handle(name, slot, signals, self._pool.submit(work, slot, signals))
        self._handles.append(handle)  # type: ignore[arg-type]
        return handle

    def running(self) -> list[Handle[object]]:
        """The work that has not ended, oldest first."""
        self._handles = [handle for handle in self._handles if handle.running]
        return list(self._handles)

    def close(self) -> None:
        """Ask everything to stop and wait for it."""
        for handle in self.running():
            handle.signals.cancel()
        self._pool.shutdown(wait=True)

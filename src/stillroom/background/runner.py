"""Runs steps in threads of their own, so that a front end stays free to draw and to listen."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
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
        """Ask to stop; asking again changes nothing, so that a key that was pressed twice loses nothing."""
        self.cancelled.set()

    def abandon(self) -> None:
        """Ask to leave at once."""
        self.cancel()
        self.abandoned.set()


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
        return bool(wait([self._future], seconds).done)

    def result(self) -> T:
        """Give what the work returned, or raise what it raised. Blocks until it has ended."""
        return self._future.result()


class Runner:
    """Owns the threads of long work. Each front end makes one and closes it last.

    The threads are daemons: whoever leaves at once must not wait for a call that hangs.
    """

    def __init__(self) -> None:
        self._works: list[tuple[Signals, threading.Thread]] = []

    def start(
        self, name: str, work: Callable[[Slot, Signals], T], signals: Signals | None = None
    ) -> Handle[T]:
        """Begin ``work`` in a thread and return at once.

        Args:
            name: What the work is called.
            work: Gets the slot it reports into and the signals it listens to.
            signals: Signals that somebody holds already; None: new ones.
        """
        slot, signals = Slot(name), signals or Signals()
        future: Future[T] = Future()
        thread = threading.Thread(
            target=_settle, args=(future, work, slot, signals), name=f"work-{name}", daemon=True
        )
        self._works = [each for each in self._works if each[1].is_alive()]
        self._works.append((signals, thread))
        thread.start()
        return Handle(name, slot, signals, future)

    def stop(self) -> None:
        """Ask everything to stop. Returns at once."""
        for signals in self._alive():
            signals.cancel()

    def abandon(self) -> None:
        """Ask everything to leave at once. Returns at once."""
        for signals in self._alive():
            signals.abandon()

    def _alive(self) -> list[Signals]:
        return [signals for signals, thread in self._works if thread.is_alive()]

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for everything, at most so long; True when nothing runs."""
        deadline = None if seconds is None else time.monotonic() + seconds
        for _, thread in self._works:
            thread.join(None if deadline is None else max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for _, thread in self._works)

    def close(self) -> None:
        """Ask everything to stop and wait for it."""
        self.stop()
        self.wait()


def _settle(future: Future[T], work: Callable[[Slot, Signals], T], slot: Slot, signals: Signals) -> None:
    future.set_running_or_notify_cancel()
    try:
        result = work(slot, signals)
    except BaseException as error:  # noqa: BLE001 - a thread's edge: raised where the result is asked for
        future.set_exception(error)
    else:
        future.set_result(result)

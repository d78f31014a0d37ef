"""Threads for short look-ups, which nobody waits for when the program ends.

``ThreadPoolExecutor`` joins its threads at the end of the interpreter: one call hangs, and quitting hangs.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class LookUps(ThreadPoolExecutor):
    """An executor of daemon threads. asyncio wants the base class; nothing of it is used."""

    def __init__(self, size: int) -> None:
        """Set up; threads are started as they are needed.

        Args:
            size: How many look-ups may be under way at a time.
        """
        super().__init__(1)
        self._size = size
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._guard = threading.Lock()
        self._started = 0
        self._idle = 0
        self._closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call a function in a thread.

        Raises:
            RuntimeError: It has been shut down.
        """
        future: Future[T] = Future()

        def call() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - a thread's edge: raised where it is awaited
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._guard:
            if self._closed:
                raise RuntimeError("the look-ups are over")
            if self._idle:
                self._idle -= 1
            elif self._started < self._size:
                self._started += 1
                threading.Thread(target=self._serve, name=f"look-up-{self._started}", daemon=True).start()
            self._calls.put(call)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the threads go when they have nothing to do. Waits for nothing, whatever is asked."""
        with self._guard:
            self._closed = True
            for _ in range(self._started):
                self._calls.put(None)

    def _serve(self) -> None:
        for call in iter(self._calls.get, None):
            call()
            with self._guard:
                self._idle += 1

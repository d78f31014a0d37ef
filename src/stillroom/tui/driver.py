"""The terminal's two ends, made to survive that the terminal goes away.

Textual writes in a thread, fed by a queue of thirty pieces. When the terminal is gone that thread dies
of an OSError, the queue fills, and the event loop waits for ever for room in it: no signal is heard any more.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from queue import Full, Queue
from threading import Event
from typing import IO, Final

from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver

_CATCH_UP_SECONDS: Final = 1.0
"""A terminal that was stopped with ctrl+s takes nothing; it is not waited for."""


class Writer(WriterThread):
    """Writes to the terminal; when there is none any more it goes on taking, and writes nothing."""

    def __init__(self, file: IO[str]) -> None:
        super().__init__(file)
        self._pieces: Queue[str | Event | None] = self._queue  # type: ignore[assignment]

    def run(self) -> None:
        try:
            while (piece := self._pieces.get()) is not None:
                if isinstance(piece, str):
                    self._file.write(piece)
                if isinstance(piece, Event) or not self._pieces.qsize():
                    self._file.flush()
                if isinstance(piece, Event):
                    piece.set()
            self._file.flush()
        except OSError:
            while (piece := self._pieces.get()) is not None:
                if isinstance(piece, Event):
                    piece.set()

    def catch_up(self, seconds: float) -> bool:
        """Wait until all that was given so far is at the terminal; False when that takes longer."""
        caught_up = Event()
        try:
            self._pieces.put(caught_up, timeout=seconds)
        except Full:
            return False
        return caught_up.wait(seconds)


class SurvivingDriver(LinuxDriver):
    """Textual's driver for terminals, with a writer that nobody waits for in vain."""

    def start_application_mode(self) -> None:
        """Take the terminal, and then write through a :class:`Writer`."""
        begin: Callable[[], None] = super().start_application_mode
        begin()
        usual = self._writer_thread
        if usual is not None and self._file is not None:
            writer = Writer(self._file)
            writer.start()
            self._writer_thread = writer
            usual.stop()  # what it still has goes out first: our queue is empty until now

    def stop_application_mode(self) -> None:
        """Give the terminal back; what others write to it from now on follows that."""
        super().stop_application_mode()
        writer = self._writer_thread
        if isinstance(writer, Writer) and writer.is_alive():
            writer.catch_up(_CATCH_UP_SECONDS)

    def run_input_thread(self) -> None:
        """Read keys until the end, or until the terminal is gone; the application notices that by itself."""
        try:
            super().run_input_thread()
        except OSError:
            if os.isatty(self.fileno):
                raise

"""The terminal's two ends, made to survive that the terminal goes away.

Textual writes in a thread, fed by a queue of thirty pieces. When the terminal is gone that thread dies
of an OSError, the queue fills, and the event loop waits for ever for room in it: no signal is heard any more.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver


class Writer(WriterThread):
    """Writes to the terminal; when there is none any more it goes on taking, and writes nothing."""

    def run(self) -> None:
        try:
            super().run()
        except OSError:
            while self._queue.get() is not None:
                pass


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

    def run_input_thread(self) -> None:
        """Read keys until the end, or until the terminal is gone; the application notices that by itself."""
        try:
            super().run_input_thread()
        except OSError:
            if os.isatty(self.fileno):
                raise

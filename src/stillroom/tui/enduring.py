"""An application that ends well however it is ended: by a signal, a terminal that went away, or a fault.

In every case the terminal is given back as it was, what is stored stays whole, and the exit code tells.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from rich.console import RenderableType
from textual import events
from textual.app import ReturnType
from textual.binding import Binding
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.timer import Timer
from textual.worker import WorkerFailed

from stillroom.terminal import is_ascii
from stillroom.tui.clicking import Hit
from stillroom.tui.driver import SurvivingDriver
from stillroom.tui.in_turn import InTurn
from stillroom.tui.plain import plain_key

SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
"""A dropped connection, a polite kill, and a Ctrl-C that came not as a key."""
_TERMINAL_LOOK_SECONDS = 1.0
_REPAINT_SECONDS = 0.1
_LAST_RESORT_SECONDS = 15.0
"""From a signal to the end, whatever hangs. What is stored survives that, as it survives SIGKILL."""
_GIVE_BACK = "\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
"""Mouse, paste, wrapping, keys, alternate screen, cursor, focus: as Textual's driver gives them back."""


class Enduring(InTurn[ReturnType], inherit_bindings=False):
    """What the workbench and the list of projects have in common.

    Attributes:
        failure: What nobody foresaw; to be raised again when the terminal has been restored.
        signalled: The signal that ended it; None when none did.
        latest_hit: What the latest click that was meant has hit.
    """

    def __init__(self) -> None:
        super().__init__()
        self.failure: BaseException | None = None
        self.signalled: int | None = None
        self.latest_hit: Hit | None = None
        self._ascii_only = is_ascii(os.environ)
        self.end_for_sure = _end_for_sure
        """What a signal sets going beside the orderly end; the process is gone after it, whatever hangs."""
        self._before: dict[int, Any] = {}
        self._attributes: list[Any] | None = None
        self._repaint: Timer | None = None

    def get_driver_class(self) -> type[Driver]:
        """Textual's choice, except that the terminal may go away."""
        usual = super().get_driver_class()
        return SurvivingDriver if usual is LinuxDriver else usual

    def get_key_display(self, binding: Binding) -> str:
        """How a key is shown, also where there is no more than ASCII."""
        shown = super().get_key_display(binding)
        return plain_key(shown) if self._ascii_only else shown

    def endure(self, leave: Callable[[int], None], hurry: Callable[[], None] = lambda: None) -> None:
        """Listen to signals and watch the terminal, from now until :meth:`relent`.

        Args:
            leave: Ends the application with an exit code.
            hurry: Called at any further signal: do not wait for what is under way.
        """
        loop = asyncio.get_running_loop()

        def heard(number: int, frame: FrameType | None = None) -> None:
            again = self.signalled is not None or not self._running
            if self.signalled is None:
                self.signalled = number
                self.end_for_sure(number, self._attributes)
                loop.call_soon_threadsafe(leave, 128 + number)
            if again:
                hurry()

        # Not the loop's own handlers: those are heard only by a loop that is not blocked.
        with suppress(ValueError):
            self._before = {number: signal.signal(number, heard) for number in SIGNALS}
        stdin = sys.__stdin__
        if not self.is_headless and stdin is not None and stdin.isatty():
            descriptor = stdin.fileno()
            with suppress(termios.error):
                self._attributes = getattr(self._driver, "attrs_before", None) or termios.tcgetattr(
                    descriptor
                )

            def look() -> None:
                if not os.isatty(descriptor):
                    heard(signal.SIGHUP)

            self.set_interval(_TERMINAL_LOOK_SECONDS, look)

    def on_resize(self, event: events.Resize) -> None:
        """Paint everything a moment after the last of several new sizes.

        A terminal that was narrow in between, or another program's, has lost what was there; Textual paints
        nothing when the size that it is told is the one that it knows.
        """
        if self._repaint is None:
            self._repaint = self.set_timer(_REPAINT_SECONDS, self._paint_all)
        else:
            self._repaint.reset()

    def _paint_all(self) -> None:
        self._repaint = None
        if self.is_running and self._screen_stack:
            behind = self._background_screens
            self._display(self.screen, self.screen._compositor.render_update(full=True, screen_stack=behind))

    def relent(self) -> None:
        """Give the signals back to whoever had them."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}

    def panic(self, *renderables: RenderableType) -> None:
        """End. Textual would print what it is given: a traceback. Whatever failed is told elsewhere."""
        self._handle_exception(RuntimeError("the terminal could not be read"))

    def _handle_exception(self, error: Exception) -> None:
        """End, restore the terminal, and leave the telling to whoever opened the application.

        Textual would print a traceback with all local variables, which may hold what must not be shown.
        """
        if isinstance(error, WorkerFailed):
            error = error.error if isinstance(error.error, Exception) else error
        self.failure = self.failure or error
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()


def _end_for_sure(number: int, attributes: list[Any] | None) -> None:
    """See to it that a signal ends the process even where everything hangs."""

    def end() -> None:
        if attributes is not None:
            writing = threading.Thread(target=_give_back, args=(attributes,), daemon=True)
            writing.start()
            writing.join(1.0)
        os._exit(128 + number)

    timer = threading.Timer(_LAST_RESORT_SECONDS, end)
    timer.daemon = True
    timer.start()


def _give_back(attributes: list[Any]) -> None:
    with suppress(termios.error, OSError):
        termios.tcsetattr(0, termios.TCSANOW, attributes)
        os.write(2, _GIVE_BACK.encode("ascii"))

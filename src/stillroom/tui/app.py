"""The workbench: wires screens, theme, keys, runner and signals. What is done is done by steps."""

from __future__ import annotations

import asyncio
import importlib
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.notifications import SeverityLevel
from textual.screen import Screen

from stillroom.background import Runner
from stillroom.errors import Interrupted, StillroomError
from stillroom.steps.workspace import Workspace
from stillroom.tui.acting import act
from stillroom.tui.actions import SCREENS, bindings, by_id
from stillroom.tui.cells import safe
from stillroom.tui.desk import AnyStep, Desk, Work
from stillroom.tui.screens.base import Room

_TICK_SECONDS = 0.1
_LOOKUPS = 16
"""Threads for short look-ups; asyncio's own pool would have six on two cores."""


def _room(name: str) -> Callable[[], Screen[None]]:
    """A screen by its name, imported when it is first shown."""

    def make() -> Screen[None]:
        module = importlib.import_module(f"stillroom.tui.screens.{name}")
        screen: Screen[None] = getattr(module, name.capitalize())()
        return screen

    return make


class Workbench(App[int]):
    """The application of one open project."""

    TITLE = "Stillroom"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    CSS_PATH: ClassVar[list[str]] = ["styles/frame.tcss", "styles/screens.tcss"]
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {name: _room(name) for name in SCREENS}
    DEFAULT_MODE = SCREENS[0]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app")]

    def __init__(
        self, workspace: Workspace, *, read_only: bool = False, first: AnyStep | None = None
    ) -> None:
        """Wire it.

        Args:
            workspace: The open project.
            read_only: Show plans, execute nothing.
            first: A step to start with, agreed to by whoever opened this (``demo``).
        """
        super().__init__()
        self.desk = Desk(workspace, Runner(), read_only=read_only)
        self.first = first
        self.failure: BaseException | None = None
        """What nobody foresaw; raised again when the terminal has been restored."""
        self._snapshots: dict[int, object] = {}

    async def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(_LOOKUPS, "look-up"))
        for number in (signal.SIGHUP, signal.SIGTERM):
            # A dropped connection and a polite kill end like a quit: terminal restored, work stored.
            with suppress(NotImplementedError, ValueError):
                loop.add_signal_handler(number, self.exit, 128 + number)
        self.desk.open()
        self.set_interval(_TICK_SECONDS, self._tick)
        if self.first is not None:
            self.act(self.first, agreed=True)

    async def on_unmount(self) -> None:
        await asyncio.to_thread(self.desk.close)

    def _tick(self) -> None:
        """Hand what threads have reported to the screen that is shown."""
        ended = self.desk.settled()
        for work in ended:
            self._say_ended(work)
        room = self.screen
        if not isinstance(room, Room):
            return
        snapshots = {work.number: work.progress for work in self.desk.running}
        moved = snapshots.keys() != self._snapshots.keys() or any(
            snapshots[number] is not self._snapshots[number] for number in snapshots
        )
        self._snapshots = dict(snapshots)
        if moved:
            room.advanced(self.desk.running)
        if ended:
            self.desk.refresh()
        room.ticked()
        room.frame_again()

    def _say_ended(self, work: Work) -> None:
        error = work.error
        if error is None:
            self.say(f"Done: {work.plan.title}")
        elif isinstance(error, Interrupted):
            self.say(str(error).partition("\n")[0])
        elif isinstance(error, StillroomError):
            self.say_error(error)
        else:
            raise error

    # What screens call.

    def act(self, *steps: AnyStep, agreed: bool = False) -> None:
        """Plan steps, ask about one after the other, and start them; see :func:`stillroom.tui.acting.act`."""

        async def each() -> None:
            for step in steps:
                await act(self, step, agreed=agreed)

        self.run_worker(each(), group="act")

    def say(self, text: str, *, severity: SeverityLevel = "information") -> None:
        """A notice that goes away by itself and stays in the list of notices."""
        self.notify(safe(text), severity=severity, markup=False)

    def say_error(self, error: StillroomError) -> None:
        """What happened, and what to do."""
        text = safe(error.what) + (f"\n{safe(error.todo)}" if error.todo else "")
        self.notify(text, severity="error", timeout=12, markup=False)

    def word_of(self, binding: str) -> str:
        """The footer's word for a binding."""
        action = by_id(binding)
        return action.word if action is not None else ""

    # Actions of the application.

    async def action_go(self, name: str) -> None:
        await self.switch_mode(name)

    def action_look_again(self) -> None:
        self.desk.refresh()
        if isinstance(self.screen, Room):
            self.screen.look()

    def action_leave(self) -> None:
        self.exit(0)

    def _handle_exception(self, error: Exception) -> None:
        """End, restore the terminal, and leave the telling to whoever opened the workbench.

        Textual would print a traceback with all local variables, which may hold what must not be shown.
        """
        self.failure = self.failure or error
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()


def run(workspace: Workspace, *, read_only: bool = False, first: AnyStep | None = None) -> int:
    """Open the workbench and stay until it is left.

    Returns:
        The exit code.
    """
    app = Workbench(workspace, read_only=read_only, first=first)
    app.run()
    if app.failure is not None:
        raise app.failure
    sys.stdout.flush()
    return app.return_value or 0

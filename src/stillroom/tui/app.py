"""The workbench: wires screens, theme, keys, runner and signals. What is done is done by steps."""

from __future__ import annotations

import asyncio
import gc
import importlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import RenderableType
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.command import Provider
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widget import Widget

from stillroom.background import Runner
from stillroom.errors import Interrupted, StillroomError
from stillroom.steps.plan import Plan
from stillroom.steps.workspace import Workspace
from stillroom.terminal import is_ascii
from stillroom.tui.acting import act
from stillroom.tui.actions import SCREENS, Action, bindings, by_id, every_action
from stillroom.tui.cells import safe
from stillroom.tui.desk import AnyStep, Desk, Work
from stillroom.tui.ending import ended_badly, ended_words
from stillroom.tui.jumping import Spot, spots_of
from stillroom.tui.keymap import load_keymap, remember_keys
from stillroom.tui.lookups import LookUps
from stillroom.tui.outside import edit_file
from stillroom.tui.plain import InAscii
from stillroom.tui.preferences import FILE_NAME, load_preferences
from stillroom.tui.remembered import Remembered
from stillroom.tui.screens.base import Room
from stillroom.tui.speaking import Speaking
from stillroom.tui.themes import DEFAULT, begin_with_theme, load_themes, readable_theme, use_theme
from stillroom.tui.viewing import Viewing, terminal_cell
from stillroom.tui.visiting import Visiting
from stillroom.tui.widgets.frame import hourly

if TYPE_CHECKING:
    from stillroom.steps.validating import ValidateResult

_TICK_SECONDS = 0.1
_IDLE_TICKS = 3
"""While nothing runs only every so many-th tick looks for changes."""
_LOOKUPS = 16
"""Threads for short look-ups; asyncio's own pool would have six on two cores."""
_HASTE_SECONDS = 5.0
"""What work gets to store what is under way when a signal ends us; the one who quits waits longer."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """How the workbench was left."""

    code: int
    """Exit code."""
    choose: bool = False
    """Whether another project is to be chosen."""


_GOODBYE = Leaving(0)


def _room(name: str) -> Callable[[], Screen[None]]:
    """A screen by its name, imported when it is first shown."""

    def make() -> Screen[None]:
        module = importlib.import_module(f"stillroom.tui.screens.{name}")
        screen: Screen[None] = getattr(module, name.capitalize())()
        return screen

    return make


def _palette() -> type[Provider]:
    """What the palette searches, imported when it is first opened."""
    from stillroom.tui.palette import Palette

    return Palette


class Workbench(Speaking[Leaving], inherit_bindings=False):
    """The application of one open project."""

    TITLE = "Stillroom"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["styles/frame.tcss"]
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {name: _room(name) for name in SCREENS}
    DEFAULT_MODE = SCREENS[0]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app")]
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}

    def __init__(
        self, workspace: Workspace, *, read_only: bool = False, first: AnyStep | None = None
    ) -> None:
        """Wire it.

        Args:
            workspace: The open project.
            read_only: Show plans, execute nothing.
            first: A step to start with, agreed to by whoever opened this (``demo``) on a sandbox.
        """
        super().__init__()
        self.desk = Desk(workspace, Runner(), read_only=read_only)
        self.first = first
        self.remembered = Remembered(os.environ)
        self.visit = self.remembered.visit(workspace.root)
        """Where one was when this project was left."""
        self.preferences = load_preferences(os.environ)
        self.viewing = Viewing(
            lambda path: workspace.project.pictures_folder / path,
            way=self.preferences.images,
            ascii_only=is_ascii(os.environ),
            cell=terminal_cell,
        )
        self.desk.file_read = self.viewing.shelf.doubt  # the pictures may lie elsewhere
        self.viewing.shown = self.viewing.shown and self.visit.pictures
        self.themes_found = load_themes(os.environ)
        self.chosen_theme = self.visit.theme  # by its key, in this project; empty: the preferences say which
        wanted = self.chosen_theme or self.preferences.theme or DEFAULT
        self._first_theme = readable_theme(os.environ, wanted, self.themes_found.by_name)
        begin_with_theme(self, self._first_theme, self.themes_found.by_name)
        self.cut_off: tuple[Plan, ...] = ()
        """What was under way when it was left."""
        self.drawn = False  # the first screen
        self.visiting = Visiting(self, self.visit)
        self.checked: ValidateResult | None = None
        """What the latest check of the records has found; None: there was none yet."""
        self._snapshots: dict[int, object] = {}
        self._ticks = 0
        self._broken: StillroomError | None = None  # what was wrong with the project file at the latest tick

    async def on_mount(self) -> None:
        self._use_theme(self._first_theme)
        asyncio.get_running_loop().set_default_executor(LookUps(_LOOKUPS))
        self.endure(lambda code: self.exit(Leaving(code)), self.desk.hurry)
        keymap = load_keymap(os.environ, every_action())
        self.set_keymap(keymap.keys)
        remember_keys(keymap)
        themes, preferences = self.themes_found, self.preferences
        no_theme = [f"{FILE_NAME}: {line}" for line in themes.lack_of(preferences.theme)]
        self.warn_of([*preferences.notices, *no_theme, *themes.notices, *keymap.notices])
        if self.visit.screen in SCREENS and self.first is None:
            await self.switch_mode(self.visit.screen)
        if self.first is not None:
            self.act(self.first, agreed=True)

    def on_ready(self) -> None:
        # Whatever else there is to do would take the processor from the first screen.
        self.screen.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """Begin to look at what changes, when the first screen has been drawn."""
        self.drawn = True
        if not gc.isenabled():
            # Switched off while it was opened. What is there now stays: looking through it would take long.
            gc.freeze()
            gc.enable()
        self.desk.open()
        self.set_interval(1.0, self._read_themes)
        self.run_worker(self.visiting.begin(), group="remember")
        self.set_interval(_TICK_SECONDS, self._tick)

    async def on_unmount(self) -> None:
        self.visiting.keep()
        works = self.desk.running
        haste = self.signalled is not None or self.failure is not None
        if works and not haste and not self.is_headless:
            os.write(2, b"Stopping: waiting for what is under way. Ctrl-C leaves at once.\n")
        closing = partial(self.desk.close, _HASTE_SECONDS) if haste else self.desk.close
        await asyncio.gather(asyncio.to_thread(self.viewing.close), asyncio.to_thread(closing))
        ended = [work for work in works if work.settle(self.desk.now()) and work.error is None]
        self.cut_off = tuple(work.plan for work in works if work not in ended)
        self.relent()

    def exit(
        self, result: Leaving | None = None, return_code: int = 0, message: RenderableType | None = None
    ) -> None:
        """End, and remember where one was while there are screens to ask."""
        self.visiting.keep()
        super().exit(result, return_code, message)

    @property
    def rooms(self) -> list[Room[Any]]:
        """The screens that have been opened."""
        return [room for stack in self._screen_stacks.values() for room in stack if isinstance(room, Room)]

    def _tick(self) -> None:
        """Hand what threads have reported to the screen that is shown."""
        self._ticks += 1
        if not self.desk.running and self._ticks % _IDLE_TICKS:
            return
        self.desk.catch_up()
        ended = self.desk.settled()
        fault = self.desk.fault()
        if fault is not None:
            raise fault
        for work in ended:
            self._say_ended(work)
        broken, self._broken = self._broken, self.desk.broken
        if broken is not None and str(broken) != str(self._broken):
            self.take_back(broken)  # the file is right again, or wrong elsewhere
        for each in self.desk.happened():
            self.say(each.text, severity="error" if each.bad else "information")
        if not self.is_running:
            return  # a last tick while the screens are being taken down
        room = self.screen
        if not isinstance(room, Room) or not room.is_mounted:
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
            room.look()
        room.ticked()
        room.frame_again()

    def _read_themes(self) -> None:
        """Take in theme files that were changed while we run."""
        if self.themes_found.changed():
            self.warn_of(self.themes_found.notices)
            self._use_theme(readable_theme(os.environ, self.theme, self.themes_found.by_name))

    def _say_ended(self, work: Work) -> None:
        error = work.error
        if error is None:
            bad = ended_badly(work.plan, work.result)
            words = ended_words(work.plan, work.result, on=self.current_mode)
            self.say(words, severity="error" if bad else "information")
            if work.plan.verb == "validate":
                self.checked = work.result
        elif isinstance(error, Interrupted):
            self.say(str(error).partition("\n")[0])
        elif isinstance(error, StillroomError):
            self.say_error(error)
        else:
            raise error

    # What screens call.

    def act(self, *steps: AnyStep, agreed: bool = False, above: Sequence[str] = ()) -> None:
        """Plan steps, ask about one after the other, and start them; see :func:`stillroom.tui.acting.act`."""
        if not agreed:
            self.hush()

        async def each() -> None:
            for number, step in enumerate(steps, 1):
                await act(self, step, agreed=agreed, following=len(steps) - number, above=above)

        self.run_worker(each(), group="act")

    def word_of(self, binding: str) -> str:
        """The footer's word for a binding."""
        action = by_id(binding)
        return action.word if action is not None else ""

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Everything that has a key, here or on another screen, can be found by its name too."""
        from stillroom.tui.palette import commands_of

        yield from commands_of(screen, self._run_there)
        for name in self.theme_names:
            yield SystemCommand(f"Theme {name}", "colours", partial(self._choose_theme, name))

    async def _run_there(self, action: Action) -> None:
        """Go to the screen of an action, and do it when the screen knows what it shows."""
        await self.action_go(action.scope)
        room = self.screen
        if isinstance(room, Room):
            from stillroom.tui.palette import do_there

            room.when_seen(partial(do_there, self, action, room))

    # Actions of the application.

    def action_command_palette(self) -> None:
        from stillroom.tui.palette import Search

        if not isinstance(self.screen, Search):
            self.push_screen(Search(id="--command-palette"))

    async def action_go(self, name: str) -> None:
        if name != self.current_mode:
            self.hush()  # an error is about the screen that is left
        await self.switch_mode(name)

    def action_look_again(self) -> None:
        self.desk.refresh()
        if isinstance(self.screen, Room):
            self.screen.look()

    def action_help(self) -> None:
        room = self.screen
        if isinstance(room, Room):
            from stillroom.tui.screens.help import Help, live_keys

            self.push_screen(Help(f"{room.NAME.capitalize()}: keys", live_keys(room), room.signs()))

    def action_notices(self) -> None:
        from stillroom.tui.screens.notices import Notices

        self.hush()
        self.push_screen(Notices(tuple(self.notices)))

    def action_jump(self) -> None:
        """Put a letter on every tab, row and field, and go where one is pressed."""
        from stillroom.tui.screens.jump import Jump

        def chosen(spot: Spot | None) -> None:
            if spot is not None:
                self.call_later(spot.go)

        self.push_screen(Jump(spots_of(self.screen.query(Widget))), chosen)

    def action_copy(self) -> None:
        room = self.screen
        if text := room.copied() if isinstance(room, Room) else "":
            self.copy_text(text)
        else:
            self.say("There is nothing to copy here.")

    def action_next_theme(self) -> None:
        names = self.theme_names
        after = names.index(self.theme) + 1 if self.theme in names else 0
        self._choose_theme(names[after % len(names)])
        self.say(f"Theme {self.theme}")

    @property
    def theme_names(self) -> list[str]:
        """Our own themes and the user's that can be read here; not those that Textual brings."""
        themes = self.themes_found.by_name
        return [name for name in sorted(themes) if readable_theme(os.environ, name, themes) == name]

    def _choose_theme(self, name: str) -> None:
        self._use_theme(name)
        self.chosen_theme = name

    def _use_theme(self, name: str) -> None:
        use_theme(self, name, self.themes_found.by_name)

    def action_pictures(self) -> None:
        """Draw pictures, or a line about each in their place."""
        self.say(self.viewing.toggle())

    def action_projects(self) -> None:
        """Leave this project and choose another."""
        self.action_leave(Leaving(0, choose=True))

    def action_edit_project(self) -> None:
        if self.desk.read_only:
            self.say("Read-only: the project file is not edited.")
            return
        try:
            edit_file(self, self.desk.workspace.project.file, self.children_environ)
            self.hush()
            self.desk.follow_file()
        except StillroomError as error:
            self.say_error(error)
        self.action_look_again()

    def action_leave(self, leaving: Leaving = _GOODBYE) -> None:
        """Quit at once, or ask when work is running or something bills by the hour."""
        lines = [f"{work.sign} {safe(work.plan.title)}" for work in self.desk.running]
        if lines:
            lines.append("It stops after what is under way; the same command goes on from there.")
        heading = self.desk.heading
        if heading is not None and heading.hourly_things:
            lines.append(f"{hourly(heading)} goes on billing: remove it on the Jobs screen.")
        if not lines:
            self.exit(leaving)
            return
        if self.desk.kept:
            lines.append(f"{self.desk.kept}, used or not.")

        def answered(yes: bool | None) -> None:
            if yes:
                self.exit(leaving)

        from stillroom.tui.screens.question import Question

        self.push_screen(Question("Quit Stillroom?", lines, "quit"), answered)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every line passes: no character beyond ASCII where the locale promises no more."""
        filters = super().get_line_filters()
        return [*filters, InAscii()] if self.viewing.ascii_only else filters

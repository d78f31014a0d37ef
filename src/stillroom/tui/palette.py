"""The palette: every action by its name, its key or the command that does the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from textual import on
from textual.app import App, SystemCommand
from textual.command import CommandPalette, Hit, Hits
from textual.dom import DOMNode
from textual.screen import Screen
from textual.system_commands import SystemCommandsProvider
from textual.widgets import Input
from textual.worker import Worker, WorkerCancelled

from stillroom.tui.actions import CATALOGUE, SCREENS, Action
from stillroom.tui.keymap import key_of
from stillroom.tui.screens.base import Room
from stillroom.tui.screens.help import live_bindings, title_of
from stillroom.tui.speaking import Speaking

RunThere = Callable[[Action], Awaitable[None]]


class Palette(SystemCommandsProvider):
    """Finds also by what stands beneath a name: a key as it is shown, or a part of the command."""

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, beside, run, _ in self.app.get_system_commands(self.screen):
            score = matcher.match(name)
            if query in beside.split():
                # A key, or a word of a command: as good as the name itself.
                score = max(score, matcher.match(query))
            elif query.lower() in beside.lower():
                score = max(score, matcher.match(beside))
            if score > 0:
                yield Hit(score, matcher.highlight(name), run, text=name, help=beside)


def commands_of(screen: Screen[Any], run_there: RunThere) -> Iterable[SystemCommand]:
    """What can be done here, then what other screens do, each once.

    Args:
        screen: The one below the palette.
        run_there: Does an action of another screen on that screen.
    """
    said = set()
    for live in live_bindings(screen).values():
        binding = live.binding
        if binding.id and binding.action != "command_palette":
            title = title_of(binding)
            said.add(title)
            beside = "   ".join(
                part for part in (" ".join(dict.fromkeys(live.keys)), binding.tooltip) if part
            )
            yield SystemCommand(title, beside, partial(_run, screen.app, binding.action, live.node))
    for action in (each for name in SCREENS for each in CATALOGUE[name]):
        if action.title not in said and (action.word or action.command):
            said.add(action.title)
            where = f"on {action.scope.capitalize()}"
            if isinstance(screen, Room) and action.scope == screen.NAME:
                where = screen.why_not(_called(action))
            beside = "   ".join(filter(None, (where, action.command)))
            yield SystemCommand(action.title, beside, partial(run_there, action))


class Search(CommandPalette):
    """The palette as a screen: what is entered acts on what was typed, however fast that came."""

    # Textual leaves an empty box for half a second though all has been searched by then. Zero ends its timer.
    _NO_MATCHES_COUNTDOWN = 0.01  # type: ignore[misc]

    @on(Input.Submitted)
    def wait_for_the_list(self, event: Input.Submitted) -> None:
        """Let nothing be chosen while the list still is that of an earlier part of the words."""
        gathering = [
            work
            for work in self.workers
            if work.group == self._GATHER_COMMANDS_GROUP and not work.is_finished
        ]
        if gathering:
            event.stop()
            event.prevent_default()
            self.run_worker(self._choose_of(gathering), exclusive=True, group="choose")

    async def _choose_of(self, gathering: list[Worker[Any]]) -> None:
        typed = self.query_one(Input)
        words = typed.value
        with suppress(WorkerCancelled):
            await self.workers.wait_for_complete(gathering)
        if typed.value == words:
            await typed.action_submit()


async def do_there(bench: Speaking[Any], action: Action, room: Room[Any]) -> None:
    """Do an action of a screen that is shown, or say what it lacks."""
    if room.check_action(_called(action), ()):
        await bench.run_action(action.do, room)
    else:
        lacks = f"{action.title}: choose that first, then press {key_of(action.id)}."
        bench.say(room.why_not(_called(action)) or lacks)


def _called(action: Action) -> str:
    """What an action is called in code, without what it is given."""
    return action.do.partition("(")[0]


async def _run(app: App[Any], action: str, node: DOMNode) -> None:
    """What the key does: on what the key belongs to, be it the application, the screen or a widget."""
    await app.run_action(action, node)

"""The palette: every action by its name, its key or the command that does the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

from textual.app import App, SystemCommand
from textual.command import Hit, Hits
from textual.dom import DOMNode
from textual.screen import Screen
from textual.system_commands import SystemCommandsProvider

from stillroom.tui.actions import CATALOGUE, SCREENS, Action
from stillroom.tui.screens.base import Room
from stillroom.tui.screens.help import live_bindings, title_of

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
    here = screen.NAME if isinstance(screen, Room) else ""
    for action in (each for name in SCREENS if name != here for each in CATALOGUE[name]):
        if action.title not in said and (action.word or action.command):
            said.add(action.title)
            beside = f"on {action.scope.capitalize()}   {action.command}".rstrip()
            yield SystemCommand(action.title, beside, partial(run_there, action))


async def _run(app: App[Any], action: str, node: DOMNode) -> None:
    """What the key does: on what the key belongs to, be it the application, the screen or a widget."""
    await app.run_action(action, node)

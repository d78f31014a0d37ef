"""The palette does what it lists: opened, typed into and entered, as a person does it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from tests.tui.test_app import gathered, opened, said, until
from textual.command import Command, CommandList, CommandPalette
from textual.pilot import Pilot
from textual.timer import Timer
from textual.widgets import Input

from stillroom.steps.workspace import Workspace
from stillroom.tui.actions import EVERYWHERE
from stillroom.tui.app import Leaving, Workbench
from stillroom.tui.palette import Search
from stillroom.tui.screens.dataset import Dataset

PROJECT_FILE = "Edit the project file: budget, limits, prices"
_GLOBAL = [action for action in EVERYWHERE if action.id != "app.palette"]


async def _hits(app: Workbench, pilot: Pilot[Leaving], words: str) -> list[str]:
    """Open the palette, type, and read the names of what it finds, the best first."""
    await pilot.press("colon")
    await until(pilot, lambda: isinstance(app.screen, CommandPalette))
    app.screen.query_one(Input).value = words
    found = app.screen.query_one(CommandList)
    await until(pilot, lambda: found.highlighted is not None)
    await pilot.pause()
    options = (option for option in found.options if isinstance(option, Command))
    return [str(option.hit.text) for option in options]


async def _choose(app: Workbench, pilot: Pilot[Leaving], words: str) -> None:
    await _hits(app, pilot, words)
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(app.screen, CommandPalette))
    await pilot.pause()


async def test_every_global_action_runs_from_the_palette(workspace: Workspace) -> None:
    done: list[str] = []

    def note(name: str, *given: str) -> None:
        done.append(name + (f"('{given[0]}')" if given else ""))

    async with opened(workspace) as (app, pilot):
        for name in {action.do.partition("(")[0] for action in _GLOBAL}:
            setattr(app, f"action_{name}", partial(note, name))  # quitting would end the test
        for action in _GLOBAL:
            await _choose(app, pilot, action.title)
    assert done == [action.do for action in _GLOBAL]


async def test_the_palette_goes_to_another_screen(workspace: Workspace) -> None:
    async with opened(workspace) as (app, pilot):
        await _choose(app, pilot, "Go to Costs")
        await until(pilot, lambda: gathered(app, "costs"))


async def test_the_palette_does_what_a_key_of_the_list_does(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        await pilot.press("2")
        await until(pilot, lambda: gathered(app, "dataset"))
        dataset = app.screen
        assert isinstance(dataset, Dataset)
        await until(pilot, lambda: len(dataset.table.blocks) > 1)
        await _choose(app, pilot, "Last row")
        assert dataset.table.cursor == len(dataset.table.blocks) - 1


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("validate", "Check the records"),
        ("stillroom validate", "Check the records"),
        ("V", "Check the records"),
        ("exclude", "Leave the marked pictures, or this one, out"),
        ("go to cos", "Go to Costs"),
        ("^t", "Next theme"),
        ("budg", PROJECT_FILE),
        ("limit", PROJECT_FILE),
        ("edit", PROJECT_FILE),
    ],
)
async def test_the_palette_finds_by_name_key_and_command(
    workspace: Workspace, words: str, title: str
) -> None:
    async with opened(workspace) as (app, pilot):
        assert (await _hits(app, pilot, words))[0] == title


async def test_what_is_entered_at_once_acts_on_all_that_was_typed(workspace: Workspace) -> None:
    async with opened(workspace) as (app, pilot):
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        typed = app.screen.query_one(Input)
        for words in ("G", "Go to C", "Go to Costs"):
            typed.value = words
        await typed.action_submit()
        await until(pilot, lambda: gathered(app, "costs"))


async def test_words_that_find_nothing_do_nothing_when_they_are_entered_at_once(workspace: Workspace) -> None:
    async with opened(workspace) as (app, pilot):
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        typed, found = app.screen.query_one(Input), app.screen.query_one(CommandList)
        typed.value = "Go to"
        await until(pilot, lambda: found.highlighted is not None)
        typed.value = "Go to zqx"
        await typed.action_submit()
        await until(pilot, lambda: found.option_count == 1 and found.get_option_at_index(0).disabled)
        await pilot.pause()
        assert isinstance(app.screen, CommandPalette)


async def test_where_nothing_fits_that_is_said_as_soon_as_all_was_searched(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    usual = Search.set_timer

    def noted(search: Search, delay: float, *rest: Any, **more: Any) -> Timer:
        waits.append(delay)
        return usual(search, delay, *rest, **more)

    async with opened(workspace) as (app, pilot):
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(app.screen, Search))
        monkeypatch.setattr(Search, "set_timer", noted)
        app.screen.query_one(Input).value = "zqx"
        await until(pilot, lambda: "No matches found" in drawn(app))
        assert 0.01 in waits


def drawn(app: Workbench) -> str:
    """What the screen shows, as text."""
    strips = app.screen._compositor.render_strips(app.size)
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def test_an_action_that_lacks_its_thing_says_so_and_is_found_on_its_own_screen(
    workspace: Workspace,
) -> None:
    why = "There is nothing in the list that this could be done with."
    async with opened(workspace) as (app, pilot):
        for times in (1, 2):  # from the Overview, and then from Jobs itself
            await _choose(app, pilot, "undeploy")
            await until(pilot, lambda n=times: said(app).count(why) == n)


async def test_what_cannot_be_done_here_says_why_and_not_that_it_is_done_here(finished: Workspace) -> None:
    title = "Ask again where this run failed"
    async with opened(finished) as (app, pilot):
        commands = {each.title: each.help for each in app.get_system_commands(app.screen)}
        assert commands[title] == "on Labeling   stillroom retry RUN"
        await pilot.press("3")
        await until(pilot, partial(gathered, app, "labeling"))
        commands = {each.title: each.help for each in app.get_system_commands(app.screen)}
        assert commands[title] == "Nothing has failed in this run.   stillroom retry RUN"
        await _choose(app, pilot, title)
        await until(pilot, lambda: said(app) == "Nothing has failed in this run.")

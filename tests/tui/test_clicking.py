"""What is shown as a key can be clicked; a double click answers once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import Any, ClassVar

import pytest
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Static

from stillroom.steps.plan import Plan
from stillroom.steps.workspace import Workspace
from stillroom.tui.app import Workbench
from stillroom.tui.clicking import click_on
from stillroom.tui.jumping import spots_of
from stillroom.tui.screens.compare import Compare
from stillroom.tui.screens.consent import Consent
from stillroom.tui.screens.help import Help
from stillroom.tui.screens.overview import Overview
from stillroom.tui.widgets.frame import Footer, Tabs, footer_line, tabs_line


async def _until(pilot: Pilot[Any], true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await pilot.pause(0.02)


def _plan(title: str) -> Plan:
    return Plan(verb="x", title=title, count=1, command="stillroom x", needs_consent=True)


@pytest.mark.parametrize("width", [60, 140])
async def test_a_tab_is_gone_to(workspace: Workspace, width: int) -> None:
    app = Workbench(workspace)
    async with app.run_test(size=(width, 24)) as pilot:
        at = tabs_line("overview", width).plain.index("6")
        await _until(pilot, lambda: app.screen.query_one(Tabs).region.y == 1)
        await pilot.click(offset=app.screen.query_one(Tabs).region.offset + Offset(at, 0))
        await _until(pilot, lambda: app.current_mode == "costs")


async def _mouse(pilot: Pilot[Any], at: Offset) -> None:
    """Press and let go as a terminal tells it: the application makes clicks of that, and counts them."""
    for kind in (events.MouseDown, events.MouseUp):
        pilot.app.post_message(kind(None, at.x, at.y, 0, 0, 1, False, False, False, at.x, at.y))
    await pilot.pause()


async def test_the_second_click_of_a_double_one_hits_no_tab_that_has_moved_there(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However long a busy machine takes to show the other screen, the two are a double click.
    monkeypatch.setattr(Workbench, "CLICK_CHAIN_TIME_THRESHOLD", inf)
    app = Workbench(workspace)
    async with app.run_test(size=(60, 24)) as pilot:
        await _until(pilot, lambda: app.screen.query_one(Tabs).region.y == 1)
        at = Offset(tabs_line("overview", 60).plain.index("6"), 1)
        await _mouse(pilot, at)
        await _until(pilot, lambda: app.current_mode == "costs" and app.screen.query_one(Tabs).region.y == 1)
        await _mouse(pilot, at)
        await pilot.pause(0.1)
        assert app.current_mode == "costs"


async def test_a_key_of_the_footer_is_pressed(workspace: Workspace) -> None:
    app = Workbench(workspace)
    async with app.run_test(size=(100, 24)) as pilot:
        footer = app.screen.query_one(Footer)
        await _until(pilot, lambda: bool(footer.keys) and footer.region.y == 23)
        at = footer_line(footer.keys, footer.size.width).plain.index("help")
        await pilot.click(offset=footer.region.offset + Offset(at, 0))
        await _until(pilot, lambda: isinstance(app.screen, Help))


async def test_quick_clicks_on_a_key_press_it_as_often(finished: Workspace) -> None:
    app = Workbench(finished)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("4")
        await _until(pilot, lambda: isinstance(app.screen, Compare) and app.screen.view is not None)
        footer = app.screen.query_one(Footer)
        await _until(pilot, lambda: ("n", "next") in footer.keys and footer.region.y == 23)
        line = footer_line(footer.keys, footer.size.width).plain
        at = footer.region.offset + Offset(line.index("next"), 0)
        for _ in range(2):
            await _mouse(pilot, at)
        await _until(pilot, lambda: isinstance(app.screen, Compare) and app.screen.place == 2)


async def test_where_another_key_has_come_under_the_pointer_quick_clicks_do_not_press_it(
    workspace: Workspace,
) -> None:
    app = Workbench(workspace)
    pressed: list[str] = []

    class Two(Screen[None]):
        BINDINGS: ClassVar[list[BindingType]] = [Binding("a", "note('a')"), Binding("b", "note('b')")]

        def action_note(self, key: str) -> None:
            pressed.append(key)

    async with app.run_test(size=(100, 24)) as pilot:
        two = Two()
        await app.push_screen(two)
        clicks = [("a", 1, 0.0), ("a", 2, 0.3), ("b", 3, 0.6), ("a", 4, 0.7), ("b", 5, 0.8), ("b", 1, 9.0)]
        clicks.append(("b", 2, 20.0))  # the first of this chain has hit no key
        for key, chain, at in clicks:
            click = events.Click(two, 0, 0, 0, 0, 1, False, False, False, 0, 0, chain=chain)
            click.time = at
            click_on(two, click, [(key, f" {key} does ")], 0)
        await _until(pilot, lambda: len(pressed) >= 4)
        await pilot.pause()
        assert pressed == ["a", "a", "a", "b"]


@pytest.mark.parametrize(("word", "agreed"), [("go ahead", True), ("not now", False)])
async def test_the_answers_to_a_plan_are_clicked(workspace: Workspace, word: str, agreed: bool) -> None:
    app = Workbench(workspace)
    answers: list[bool | None] = []
    async with app.run_test(size=(100, 24)) as pilot:
        for title in ("below", "above"):
            await app.push_screen(Consent(_plan(title), sandbox=True), answers.append)
            await _until(pilot, lambda: word in str(app.screen.query_one("#hint", Static).visual))
        hint = app.screen.query_one("#hint", Static)
        await _until(pilot, lambda: bool(hint.region.area))
        await pilot.click(hint, offset=(str(hint.visual).index(word), 0), times=2)
        await _until(pilot, lambda: bool(answers))
        await pilot.pause()
        assert answers == [agreed]
        assert isinstance(app.screen, Consent)


async def test_a_plan_whose_name_is_to_be_typed_is_refused_by_a_click(workspace: Workspace) -> None:
    app = Workbench(workspace)
    answers: list[bool | None] = []
    async with app.run_test(size=(100, 24)) as pilot:
        await app.push_screen(Consent(replace(_plan("x"), typed="lite"), sandbox=True), answers.append)
        hint = app.screen.query_one("#hint", Static)
        await _until(pilot, lambda: bool(hint.region.area) and "not now" in str(hint.visual))
        assert isinstance(app.focused, Input)
        await pilot.click(hint, offset=(str(hint.visual).index("not now"), 0))
        await _until(pilot, lambda: bool(answers))
        assert answers == [False]


async def test_where_tabs_have_no_words_the_letters_leave_their_numbers(workspace: Workspace) -> None:
    app = Workbench(workspace)
    async with app.run_test(size=(60, 16)):
        tabs = app.screen.query_one(Tabs)
        line = tabs_line("overview", 60).plain
        spots = list(spots_of([tabs]).values())
        assert [line[spot.at.x] for spot in spots] == [" "] * 7
        assert [spot.narrow for spot in spots] == [False] + [True] * 6


async def test_read_only_the_footer_offers_nothing_that_is_not_done(workspace: Workspace) -> None:
    app = Workbench(workspace, read_only=True)
    async with app.run_test(size=(100, 24)) as pilot:
        footer = app.screen.query_one(Footer)
        await _until(pilot, lambda: bool(footer.keys))
        assert isinstance(app.screen, Overview)
        assert [word for _, word in footer.keys] == ["help", "command"]

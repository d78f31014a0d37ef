"""The Dataset screen: filtered, sorted, marked and acted on by keys."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.steps.world import stillroom
from tests.tui.agreeing import agree
from textual import events
from textual.widgets import OptionList, Static

from stillroom.steps.labeling import Label
from stillroom.steps.scan import Scan
from stillroom.steps.selecting import Exclude
from stillroom.steps.workspace import open_workspace
from stillroom.tui.app import Workbench
from stillroom.tui.remembered import Place
from stillroom.tui.screens import dataset
from stillroom.tui.screens.consent import Consent
from stillroom.tui.screens.dataset import Dataset
from stillroom.tui.screens.values import Values


@asynccontextmanager
async def opened(root: Path, size: tuple[int, int] = (80, 24)):
    with open_workspace(root) as workspace:
        app = Workbench(workspace)
        async with app.run_test(size=size) as pilot:
            await pilot.press("2")
            async with asyncio.timeout(20):
                while not isinstance(app.screen, Dataset) or app.screen.view is None:
                    await pilot.pause(0.02)
            await settled(app.screen, pilot)
            yield app.screen, pilot


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list follows what is being written while it is quickly made, here always: machines are busy."""
    monkeypatch.setattr(dataset, "_QUICK", 60.0)


async def settled(screen: Dataset, pilot) -> None:
    async with asyncio.timeout(20):
        while (
            screen._looking
            or screen._counting
            or screen.table._filling
            or screen.view is None
            or (screen.view.filter, screen.view.sort) != (screen.filter, screen.sort)
        ):
            await pilot.pause(0.02)
    await pilot.pause()


def said(screen: Dataset, part: str) -> str:
    return str(screen.query_one(f"#{part}", Static).visual)


async def test_a_filter_is_written_completed_mended_and_left(distilled: Path):
    async with opened(distilled) as (screen, pilot):
        assert said(screen, "counts") == "32"
        assert screen.focused is screen.table
        await pilot.press("slash", *"split", "colon", *"tes", "tab")
        assert screen.input.value == "split:test"
        assert screen._footer_keys() == (("⏎", "apply"), ("tab", "complete"), ("esc", "as it was"))
        await pilot.press("x")
        assert said(screen, "hint").index("^") == 9
        assert "never 'testx'" in said(screen, "hint")
        await pilot.press("enter")
        assert screen.focused is screen.input
        await pilot.press("backspace", "enter")
        await settled(screen, pilot)
        assert screen.focused is screen.table
        shown = said(screen, "counts")
        assert shown.endswith(" of 32")
        assert all(row.side == "test" for row in screen.table._fetch(screen.table.blocks.ids))
        await pilot.press("slash", "q", "escape")
        assert (screen.input.value, screen.filter) == ("split:test", "split:test")
        await pilot.press("slash", "ctrl+u", *"split", "colon", *"train")
        await settled(screen, pilot)
        assert screen.filter == "split:train", "the list did not follow what was written"
        await pilot.press("escape")
        assert (screen.input.value, screen.filter) == ("split:test", "split:test")
        await pilot.press("backspace")
        await settled(screen, pilot)
        assert said(screen, "counts") == "32"


async def test_a_filter_that_is_left_leaves_the_cursor_where_it_was(distilled: Path):
    async with opened(distilled) as (screen, pilot):
        await pilot.press("j", "j", "j")
        kept = screen.copied()
        await pilot.press("slash", *"name", "colon", *"p29")
        await pilot.press("*")
        await settled(screen, pilot)
        assert screen.filter == "name:p29*"
        assert screen.copied() not in ("", kept)
        await pilot.press("escape")
        await settled(screen, pilot)
        assert (screen.filter, screen.copied()) == ("", kept)


@pytest.mark.parametrize(
    ("written", "counts"), [("nonsense:3", "32"), ("split:tset", "32"), ("split:test size<x", "3 of 32")]
)
async def test_a_wrong_term_changes_nothing_in_the_list(distilled: Path, written: str, counts: str):
    async with opened(distilled) as (screen, pilot):
        await pilot.press("slash")
        for char in written:
            await pilot.press(char)
            await settled(screen, pilot)
        assert "^" in said(screen, "hint")
        assert said(screen, "counts") == counts
        assert screen.table.display


async def test_all_columns_are_named_where_one_is_wrong(distilled: Path):
    async with opened(distilled) as (screen, pilot):
        await pilot.press("slash", *"nonsense:3")
        await pilot.pause()
        assert "jaccard" in said(screen, "hint")
        hint = screen.query_one("#hint")
        assert hint.size.height == len(said(screen, "hint").splitlines()) > 1


async def test_the_cursor_stays_with_its_picture_when_the_order_changes(distilled: Path):
    async with opened(distilled) as (screen, pilot):
        await pilot.press("j", "j", "j", "s", "s")
        await settled(screen, pilot)
        kept = screen.table.cursor_id
        assert screen.sort == "-size"
        sizes = [row.size for row in screen.table._fetch(screen.table.blocks.ids)]
        assert sizes == sorted(sizes, reverse=True)
        await pilot.press("r")
        await settled(screen, pilot)
        assert (screen.sort, screen.table.cursor_id) == ("size", kept)
        assert "by size ↑" in said(screen, "counts")


async def test_the_marked_are_acted_on_wherever_they_are(distilled: Path, monkeypatch: pytest.MonkeyPatch):
    async with opened(distilled) as (screen, pilot):
        steps: list[object] = []
        monkeypatch.setattr(screen, "act", lambda step, **above: steps.append(step))
        await pilot.press("space", "space", "slash", *"p29", "enter")
        await settled(screen, pilot)
        for key in ("X", "L", "I", "T"):
            await pilot.press(key)
            async with asyncio.timeout(10):
                while len(steps) < "XLIT".index(key) + 1:
                    await pilot.pause(0.02)
        names = ("copy0.jpg", "copy1.jpg")
        assert steps == [
            Exclude(names), Label("teacher", only=names), Exclude(names, excluded=False),
            Label("teacher", only=names, limit=5),
        ]  # fmt: skip
        await pilot.press("u", "X")
        async with asyncio.timeout(10):
            while len(steps) < 5:
                await pilot.pause(0.02)
        assert steps[4] == Exclude(("p29.jpg",))


async def test_a_plan_says_how_many_of_the_marked_the_filter_hides(distilled: Path):
    async with opened(distilled) as (screen, pilot):

        async def plan(key: str) -> str:
            await pilot.press(key)
            async with asyncio.timeout(10):
                while not (isinstance(pilot.app.screen, Consent) and pilot.app.screen.query("#plan")):
                    await pilot.pause(0.02)
            text = str(pilot.app.screen.query_one("#plan", Static).visual)
            await pilot.press("n")
            return text

        await pilot.press("space", "space")
        assert "not in sight" not in await plan("X")
        await pilot.press("slash", *"copy1", "enter")
        await settled(screen, pilot)
        for key in ("X", "I"):
            text = await plan(key)
            assert text.startswith("By the filter 1 of the 2 marked pictures is not in sight.")
        await pilot.press("u")
        assert "not in sight" not in await plan("X")


@pytest.mark.parametrize(("key", "before"), [("X", False), ("I", True)])
async def test_pictures_come_and_go_only_after_their_plan(distilled: Path, key: str, before: bool):
    async with opened(distilled) as (screen, pilot):
        pictures = screen.desk.workspace.store.pictures
        row = screen.table.cursor_row
        assert row is not None
        content = next(one.content for one in pictures.contents() if one.path == row.path)
        pictures.set_excluded([content], before)
        for answer, after in (("n", before), ("y", not before)):
            await pilot.press(key)
            async with asyncio.timeout(10):
                while not (isinstance(pilot.app.screen, Consent) and pilot.app.screen.query("#plan")):
                    await pilot.pause(0.02)
            plan = str(pilot.app.screen.query_one("#plan", Static).visual)
            assert "nothing is paid" in plan
            assert ("loses" in plan) is not before
            await (agree(pilot) if answer == "y" else pilot.press(answer))
            async with asyncio.timeout(10):
                while pilot.app.screen is not screen or screen.desk.running:
                    await pilot.pause(0.02)
            assert pictures.summary().excluded == int(after)
        async with asyncio.timeout(10):
            while not any("left out now" in notice.text for notice in screen.bench.notices):
                await pilot.pause(0.02)


@pytest.mark.parametrize(("size", "open_at_first"), [((80, 24), False), ((140, 40), True)])
async def test_a_picture_stands_beside_the_list(distilled: Path, size: tuple[int, int], open_at_first: bool):
    async with opened(distilled, size) as (screen, pilot):
        pane = screen.query_one("#pane")
        assert pane.display is open_at_first
        if not open_at_first:
            await pilot.press("enter")
        async with asyncio.timeout(10):
            while "copy0.jpg" not in said(screen, "detail"):
                await pilot.pause(0.02)
        await pilot.press("j")
        async with asyncio.timeout(10):
            while "copy1.jpg" not in said(screen, "detail").splitlines()[0]:
                await pilot.pause(0.02)
        assert "keywords" in said(screen, "detail")
        await pilot.press("enter")
        assert pane.display is False


async def test_a_value_is_chosen_to_filter_by(distilled: Path):
    async with opened(distilled) as (screen, pilot):
        await pilot.press("F")
        async with asyncio.timeout(10):
            while not isinstance(pilot.app.screen, Values):
                await pilot.pause(0.02)
        assert isinstance(pilot.app.screen, Values)
        assert pilot.app.screen.hint().startswith("⏎ add")
        pilot.app._ascii_only = True
        assert pilot.app.screen.hint().startswith("enter add"), "a letter in its place would be another key"
        await pilot.press("enter")
        await settled(screen, pilot)
        assert screen.filter.startswith("split:")


def terms(app: Workbench) -> list[list[str]]:
    """Terms and counts of the box that offers them; none before they are counted."""
    box = app.screen
    if not isinstance(box, Values):
        return []
    return [
        str(option.prompt).split()
        for part in box.query(OptionList).results(OptionList)
        for option in part.options
    ]


async def test_the_values_to_choose_from_are_those_of_the_list_that_is_shown(distilled: Path):
    async with opened(distilled) as (screen, pilot):
        await pilot.press("slash", *"split", "colon", *"test", "enter")
        await settled(screen, pilot)
        for key in ("backspace", "F"):  # at once: nothing has been counted anew in between
            screen.app.post_message(events.Key(key, None))
        async with asyncio.timeout(10):
            while not terms(pilot.app):
                await pilot.pause(0.02)
        counted = {term: int(count) for term, count in terms(pilot.app)}
        assert counted["split:train"] + counted["split:test"] == 32, "30 pictures, two of which have a copy"
        assert "copies" in said_in_box(pilot.app), "other screens count a picture and its copy once"
        await pilot.press("escape")
        assert pilot.app.screen is screen


async def test_where_no_picture_matches_there_is_no_value_to_choose(distilled: Path):
    async with opened(distilled) as (screen, pilot):
        await pilot.press("slash", *"zebra", "enter")
        await settled(screen, pilot)
        await pilot.press("F")
        async with asyncio.timeout(10):
            while "The list is empty" not in said_in_box(pilot.app):
                await pilot.pause(0.02)
        assert isinstance(pilot.app.screen, Values)
        assert pilot.app.screen.hint() == "esc back"
        await pilot.press("enter", "j", "escape")
        for key in ("backspace", "F"):
            screen.app.post_message(events.Key(key, None))
        async with asyncio.timeout(10):
            while not terms(pilot.app):
                await pilot.pause(0.02)
        term = terms(pilot.app)[0][0]
        await settled(screen, pilot)
        assert said(screen, "counts") == "32"
        await pilot.press("enter")
        await settled(screen, pilot)
        assert screen.filter == term


def said_in_box(app: Workbench) -> str:
    return " ".join(str(part.visual) for part in app.screen.query("#dialog Static").results(Static))


async def test_nothing_to_show_says_which_key_mends_it(project: Path, monkeypatch: pytest.MonkeyPatch):
    async with opened(project) as (screen, pilot):
        steps: list[object] = []
        monkeypatch.setattr(screen, "act", lambda step, **above: steps.append(step))
        assert "S scans the folder" in said(screen, "nothing")
        await pilot.press("S")
        assert [type(step) for step in steps] == [Scan]
        stillroom("scan", "--project", project).ok()
        async with asyncio.timeout(20):
            while not screen.table.blocks.ids:
                await pilot.pause(0.05)
        await settled(screen, pilot)
        await pilot.press("j")
        assert screen.table.cursor == 1
        await pilot.press("slash", *"zebra", "enter")
        await settled(screen, pilot)
        assert "backspace shows all" in said(screen, "nothing")
        await pilot.press("backspace")
        await settled(screen, pilot)
        await pilot.press("G")
        assert screen.table.cursor == len(screen.table.blocks.ids) - 1


async def test_where_one_was_is_come_back_to(distilled: Path):
    async with opened(distilled) as (screen, pilot):
        screen.return_to(Place("split:train", "-name", "p03.jpg", "open"))
        screen.look()
        await settled(screen, pilot)
        assert screen.has_class("-open")
        async with asyncio.timeout(10):
            while screen.copied() != "p03.jpg":
                await pilot.pause(0.02)
        assert screen.bookmark() == Place("split:train", "-name", "p03.jpg", "open")
        screen.return_to(Place("no such:thing", "", "", ""))
        assert screen.filter == "split:train"


async def test_keys_work_again_when_the_terminal_was_too_small_for_a_while(distilled: Path):
    async with opened(distilled) as (screen, pilot):
        await pilot.resize_terminal(50, 10)
        await pilot.pause(0.2)
        assert screen.has_class("-tiny")
        await pilot.resize_terminal(80, 24)
        await settled(screen, pilot)
        await pilot.pause(0.2)
        await pilot.press("j")
        assert screen.table.cursor == 1


async def test_a_clock_that_is_set_back_does_not_stop_the_list(distilled: Path):
    async with opened(distilled) as (screen, pilot):
        screen.desk.now = lambda: 0.0
        before = screen.desk.version
        screen.desk.refresh()
        async with asyncio.timeout(20):
            while screen.desk.version == before or screen._seen_version != screen.desk.version:
                await pilot.pause(0.02)


async def test_what_is_typed_all_at_once_goes_where_it_belongs(distilled: Path):
    """As it comes over a slow line, or on a busy machine: no key is handed out before its turn."""
    async with opened(distilled) as (screen, pilot):
        text = [("colon", ":") if char == ":" else (char, char) for char in "split:test"]
        for key, char in [("slash", "/"), *text, ("enter", "\r"), ("s", "s")]:
            screen.app.post_message(events.Key(key, char))
        async with asyncio.timeout(20):
            while screen.sort != "name":
                await pilot.pause(0.02)
        assert screen.filter == "split:test"
        assert screen.focused is screen.table


async def test_a_key_that_takes_long_does_not_hold_the_next_one(distilled: Path):
    async with opened(distilled) as (screen, pilot):
        for key in ["question_mark", "escape", "j", "f1", "escape", "j"]:
            screen.app.post_message(events.Key(key, None))
        async with asyncio.timeout(20):
            while screen.table.cursor != 2:
                await pilot.pause(0.02)
        assert screen.app.screen is screen


async def test_what_is_typed_on_is_a_term_more(distilled: Path):
    async with opened(distilled) as (screen, pilot):
        await pilot.press("slash", *"split:train", "enter")
        await settled(screen, pilot)
        await pilot.press("slash")
        assert screen.input.value == "split:train "
        await pilot.press("escape", "slash", *"status:done", "enter")
        await settled(screen, pilot)
        assert screen.filter == screen.input.value == "split:train status:done"
        await pilot.press("slash", *["backspace"] * 5, *"failed", "enter")
        await settled(screen, pilot)
        assert screen.filter == "split:train status:failed"
        await pilot.press("slash", "enter")
        assert screen.filter == "split:train status:failed"

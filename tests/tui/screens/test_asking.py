"""What asks takes no agreement before a person can have seen what is asked."""

from __future__ import annotations

import re
from functools import partial
from html import unescape
from math import inf, isfinite
from time import monotonic

import pytest
from tests.steps.world import Box, stillroom
from tests.tui.agreeing import agree, asked, press_at
from tests.tui.screens.test_dialogs import LONG, Under, said
from tests.tui.test_app import idle, opened, shown, until
from tests.tui.test_project_file import asks
from textual.widgets import Input, Static

from stillroom.steps.students import Delete
from stillroom.steps.workspace import Workspace
from stillroom.tui.app import Workbench
from stillroom.tui.screens.asking import MOMENT, Asking
from stillroom.tui.screens.base import Room
from stillroom.tui.screens.consent import Consent
from stillroom.tui.screens.question import Question


def drawn(app: Workbench) -> str:
    """What is seen, also of what lies below."""
    texts = re.findall(r"<text (?!.*-title)[^>]*>([^<]*)</text>", app.export_screenshot())
    return unescape(" ".join(texts)).replace("\xa0", " ")


def _both() -> list[Asking]:
    return [Consent(LONG, sandbox=True), Question("Quit?", ["It runs."], "quit")]


@pytest.mark.parametrize("key", ["enter", "y"])
@pytest.mark.parametrize("number", [0, 1], ids=["plan", "question"])
async def test_a_key_agrees_only_to_what_has_been_shown_for_a_moment(number: int, key: str) -> None:
    app, answers = Under(), list[bool | None]()
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = _both()[number]
        app.push_screen(dialog, answers.append)
        await press_at(pilot, key, 0.0)  # before it is drawn
        await until(pilot, lambda: isfinite(dialog.agrees_from))
        first = dialog.agrees_from
        await press_at(pilot, key, first - 0.01)
        assert dialog.agrees_from == first - 0.01 + MOMENT, "who presses again and again has read nothing"
        await press_at(pilot, key, first)
        assert answers == []
        assert app.screen is dialog
        await press_at(pilot, key, dialog.agrees_from)
        assert answers == [True]


async def test_a_key_that_was_pressed_early_and_arrives_late_does_nothing() -> None:
    app, answers = Under(), list[bool | None]()
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = Consent(LONG, sandbox=True)
        await app.push_screen(dialog, answers.append)
        await asked(pilot)
        await press_at(pilot, "y", 0.0)
        assert answers == []
        await press_at(pilot, "y", dialog.agrees_from)
        assert answers == [True]


@pytest.mark.parametrize("number", [0, 1], ids=["plan", "question"])
@pytest.mark.parametrize("key", ["n", "q", "escape"])
async def test_it_is_refused_at_once(number: int, key: str) -> None:
    app, answers = Under(), list[bool | None]()
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = _both()[number]
        app.push_screen(dialog, answers.append)
        await until(pilot, lambda: app.screen is dialog and dialog.is_mounted)
        await pilot.press(key)
        assert answers == [False]


async def test_the_key_that_agrees_is_named_when_it_does() -> None:
    app = Under()
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = Consent(LONG, sandbox=True)
        await app.push_screen(dialog)
        await asked(pilot)
        assert said(app, "#hint") == "⏎ go ahead   n not now   c copy the command   j k scroll"
        dialog.agrees_from = inf
        assert dialog.hint() == "             n not now   c copy the command   j k scroll"


async def test_a_click_agrees_no_sooner_than_a_key() -> None:
    app, answers = Under(), list[bool | None]()
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = Consent(LONG, sandbox=True)
        await app.push_screen(dialog, answers.append)
        hint = dialog.query_one("#hint", Static)
        await asked(pilot)
        dialog.agrees_from = inf
        await pilot.click(hint, offset=(2, 0))
        assert answers == []
        dialog.on_screen_resume()
        await asked(pilot)
        await pilot.click(hint, offset=(2, 0))
        await until(pilot, lambda: answers == [True])


async def test_what_lay_under_another_question_is_seen_anew() -> None:
    app, answers = Under(), list[bool | None]()
    async with app.run_test(size=(80, 24)) as pilot:
        below, above = _both()
        await app.push_screen(below, answers.append)
        await app.push_screen(above, answers.append)
        await asked(pilot)
        pressed = above.agrees_from
        await press_at(pilot, "enter", pressed)
        await until(pilot, lambda: app.screen is below)
        await press_at(pilot, "enter", pressed + 0.1)
        assert answers == [True]
        await agree(pilot, "enter")
        assert answers == [True, True]


async def test_two_presses_of_enter_on_the_overview_label_nothing(scanned: Workspace, box: Box) -> None:
    before = box.served()
    async with opened(scanned) as (app, pilot):
        await until(pilot, lambda: "stillroom label" in shown(app, "#next"))
        await pilot.press("enter")
        await until(pilot, partial(asks, app))
        await press_at(pilot, "enter", 0.0)
        await asked(pilot)
        assert not app.desk.started
        await press_at(pilot, "escape", 0.0)
        await until(pilot, lambda: not asks(app))
    assert box.served() == before


async def test_the_second_press_does_not_agree_to_a_plan_made_anew(scanned: Workspace, box: Box) -> None:
    before = box.served()
    gone = [row.path for row in scanned.store.pictures.contents() if row.side][:2]
    async with opened(scanned) as (app, pilot):
        await pilot.press("L")
        await asked(pilot)
        first = app.screen
        stillroom("exclude", *gone, "-yq", "--project", scanned.root).ok()
        await pilot.press("y")
        await until(pilot, lambda: asks(app) and app.screen is not first)
        await press_at(pilot, "y", 0.0)
        await asked(pilot)
        assert not app.desk.started
        assert box.served() == before
        await agree(pilot)
        await until(pilot, lambda: bool(app.desk.started))
        await idle(app, pilot)
    assert box.served() > before


@pytest.mark.parametrize("size", [(55, 24), (80, 12)])
async def test_what_cannot_be_read_is_not_agreed_to(
    scanned: Workspace, box: Box, size: tuple[int, int]
) -> None:
    before = box.served()
    async with opened(scanned) as (app, pilot):
        await pilot.press("L")
        await asked(pilot)
        plan = app.screen
        assert isinstance(plan, Consent)
        await pilot.resize_terminal(*size)
        await until(pilot, lambda: "price" not in drawn(app))
        assert drawn(app).split() == ["Stillroom", "needs", "60x16", "characters", "or", "more."]
        for key in ("y", "enter", "c", "j"):
            await press_at(pilot, key, monotonic() + 60)
        assert app.screen is plan
        assert not app.notices
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "price" in drawn(app))
        assert plan.untold, "what is seen again is seen for a moment first"
        await pilot.resize_terminal(*size)
        await until(pilot, lambda: "price" not in drawn(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Room))
        await pilot.resize_terminal(80, 24)
        await idle(app, pilot)
    assert box.served() == before


async def test_a_name_that_cannot_be_seen_is_not_typed(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        app.act(Delete("lite-10"))
        await until(pilot, lambda: isinstance(app.focused, Input))
        plan = app.screen
        await pilot.press(*"lite-1")
        await pilot.resize_terminal(55, 12)
        await until(pilot, lambda: plan.has_class("-tiny"))
        await pilot.press(*"0", "enter")
        await pilot.pause()
        assert app.screen is plan
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: app.focused is not None)
        assert plan.query_one(Input).value == "lite-1"
        await pilot.press(*"0", "enter")
        await until(pilot, lambda: isinstance(app.screen, Room))
        await idle(app, pilot)


async def test_quitting_is_not_agreed_to_unseen(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        answers: list[bool | None] = []
        app.push_screen(Question("Quit?", ["It runs."], "quit"), answers.append)
        await asked(pilot)
        await pilot.resize_terminal(55, 12)
        await until(pilot, lambda: app.screen.has_class("-tiny"))
        await press_at(pilot, "y", monotonic() + 60)
        assert answers == []
        await pilot.press("q")
        await until(pilot, lambda: answers == [False])

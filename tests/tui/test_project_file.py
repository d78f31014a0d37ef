"""A project file that is changed in another window counts from then on: nothing begins under an older one."""

from __future__ import annotations

from functools import partial

import pytest
from tests.steps.world import Box, put
from tests.tui.agreeing import agree
from tests.tui.test_app import idle, opened, said, shown, until
from textual.widgets import Static

from stillroom.errors import BudgetReached, ProjectError
from stillroom.steps.workspace import Workspace
from stillroom.tui.app import Workbench
from stillroom.tui.screens.base import Room
from stillroom.tui.screens.consent import Consent


def asks(app: Workbench) -> bool:
    return isinstance(app.screen, Consent)


async def test_every_line_of_what_is_wrong_begins_in_one_column(workspace: Workspace) -> None:
    async with opened(workspace) as (app, pilot):
        room = app.screen
        assert isinstance(room, Room)
        room.complain(ProjectError("What is wrong, in many words. " * 3, "What is to be done. " * 5))
        for width in (80, 60):
            await pilot.resize_terminal(width, 24)
            await until(pilot, lambda width=width: room.query_one("#note").size.width == width - 2)
            first, *others = str(room.query_one("#note", Static).visual).splitlines()
            assert first.startswith("✗ What")
            assert len(others) == 3
            assert all(len(line) <= width - 2 and len(line) - len(line.lstrip()) == 2 for line in others)


def plan(app: Workbench) -> str:
    return " ".join(shown(app, "#plan").split())


async def test_a_budget_set_in_another_window_is_in_the_plan(scanned: Workspace) -> None:
    async with opened(scanned) as (app, pilot):
        put(scanned.root, "limits", "budget", 0.001)
        await pilot.press("L")
        await until(pilot, partial(asks, app))
        assert plan(app).startswith("⚠ stops Budget $0.001, of which $0.00 count as gone, $0.001 left")


async def test_a_budget_set_while_the_plan_is_shown_makes_another_plan(scanned: Workspace, box: Box) -> None:
    before = box.served()
    async with opened(scanned) as (app, pilot):
        await pilot.press("L")
        await until(pilot, partial(asks, app))
        first = app.screen
        put(scanned.root, "limits", "budget", 0.001)
        await agree(pilot)
        await until(pilot, lambda: asks(app) and app.screen is not first)
        assert "$0.001 left" in plan(app)
        assert "the plan is made anew" in said(app)
        assert plan(app).startswith("Made anew: the project file has changed since you saw it. ⚠ stops")
        await agree(pilot)
        await until(pilot, lambda: "The budget is reached" in said(app))
        assert "Raise limits.budget in stillroom.toml, then do the same again." in said(app)
        await idle(app, pilot)
    assert box.served() == before


async def test_nothing_begins_under_a_file_that_cannot_be_read(scanned: Workspace) -> None:
    async with opened(scanned) as (app, pilot):
        file = scanned.project.file
        whole = file.read_text()
        file.write_text("[project\n")
        await pilot.press("L")
        await until(pilot, lambda: "stillroom.toml line 1" in said(app))
        assert not asks(app)
        file.write_text(whole)
        await pilot.press("L")
        await until(pilot, partial(asks, app))


async def test_a_change_in_another_window_is_noticed_by_itself(scanned: Workspace) -> None:
    async with opened(scanned) as (app, pilot):
        put(scanned.root, "limits", "concurrency", 3)
        await until(pilot, lambda: "The project file was read again." in said(app))
        assert scanned.settings.limits.concurrency == 3


async def test_a_file_that_was_read_while_it_was_edited_is_told_once(
    scanned: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(scanned) as (app, pilot):

        def edited(*_: object) -> None:
            put(scanned.root, "limits", "concurrency", 3)
            app.desk.follow_file()  # as the watch does, while the editor is open

        monkeypatch.setattr("stillroom.tui.app.edit_file", edited)
        await pilot.press("E")
        await until(pilot, lambda: "The project file was read again." in said(app))
        await until(pilot, lambda: not app.desk._happened)
        assert said(app).count("The project file was read again.") == 1


async def test_read_only_the_project_file_is_not_edited(
    scanned: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edited(*_: object) -> None:
        raise AssertionError("an editor was opened")

    monkeypatch.setattr("stillroom.tui.app.edit_file", edited)
    async with opened(scanned, read_only=True) as (app, pilot):
        await pilot.press("E")
        await until(pilot, lambda: "Read-only: the project file is not edited." in said(app))


async def test_what_was_wrong_with_the_file_is_taken_down_when_it_is_right(scanned: Workspace) -> None:
    async with opened(scanned) as (app, pilot):
        file = scanned.project.file
        whole = file.read_text()
        file.write_text("[project\n")
        await pilot.press("L")
        await until(pilot, lambda: bool(app._notifications))
        file.write_text(whole)
        await until(pilot, lambda: "The project file was read again." in said(app))
        await until(pilot, lambda: not app._notifications)


async def test_what_is_not_about_the_file_stays_when_it_is_right(scanned: Workspace) -> None:
    async with opened(scanned) as (app, pilot):
        file = scanned.project.file
        whole = file.read_text()
        file.write_text("[project\n")
        await pilot.press("L")
        await until(pilot, lambda: len(app._notifications) == 1)
        app.say_error(BudgetReached("The budget of $50.00 is reached.", "Raise limits.budget."))
        await until(pilot, lambda: len(app._notifications) == 2)
        file.write_text(whole)
        await until(pilot, lambda: "The project file was read again." in said(app))
        await until(pilot, lambda: len(app._notifications) == 1)
        (left,) = app._notifications
        assert left.message.startswith("The budget of $50.00 is reached.")

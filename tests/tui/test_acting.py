"""A plan is shown when the next key can only be meant for it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from tests.steps.world import stillroom
from tests.tui.test_app import gathered, opened, said, shown, until

from stillroom.steps.labeling import Label
from stillroom.steps.pipeline import Run
from stillroom.steps.students import Delete
from stillroom.steps.targets import TEACHER, UNTUNED
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.tui.actions import SCREENS
from stillroom.tui.app import Workbench
from stillroom.tui.screens.consent import Consent
from stillroom.tui.screens.dataset import Dataset
from stillroom.tui.screens.help import Help


async def test_a_plan_that_comes_while_one_types_is_not_agreed_to_by_a_letter(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        await pilot.press("2")
        await until(pilot, partial(gathered, app, "dataset"))
        await pilot.press("slash")
        app.act(Delete("lite-20"))
        await until(pilot, lambda: "A plan is ready" in said(app))
        await pilot.press(*"sky")
        assert isinstance(app.screen, Dataset)
        assert app.screen.input.value == "sky"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Consent))
        assert not app.desk.started


async def test_a_plan_that_comes_while_another_is_read_is_not_agreed_to_in_its_place(
    workspace: Workspace,
) -> None:
    async with opened(workspace) as (app, pilot):
        await pilot.press("S")
        await until(pilot, lambda: "30 unique" in shown(app, "#steps"))
        app.act(Label(TEACHER))
        await until(pilot, lambda: isinstance(app.screen, Consent))
        first = app.screen
        app.act(Label(UNTUNED))
        await until(pilot, lambda: "A plan is ready" in said(app))
        assert app.screen is first
        await pilot.press("n")
        await until(pilot, lambda: app.screen is not first and bool(app.screen.query("#plan")))
        assert "untuned" in shown(app, "#plan")


async def test_a_plan_that_comes_under_a_text_waits_until_it_is_closed(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        app.act(Delete("lite-20"))
        await until(pilot, lambda: "A plan is ready" in said(app))
        assert isinstance(app.screen, Help)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Consent))


async def test_what_a_demo_begins_with_is_asked_about_where_it_could_be_paid(workspace: Workspace) -> None:
    """Its project file may have been turned away from its sandbox since it was chosen."""
    app = Workbench(workspace, first=Run())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Consent) or bool(app.desk.started))
        assert isinstance(app.screen, Consent)
        await pilot.press("n")
    assert not app.desk.started


@pytest.mark.parametrize("screen", ["overview", "jobs"])
async def test_what_was_deleted_is_trained_anew_by_the_key_that_trains(distilled: Path, screen: str) -> None:
    with open_workspace(distilled) as workspace:
        async with opened(workspace) as (app, pilot):
            await pilot.press(str(SCREENS.index(screen) + 1))
            await until(pilot, partial(gathered, app, screen))
            await pilot.press("T")
            await until(pilot, lambda: "Every student is trained" in said(app))
    for name in ("lite-10", "lite-20"):
        stillroom("delete", name, "--yes", "--project", distilled).ok()
    with open_workspace(distilled) as workspace:
        async with opened(workspace) as (app, pilot):
            await until(pilot, partial(gathered, app, screen))
            await pilot.press("T")
            await until(pilot, lambda: isinstance(app.screen, Consent) and bool(app.screen.query("#plan")))
            assert "stillroom train --again" in shown(app, "#plan")
            assert "price" in shown(app, "#plan")
            await pilot.press("escape")

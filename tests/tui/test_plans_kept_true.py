"""A plan is made anew when the project has changed between its being shown and agreed to."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from tests.steps.world import Box, stillroom
from tests.tui.agreeing import agree, asked
from tests.tui.test_app import idle, opened, said, shown, until
from tests.tui.test_project_file import asks

from stillroom.pictures import Side
from stillroom.project.writing import edit
from stillroom.steps.labeling import Label, LabelPlan
from stillroom.steps.selecting import Exclude
from stillroom.steps.workspace import Workspace


async def test_pictures_excluded_by_another_process_are_taken_out_of_an_open_plan(
    scanned: Workspace, box: Box
) -> None:
    before = box.served()
    every = len(scanned.store.pictures.contents())
    gone = [row.path for row in scanned.store.pictures.contents() if row.side][:2]
    async with opened(scanned) as (app, pilot):
        await pilot.press("L")
        await until(pilot, partial(asks, app))
        first = app.screen
        assert "Made anew" not in shown(app, "#plan")
        stillroom("exclude", *gone, "-yq", "--project", scanned.root).ok()
        await agree(pilot)
        await until(pilot, lambda: asks(app) and app.screen is not first)
        assert f"Label {every - 2} pictures" in " ".join(shown(app, "#dialog Static").split())
        assert "The project has changed meanwhile: the plan is made anew." in said(app)
        top = shown(app, "#plan").splitlines()
        assert top[0].strip() == "Made anew: the project has changed since you saw it."
        assert top[1].startswith(f"Before: Label {every} pictures")
        assert top[2].startswith("Highest price $")
        assert ", was $" in top[2]
        assert box.served() == before
        await agree(pilot)
        await until(pilot, lambda: bool(app.desk.started))
        await idle(app, pilot)
    assert box.served() == before + every - 2


async def test_a_warning_that_was_not_there_when_it_was_agreed_to_is_shown(scanned: Workspace) -> None:
    one, *others = [row.path for row in scanned.store.pictures.contents() if row.side is Side.TEST]
    async with opened(scanned) as (app, pilot):
        app.act(Exclude(tuple(others)))
        await asked(pilot)
        first = app.screen
        assert "This leaves no" not in shown(app, "#plan")
        stillroom("exclude", one, "-yq", "--project", scanned.root).ok()
        await agree(pilot)
        await until(pilot, lambda: bool(app.desk.started) or (asks(app) and app.screen is not first))
        assert not app.desk.started
        await asked(pilot)
        top = shown(app, "#plan").splitlines()
        assert top[0].strip() == "Made anew: the project has changed since you saw it."
        assert top[1].startswith("Now: This leaves no"), "a small terminal shows the notes only when scrolled"
        await agree(pilot)
        await until(pilot, lambda: "Done:" in said(app))


async def test_a_plan_with_the_same_figures_goes_on_at_once_with_what_is_true_now(
    scanned: Workspace,
) -> None:
    gone = scanned.store.pictures.contents()[0].path
    async with opened(scanned) as (app, pilot):
        await pilot.press("L")
        await until(pilot, partial(asks, app))
        before = scanned.store.changes.version()
        for verb in ("exclude", "include"):
            stillroom(verb, gone, "-yq", "--project", scanned.root).ok()
        assert scanned.store.changes.version() != before
        await agree(pilot)
        await until(pilot, lambda: bool(app.desk.started))
        assert "made anew" not in said(app)
        await idle(app, pilot)


async def test_a_project_file_changed_while_a_plan_is_made_anew_is_not_begun_under(
    scanned: Workspace, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, made, really = box.served(), list[LabelPlan](), Label.plan

    def planned(step: Label, workspace: Workspace) -> LabelPlan:
        made.append(really(step, workspace))
        if len(made) == 2:
            edit(scanned.project.file, "prompt", "user", "List other keywords.")
        return made[-1]

    monkeypatch.setattr(Label, "plan", planned)
    async with opened(scanned) as (app, pilot):
        await pilot.press("L")
        await until(pilot, partial(asks, app))
        first = app.screen
        await asyncio.to_thread(scanned.store.facts.put, "seen", "1")
        await agree(pilot)
        await until(pilot, lambda: bool(app.desk.started) or (asks(app) and app.screen is not first))
        assert not app.desk.started
        assert "The project file was changed meanwhile" in said(app)
    assert box.served() == before

"""Work that was agreed to goes to its end with the settings that it was planned with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from tests.steps.world import Box, put
from tests.tui.agreeing import agree
from tests.tui.test_app import gathered, idle, opened, said, shown, until
from tests.tui.test_project_file import asks
from textual.pilot import Pilot

from stillroom.project.writing import edit
from stillroom.steps.labeling import Label
from stillroom.steps.pipeline import Run
from stillroom.steps.run_progress import RunProgress
from stillroom.steps.setup import Setup
from stillroom.steps.workspace import Workspace
from stillroom.tui.app import Workbench

PROMPT = "List other keywords."


def change_at(
    monkeypatch: pytest.MonkeyPatch, step: type[Any], app: Workbench, change: Callable[[], None]
) -> None:
    """Change the project file when a step of this kind has been executed, and have the workbench read it."""
    really = step.execute

    def executed(self: object, *given: object) -> object:
        done = really(self, *given)
        change()
        app.desk.follow_file()  # as its watch does within a second
        return done

    monkeypatch.setattr(step, "execute", executed)


async def run_until(app: Workbench, pilot: Pilot[Any], last: str) -> None:
    app.act(Run(until=last))
    await until(pilot, partial(asks, app))
    await agree(pilot)
    await until(pilot, lambda: bool(app.desk.started))
    await idle(app, pilot)


async def test_a_run_is_not_turned_by_a_prompt_that_is_changed_meanwhile(
    scanned: Workspace, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = sum(row.side is not None for row in scanned.store.pictures.contents())
    async with opened(scanned) as (app, pilot):
        change_at(monkeypatch, Label, app, lambda: edit(scanned.project.file, "prompt", "user", PROMPT))
        before = box.served()
        await run_until(app, pilot, "upload")
        await until(pilot, lambda: "Done: everything" in said(app))
        assert box.served() == before + every
    assert scanned.settings.prompt.prompt.user == PROMPT, "it counts from then on for all else"
    assert Label("teacher").plan(scanned).count == every
    assert scanned.settings.aws.bucket
    assert scanned.store.records.sent(scanned.settings.aws.bucket)[0]


async def test_a_run_takes_the_names_that_its_setup_writes_and_nothing_else(
    scanned: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(scanned) as (app, pilot):
        really = Setup.execute

        def executed(self: Setup, *given: Any) -> object:
            edit(scanned.project.file, "prompt", "user", PROMPT)
            return really(self, *given)

        monkeypatch.setattr(Setup, "execute", executed)
        planned = scanned.settings
        await run_until(app, pilot, "build")
        await until(pilot, lambda: "Done: everything" in said(app))
        assert [run.spec.prompt.user for run in scanned.store.runs.all()] == [planned.prompt.prompt.user]
        assert scanned.settings.aws.role_arn, "what looks at the project knows them at once"
        assert not scanned.has_changed()


async def test_a_budget_that_is_changed_meanwhile_counts_for_a_run(
    scanned: Workspace, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(scanned) as (app, pilot):
        change_at(monkeypatch, Setup, app, lambda: put(scanned.root, "limits", "budget", 0.0001))
        before = box.served()
        await run_until(app, pilot, "build")
        await until(pilot, lambda: "The budget is reached" in said(app))
        assert box.served() == before


async def test_what_a_run_may_cost_is_held_against_the_prices_that_were_agreed_to(
    scanned: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = scanned.settings.teacher.model

    def dearer() -> None:
        with scanned.project.file.open("a", encoding="utf-8") as file:
            file.write(f'\n[prices."{model}"]\ninput = 900.0\noutput = 900.0\n')

    async with opened(scanned) as (app, pilot):
        change_at(monkeypatch, Setup, app, dearer)
        await run_until(app, pilot, "build")
        await until(pilot, lambda: "Done: everything" in said(app))


async def test_labeling_tells_no_run_that_rests_as_running_beside_one_with_other_settings(
    scanned: Workspace, box: Box
) -> None:
    box.turn(latency=0.2)
    async with opened(scanned, size=(120, 30)) as (app, pilot):
        app.act(Label("teacher"))
        await until(pilot, partial(asks, app))
        await agree(pilot)
        await until(pilot, lambda: bool(app.desk.running))
        (work,) = app.desk.running
        await until(pilot, lambda: isinstance(work.progress, RunProgress) and work.progress.done > 0)
        work.pause()
        edit(scanned.project.file, "prompt", "user", PROMPT)
        app.desk.follow_file()
        await pilot.press("3")
        await until(pilot, partial(gathered, app, "labeling"))
        told = " ◌ teacher   paused with another prompt here · not begun"
        await until(pilot, lambda: shown(app, "#run").startswith(told))
        assert " left" not in shown(app, "#run").splitlines()[1]
        await pilot.press("r")
        assert not work.paused, "the keys still steer what goes on under this name"
        await idle(app, pilot)
        await until(pilot, lambda: shown(app, "#run").startswith(" ◌ teacher   not begun"))

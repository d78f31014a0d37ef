"""What cannot be undone is done when its name was typed, and by nothing less."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.steps.world import Box, make, stillroom
from tests.tui.test_app import idle, opened, until
from textual.pilot import Pilot
from textual.widgets import Input

from stillroom.cli.output import as_json
from stillroom.steps.jobs import Stop
from stillroom.steps.students import Delete, Undeploy
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.tui.app import Leaving, Workbench
from stillroom.tui.desk import AnyStep
from stillroom.tui.screens.base import Room
from stillroom.tui.screens.consent import Consent

STUDENT = "lite-10"


@pytest.fixture
def trained(box: Box, shelf: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A project with a student that nobody else needs."""
    root = make(tmp_path / "trained", shelf, box, sizes=(10,))
    stillroom("run", "--until", "train", "-yq", "--project", root).ok()
    with open_workspace(root) as workspace:
        yield workspace


@pytest.fixture
def training(box: Box, shelf: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A project whose jobs train for a long time."""
    root = make(tmp_path / "training", shelf, box, sizes=(10,))
    stillroom("run", "--until", "upload", "-yq", "--project", root).ok()
    box.turn(speed=1.0)
    stillroom("train", "-yq", "--project", root).ok()
    with open_workspace(root) as workspace:
        yield workspace


def hold(box: Box, workspace: Workspace, name: str) -> None:
    """Somebody buys throughput for the student."""
    row = workspace.store.students.get(STUDENT)
    assert row is not None
    box.turn(provisioned_units=1)
    client = box.client("bedrock")
    client.create_provisioned_model_throughput(modelUnits=1, provisionedModelName=name, modelId=row.arn)
    client.close()


def held(box: Box) -> list[str]:
    """Names of the throughput that is held in the account."""
    client = box.client("bedrock")
    found = client.list_provisioned_model_throughputs()["provisionedModelSummaries"]
    client.close()
    return [one["provisionedModelName"] for one in found]


@asynccontextmanager
async def asked(workspace: Workspace, step: AnyStep) -> AsyncIterator[tuple[Workbench, Pilot[Leaving]]]:
    """The workbench with the plan of a step on its screen."""
    async with opened(workspace) as (app, pilot):
        app.act(step)
        await until(pilot, lambda: isinstance(app.screen, Consent) and bool(app.screen.query(Input)))
        yield app, pilot


async def typed(pilot: Pilot[Leaving], name: str) -> None:
    pilot.app.screen.query_one(Input).value = name
    await pilot.press("enter")


async def test_a_model_is_deleted_when_its_students_name_was_typed(trained: Workspace) -> None:
    async with asked(trained, Delete(STUDENT)) as (app, pilot):
        for wrong in ("", "y", "lite-20", STUDENT.upper()):
            await typed(pilot, wrong)
            assert isinstance(app.screen, Consent)
        assert not app.desk.started
        assert [row.name for row in trained.store.students.all()] == [STUDENT]
        await typed(pilot, STUDENT)
        await until(pilot, lambda: isinstance(app.screen, Room) and bool(app.desk.started))
        await idle(app, pilot)
        assert trained.store.students.all() == []


async def test_what_bills_by_the_hour_is_removed_when_its_name_was_typed(
    trained: Workspace, box: Box
) -> None:
    hold(box, trained, "held-for-delight")
    async with asked(trained, Undeploy("held-for-delight")) as (app, pilot):
        await typed(pilot, STUDENT)
        assert isinstance(app.screen, Consent)
        assert "held-for-delight" in held(box)
        await typed(pilot, "held-for-delight")
        await until(pilot, lambda: isinstance(app.screen, Room) and bool(app.desk.started))
        await idle(app, pilot)
        assert "held-for-delight" not in held(box)


async def test_a_job_is_stopped_when_its_students_name_was_typed(training: Workspace) -> None:
    job = training.store.jobs.all()[0]
    async with asked(training, Stop(job.name)) as (app, pilot):
        await typed(pilot, job.name)
        assert isinstance(app.screen, Consent)
        assert not app.desk.started
        await typed(pilot, job.student)
        await until(pilot, lambda: isinstance(app.screen, Room) and bool(app.desk.started))
        await idle(app, pilot)
    assert training.store.jobs.all()[0].status in ("Stopping", "Stopped")


def test_a_deployment_that_costs_nothing_asks_for_no_name(finished: Workspace) -> None:
    assert Undeploy(STUDENT).plan(finished).typed == ""


def test_scripts_see_nothing_of_it(finished: Workspace) -> None:
    plan = Delete(STUDENT).plan(finished)
    assert plan.typed == STUDENT
    assert as_json(plan) == as_json(dataclasses.replace(plan, typed=""))

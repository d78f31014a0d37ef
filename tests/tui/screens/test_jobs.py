"""The Jobs screen on a project that has two trained students, one of them kept and nothing under way."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.steps.world import gallery, stillroom
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from stillroom.steps.elsewhere import Other
from stillroom.steps.job_details import everything
from stillroom.steps.jobs import Stop
from stillroom.steps.students import Delete, Deploy
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store import DeploymentRow, JobRow, StudentRow
from stillroom.training import JobStatus
from stillroom.training.jobs import Stage, StageFact
from stillroom.training.metrics import LossPoint
from stillroom.tui.actions import by_id
from stillroom.tui.app import Workbench
from stillroom.tui.desk import AnyStep, Desk
from stillroom.tui.job_refusals import why_not
from stillroom.tui.remembered import Place
from stillroom.tui.screens.help import live_keys
from stillroom.tui.screens.jobs import Jobs, JobsView
from stillroom.tui.screens.jump import Jump
from stillroom.tui.widgets.frame import Footer

AT = 1_800_000_000.0
FOREVER = 10.0
"""Seconds that a screen is given to show what it was told."""


def job(student: str, status: str, made: float) -> JobRow:
    stages = tuple(
        StageFact(stage, "Completed", made + 60 * number, made + 60 * (number + 1))
        for number, stage in enumerate(Stage)
    )
    return JobRow(
        f"job-{student}", 300, student, f"token-{student}", "amazon.nova-lite-v1:0:300k", {"epochCount": "2"},
        "us-east-1", "arn:aws:iam::111122223333:role/r", "s3://b/t.jsonl", None, "s3://b/o/", 300, made,
        tokens=1000, usd=Decimal("2.10"), arn=f"arn:{student}", status=status, stages=stages,
        failure="Input size exceeded in file s3://b/t.jsonl" if status == "Failed" else "",
        started=made, ended=made + 180, seen=made + 200,
    )  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("LANG", "C.UTF-8")
    stillroom("new", tmp_path / "project", "--images", gallery(tmp_path / "shelf", 3, 0)).ok()
    with open_workspace(tmp_path / "project", now=lambda: AT) as opened:
        yield opened


def trained(workspace: Workspace) -> None:
    store = workspace.store
    for number, (name, status) in enumerate([("one", "Completed"), ("two", "Completed"), ("bad", "Failed")]):
        store.jobs.new(job(name, status, AT - 10_000 + number))
        if status == JobStatus.COMPLETED:
            points = [LossPoint(step, 1, 2.0 / (step + 1), 1.0) for step in range(30)]
            store.jobs.save_losses(f"job-{name}", "training", points)
            store.students.save(StudentRow(name, f"arn:model:{name}", "amazon.nova-lite-v1:0:300k",
                                           f"job-{name}", 300, AT - 9000 + number))  # fmt: skip


def on_jobs(
    workspace: Workspace, then: Callable[[Workbench, Pilot[Any]], Awaitable[None]], size: tuple[int, int]
) -> None:
    """Open the workbench, go to Jobs, and wait until its list stands."""

    async def go() -> None:
        app = Workbench(workspace)
        async with app.run_test(size=size) as pilot:
            await pilot.press("5")
            await until(pilot, lambda: isinstance(app.screen, Jobs) and detail(app).strip() != "")
            await then(app, pilot)

    asyncio.run(go())


async def until(pilot: Pilot[Any], true: Callable[[], bool]) -> None:
    async with asyncio.timeout(FOREVER):
        while not true():
            await pilot.pause(0.02)


def detail(app: Workbench) -> str:
    return str(app.screen.query_one("#detail", Static).visual)


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (60, 16)])
def test_what_runs_and_bills_is_listed_newest_first(workspace: Workspace, size: tuple[int, int]) -> None:
    trained(workspace)

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        rows = [str(option.prompt) for option in app.screen.query_one(OptionList).options]
        assert [row.split()[1:3] for row in rows] == [
            ["job", "bad"], ["job", "two"], ["job", "one"], ["model", "two"], ["model", "one"],
        ]  # fmt: skip
        assert len({len(row) for row in rows}) == 1
        assert "records" in detail(app).lower()
        assert "too long" in detail(app)

    on_jobs(workspace, then, size)


@pytest.mark.parametrize(
    ("before", "after"), [((80, 24), (140, 40)), ((140, 40), (80, 24)), ((100, 30), (60, 16))]
)
def test_its_lines_fit_as_soon_as_it_has_another_size(
    workspace: Workspace, before: tuple[int, int], after: tuple[int, int]
) -> None:
    trained(workspace)

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        await fits(app, pilot)
        await pilot.resize_terminal(*after)
        await fits(app, pilot)

    async def fits(app: Workbench, pilot: Pilot[Any]) -> None:
        await pilot.pause()
        things, details = app.screen.query_one(OptionList), app.screen.query_one("#details")
        room = things.scrollable_content_region.width
        assert {len(str(option.prompt)) for option in things.options} == {room}
        assert max(map(len, detail(app).splitlines())) <= details.scrollable_content_region.width

    on_jobs(workspace, then, before)


def test_the_letter_of_the_details_covers_the_rule_and_no_text(workspace: Workspace) -> None:
    trained(workspace)

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        pane = app.screen.query_one("#details").region
        await pilot.press("apostrophe")
        assert isinstance(app.screen, Jump)
        assert pane.offset - Offset(1, 0) in [spot.at for spot in app.screen.spots.values()]

    on_jobs(workspace, then, (140, 40))


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_a_job_whose_model_was_deleted_says_so_and_offers_no_deployment(
    workspace: Workspace, size: tuple[int, int]
) -> None:
    trained(workspace)
    workspace.store.students.mark_deleted("two", AT - 100)

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        rows = [str(option.prompt) for option in app.screen.query_one(OptionList).options]
        assert ["Completed, deleted" in row for row in rows] == [False, True, False, False]
        await pilot.press("j")
        await until(pilot, lambda: "two" in detail(app).splitlines()[0])
        assert "jobs.deploy" not in offered(app)
        await pilot.press("j")
        await until(pilot, lambda: "one" in detail(app).splitlines()[0])
        assert "jobs.deploy" in offered(app)

    on_jobs(workspace, then, size)


def offered(app: Workbench) -> set[str]:
    """Actions that can be pressed, by id."""
    return {str(found.binding.id) for found in app.screen.active_bindings.values() if found.enabled}


def test_curves_are_laid_over_each_other_and_keep_their_letters(workspace: Workspace) -> None:
    trained(workspace)

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        await pilot.press("j")
        await until(pilot, lambda: "A two" in detail(app))
        await pilot.press("space", "j")
        await until(pilot, lambda: "B one" in detail(app))
        rows = [str(option.prompt) for option in app.screen.query_one(OptionList).options]
        assert [row[1] for row in rows] == [" ", "A", "B", " ", " "]

    on_jobs(workspace, then, (80, 24))


def test_keys_do_only_what_fits_the_thing_under_the_cursor(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(workspace)
    acted: list[AnyStep] = []

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        monkeypatch.setattr(app, "act", lambda *steps, **above: acted.extend(steps))
        await pilot.press("K", "X", "U", "D")
        assert acted == []
        said = "\n".join(notice.text for notice in app.notices)
        assert "Only a custom model can be deleted" in said
        assert "does not run: there is nothing to stop" in said
        await pilot.press("G")
        await until(pilot, lambda: "cannot be brought back" in detail(app))
        await pilot.press("X", "K")
        assert acted == [Delete("one")]
        things = app.screen.query_one(OptionList)
        assert things.max_scroll_y == 0 or things.scroll_y > 0
        assert Stop("one") not in acted

    on_jobs(workspace, then, (80, 24))


def test_why_a_student_cannot_be_deployed_is_said_of_the_row(workspace: Workspace) -> None:
    store = workspace.store
    trained(workspace)
    store.jobs.new(job("cut", JobStatus.STOPPED, AT))
    store.jobs.new(job("new", JobStatus.IN_PROGRESS, AT))
    store.jobs.new(job("gone", JobStatus.COMPLETED, AT))
    store.students.save(StudentRow("gone", "arn:gone", "amazon.nova-lite-v1:0:300k", "job-gone", 300, AT))
    store.students.mark_deleted("gone", AT)
    store.students.new_deployment(DeploymentRow("d-one", "one", "token", AT - 50, "arn:d-one", "Active"))
    things = {thing.key: thing for thing in everything(workspace).things}
    for key, why in {
        "job:job-cut": "cut was stopped: it made no model.",
        "job:job-bad": "bad has failed: it made no model.",
        "job:job-new": "new is not trained yet: it can be deployed when its job has completed.",
        "job:job-gone": "The custom model of gone was deleted: it has to be trained again first.",
        "job:job-one": "one has a deployment already.",
        "model:one": "one has a deployment already.",
        "deployment:d-one": "one has a deployment already.",
    }.items():
        assert why_not("deploy", things[key]) == why
    assert why_not("deploy", replace(things["job:job-cut"], ours=False)) == "This project did not make it."


@pytest.mark.parametrize("by_run", [True, False])
def test_what_run_has_deployed_is_kept_by_the_key_that_deploys(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, by_run: bool
) -> None:
    trained(workspace)
    served = DeploymentRow("d-one", "one", "token", AT - 50, "arn:d-one", "Active", by_run=by_run)
    workspace.store.students.new_deployment(served)
    keys = [thing.key for thing in everything(workspace).things]
    acted: list[AnyStep] = []

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        monkeypatch.setattr(app, "act", lambda *steps, **above: acted.extend(steps))
        rows = app.screen.query_one(OptionList)
        for key in ("job:job-one", "model:one", "deployment:d-one"):
            rows.highlighted = keys.index(key)
            await until(pilot, lambda: "one" in detail(app).splitlines()[0])
            await pilot.press("D")
        assert acted == [Deploy(("one",))] * 3 * by_run
        kept = "D, or stillroom deploy one; else run removes it"
        assert (kept in detail(app)) is by_run

    on_jobs(workspace, then, (140, 40))


def test_nothing_is_claimed_of_what_other_hands_made(workspace: Workspace) -> None:
    found = [Other(kind, "theirs", "Active") for kind in ("customization job", "deployment", "custom model")]
    workspace.remember("elsewhere", json.dumps({"at": AT, "found": [asdict(one) for one in found]}))
    theirs, deployment, model = everything(workspace).things
    served = [(action, thing) for action in ("deploy", "undeploy") for thing in (theirs, deployment, model)]
    for action, thing in [("stop", theirs), ("delete", model), *served]:
        assert why_not(action, thing) == "This project did not make it."
    assert why_not("stop", model) == "Only a job can be stopped: go to its row."
    assert why_not("delete", theirs) == "Only a custom model can be deleted: go to its row."


def test_a_deployment_that_failed_is_said_to_have_failed(workspace: Workspace) -> None:
    trained(workspace)
    students = workspace.store.students
    students.new_deployment(DeploymentRow("d-one", "one", "token", AT - 50, "arn:d-one", "Failed"))
    things = {thing.key: thing for thing in everything(workspace).things}
    for key in ("job:job-one", "model:one", "deployment:d-one"):
        why = "The deployment of one has failed: U removes it; then it can be deployed anew."
        assert why_not("deploy", things[key]) == why


def test_why_a_key_does_nothing_is_said_of_the_keys_that_a_person_has_chosen(workspace: Workspace) -> None:
    trained(workspace)

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        app.set_keymap({"jobs.delete": "f9"})
        await pilot.press("X")
        assert "Only a custom model can be deleted" not in "\n".join(one.text for one in app.notices)
        await pilot.press("f9")
        assert "Only a custom model can be deleted" in "\n".join(one.text for one in app.notices)

    on_jobs(workspace, then, (80, 24))


def test_before_the_list_has_been_read_nobody_is_told_what_is_in_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(workspace)
    read, gather = threading.Event(), Jobs.gather

    def slowly(screen: Jobs, desk: Desk, planned: Workspace) -> JobsView:
        read.wait(FOREVER)
        return gather(screen, desk, planned)

    monkeypatch.setattr(Jobs, "gather", slowly)

    async def go() -> None:
        app = Workbench(workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("5", "D")
            assert app.notices[-1].text == "The list is still being read."
            read.set()
            await until(pilot, lambda: detail(app).strip() != "")
            await pilot.press("U")
            assert "still being read" not in app.notices[-1].text

    asyncio.run(go())


def test_the_footer_keeps_in_step_with_the_row_and_with_what_becomes_of_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(workspace)
    students = workspace.store.students
    students.new_deployment(DeploymentRow("d-one", "one", "token", AT - 50, "arn:d-one", "Active"))
    keys = [thing.key for thing in everything(workspace).things]
    monkeypatch.setattr("stillroom.tui.app._TICK_SECONDS", 1000.0)  # it waits for no tick

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        room = app.screen
        assert isinstance(room, Jobs)

        def named() -> str:
            return " ".join(word for _, word in room.query_one(Footer).keys)

        with monkeypatch.context() as still:
            still.setattr(room, "look", lambda: None)  # nor for a look
            room.query_one(OptionList).highlighted = keys.index("deployment:d-one")
            await until(pilot, lambda: named().startswith("undeploy look now"))
            room.query_one(OptionList).highlighted = keys.index("model:one")
            await until(pilot, lambda: named().startswith("undeploy delete look now"))
        students.end_deployment("d-one", AT)
        room.look()
        await until(pilot, lambda: named().startswith("deploy delete look now"))

    on_jobs(workspace, then, (80, 24))


def test_a_model_that_is_deployed_is_not_offered_to_be(workspace: Workspace) -> None:
    trained(workspace)
    students = workspace.store.students
    students.new_deployment(DeploymentRow("d-one", "one", "token", AT - 50, "arn:d-one", "Active"))

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        await pilot.press("G")
        await until(pilot, lambda: "cannot be brought back" in detail(app))
        assert "deployment is Active" in detail(app)
        assert "deploys it" not in detail(app)
        assert isinstance(app.screen, Jobs)
        assert not app.screen.check_action("deploy", ())
        assert app.screen.check_action("undeploy", ())
        await pilot.press("k")
        await until(pilot, lambda: "deploys it" in detail(app))
        assert app.screen.check_action("deploy", ())
        assert not app.screen.check_action("undeploy", ())

    on_jobs(workspace, then, (80, 24))


def test_a_job_and_a_model_are_copied_by_their_arn(workspace: Workspace) -> None:
    trained(workspace)

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        screen = app.screen
        assert isinstance(screen, Jobs)
        assert screen.copied() == "arn:bad"
        await pilot.press("G")
        await until(pilot, lambda: "cannot be brought back" in detail(app))
        assert screen.copied() == "arn:model:one"

    on_jobs(workspace, then, (80, 24))


def test_the_age_takes_no_room_from_the_keys(workspace: Workspace) -> None:
    trained(workspace)
    going = job("going", JobStatus.IN_PROGRESS, AT - 900)
    workspace.store.jobs.new(replace(going, ended=None, stages=()))

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        title = lambda: str(app.screen.query_one("#body").border_title)  # noqa: E731
        await until(pilot, lambda: "seen " in title())
        assert "seen" not in str(app.screen.query_one(Footer).render())
        await pilot.press("j")
        await until(pilot, lambda: "bad" in detail(app).splitlines()[0])
        await until(pilot, lambda: "seen " not in title())

    on_jobs(workspace, then, (60, 20))


def test_an_empty_list_says_what_fills_it(workspace: Workspace) -> None:
    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        assert "Nothing runs and nothing bills" in detail(app)
        assert "T  starts training" in detail(app)

        # What comes later is gone through by keys at once.
        trained(workspace)
        await until(pilot, lambda: app.screen.query_one(OptionList).option_count > 0)
        await pilot.press("j")
        assert app.screen.query_one(OptionList).highlighted == 1

    on_jobs(workspace, then, (80, 24))


def test_the_cursor_stays_beside_what_has_gone(workspace: Workspace) -> None:
    trained(workspace)
    students = workspace.store.students
    for name in ("one", "two"):
        students.new_deployment(DeploymentRow(f"d-{name}", name, "token", AT - 50, f"arn:d-{name}", "Active"))

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        screen, things = app.screen, app.screen.query_one(OptionList)
        assert isinstance(screen, Jobs)
        assert screen.view is not None
        own = [thing.own_name for thing in screen.view.everything.things]
        keys = [str(option.id) for option in things.options]
        gone = max(own.index("d-one"), own.index("d-two"))
        assert 0 < gone < len(keys) - 1
        await pilot.press(*"j" * gone)
        await until(pilot, lambda: screen.chosen == keys[gone])
        students.update_deployment(own[gone], deleted=AT)
        app.desk.refresh()
        await until(pilot, lambda: len(things.options) == len(keys) - 1)
        assert screen.chosen == keys[gone + 1]
        assert things.highlighted == gone

    on_jobs(workspace, then, (80, 24))


def test_the_cursor_is_where_it_was_when_the_workbench_is_opened_again(workspace: Workspace) -> None:
    trained(workspace)
    keys = [thing.key for thing in everything(workspace).things]
    at = keys.index("model:one")
    assert at > 0

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        screen, rows = app.screen, app.screen.query_one(OptionList)
        assert isinstance(screen, Jobs)
        rows.highlighted = at
        await until(pilot, lambda: screen.bookmark() == Place(picture="model:one"))

    async def come_back(app: Workbench, pilot: Pilot[Any]) -> None:
        assert isinstance(app.screen, Jobs)
        app.screen.return_to(Place(picture="model:one"))
        app.screen.query_one(OptionList).clear_options()  # as before anything has been gathered
        app.screen.look()
        await until(pilot, lambda: app.screen.query_one(OptionList).highlighted == at)

    on_jobs(workspace, then, (140, 40))
    on_jobs(workspace, come_back, (140, 40))


def test_with_nothing_to_list_the_words_begin_where_lines_do(workspace: Workspace) -> None:
    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        await pilot.pause()
        rows = [strip.text for strip in app.screen._compositor.render_strips()]
        assert not any("│" in row for row in rows), "a line divides nothing from nothing"
        row = next(row for row in rows if "Nothing runs" in row)
        assert row.index("Nothing runs") == 1
        trained(workspace)
        app.desk.refresh()
        await until(pilot, lambda: len(app.screen.query_one("#list", OptionList).options) > 0)
        await pilot.pause()
        details = app.screen.query_one("#details")
        assert details.region.x == 78
        await pilot.press("j")
        assert app.screen.query_one("#list", OptionList).highlighted == 1

    on_jobs(workspace, then, (140, 40))


def test_help_calls_the_key_of_the_details_as_the_manual_does(workspace: Workspace) -> None:
    trained(workspace)

    async def then(app: Workbench, pilot: Pilot[Any]) -> None:
        told = {key.keys: key.title for key in live_keys(app.screen)}
        action = by_id("jobs.details")
        assert action is not None
        assert told["⏎"] == action.title
        await pilot.press("enter")
        assert app.screen.has_class("-details")
        await pilot.press("enter")
        assert not app.screen.has_class("-details")

    on_jobs(workspace, then, (80, 24))

"""The workbench as a person uses it: keys go in, plans are shown, steps run, and nothing happens twice."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from math import inf

import pytest
from tests.steps.world import Box
from tests.tui.agreeing import agree
from tests.tui.under_way import GOING, OF_TEACHER
from textual.pilot import Pilot

from stillroom.background import Handle, Progress, Signals, Slot
from stillroom.errors import StillroomError
from stillroom.places import config_folder
from stillroom.steps.plan import Plan, Watch
from stillroom.steps.run_progress import run_progress
from stillroom.steps.scan import Scan
from stillroom.steps.students import Delete
from stillroom.steps.workspace import Workspace
from stillroom.tui.app import Leaving, Workbench
from stillroom.tui.desk import Work
from stillroom.tui.screens.base import Room
from stillroom.tui.screens.consent import Consent
from stillroom.tui.screens.dataset import Dataset
from stillroom.tui.screens.help import Help
from stillroom.tui.screens.jump import Jump
from stillroom.tui.screens.labeling import Labeling
from stillroom.tui.screens.overview import Overview, parts_of
from stillroom.tui.screens.question import Question
from stillroom.tui.widgets.lines import Lines


@asynccontextmanager
async def opened(
    workspace: Workspace, *, read_only: bool = False, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Workbench, Pilot[Leaving]]]:
    app = Workbench(workspace, read_only=read_only)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Room) and app.screen.view is not None)
        yield app, pilot


async def until(pilot: Pilot[Leaving], true: Callable[[], bool]) -> None:
    """Let the application go on until something is true, at most some seconds."""
    for _ in range(400):
        if true():
            return
        await pilot.pause(0.025)
    raise AssertionError("it never came true")


def gathered(app: Workbench, name: str) -> bool:
    """Whether a screen is shown, with what it has gathered."""
    return app.current_mode == name and isinstance(app.screen, Room) and app.screen.view is not None


async def at_labeling(app: Workbench, pilot: Pilot[Leaving]) -> Labeling:
    """Go to Labeling, and wait until it knows its runs."""
    await pilot.press("3")
    await until(pilot, lambda: gathered(app, "labeling"))
    assert isinstance(app.screen, Labeling)
    return app.screen


def shown(app: Workbench, selector: str) -> str:
    widget = app.screen.query_one(selector)
    return widget.text if isinstance(widget, Lines) else str(widget.render())


def asked_lines(app: Workbench) -> list[str]:
    """What is told by the question on the screen."""
    assert isinstance(app.screen, Question)
    return list(app.screen.lines)


def said(app: Workbench) -> str:
    return "\n".join(notice.text for notice in app.notices)


async def idle(app: Workbench, pilot: Pilot[Leaving]) -> None:
    await until(pilot, lambda: not app.desk.running)


async def test_it_opens_on_the_overview_with_what_comes_next(workspace: Workspace) -> None:
    async with opened(workspace) as (app, pilot):
        assert app.current_mode == "overview"
        assert "no picture has been looked at" in shown(app, "#steps")
        await until(pilot, lambda: "stillroom scan" in shown(app, "#next"))


async def test_a_step_that_costs_nothing_starts_at_once_and_the_screen_follows(workspace: Workspace) -> None:
    async with opened(workspace) as (app, pilot):
        await pilot.press("S")
        await until(pilot, lambda: "30 unique" in shown(app, "#steps"))
        await until(pilot, lambda: "Done: Scan" in said(app))


async def test_the_overview_looks_again_when_a_part_of_the_work_ends(workspace: Workspace) -> None:
    async with opened(workspace) as (app, pilot):
        overview = app.screen
        assert isinstance(overview, Overview)
        await pilot.pause(0.2)
        overview._next_look = inf  # it rests, as after a long look
        scan = Scan()
        scan.execute(workspace, scan.plan(workspace), Watch())
        overview.advanced((working(Progress("build")),))
        await until(pilot, lambda: "30 unique" in shown(app, "#steps"))


def working(progress: Progress) -> Work:
    slot = Slot()
    slot.put(progress)
    handle: Handle[str] = Handle(progress.doing, slot, Signals(), Future())
    return Work(1, Scan(), Plan(verb="run", title="run", count=1, command=""), handle, 0.0)


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (Progress("label teacher", 1, 9, rate=1.0), Progress("label teacher", 2, 9, rate=2.0), True),
        (Progress("upload", 1, rate=1.0), Progress("upload", 2, rate=1.0, detail="2 were there"), True),
        (Progress("label teacher", rate=1.0), Progress("build"), False),
        (Progress("train"), Progress("train", detail="lite-9 InProgress (training)"), False),
        (
            run_progress(OF_TEACHER, replace(GOING, rate=None), None),
            run_progress(OF_TEACHER, replace(GOING, rate=None, throttles=3), None),
            True,
        ),
    ],
)
def test_a_part_is_told_from_how_far_it_is(before: Progress, after: Progress, same: bool) -> None:
    assert (parts_of([working(before)]) == parts_of([working(after)])) == same


async def test_students_that_cannot_be_read_are_an_error_that_is_said(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(workspace: Workspace) -> tuple[str, ...]:
        raise StillroomError("The store is busy.", "Try again.")

    monkeypatch.setattr("stillroom.steps.trying.models_to_try", refused)
    async with opened(workspace) as (app, pilot):
        await pilot.press("A")
        await until(pilot, lambda: app.failure is not None or "The store is busy" in said(app))
        assert app.failure is None


async def test_a_plan_that_is_refused_does_nothing(workspace: Workspace, box: Box) -> None:
    before = box.served()
    async with opened(workspace) as (app, pilot):
        await pilot.press("S")
        await until(pilot, lambda: "30 unique" in shown(app, "#steps"))
        await pilot.press("L")
        await until(pilot, lambda: isinstance(app.screen, Consent))
        plan = shown(app, "#plan")
        assert "price" in plan
        assert "SANDBOX: nobody is billed" in plan
        assert "stillroom label teacher" in plan
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, Room))
        assert not app.desk.running
    assert box.served() == before


async def test_agreeing_labels_and_a_second_press_does_nothing_twice(workspace: Workspace, box: Box) -> None:
    box.turn(latency=0.5)
    before = box.served()
    async with opened(workspace) as (app, pilot):
        await pilot.press("S")
        await until(pilot, lambda: "30 unique" in shown(app, "#steps"))
        await pilot.press("L")
        await until(pilot, lambda: isinstance(app.screen, Consent))
        await agree(pilot)
        await until(pilot, lambda: bool(app.desk.running))
        await pilot.press("L")
        await until(pilot, lambda: "under way already" in said(app))
        assert len(app.desk.running) == 1
        await idle(app, pilot)
        await until(pilot, lambda: "30/30" in shown(app, "#steps"))
    assert box.served() == before + 30
    assert workspace.store.diary.plans()[-1].verb == "label"


async def test_two_presses_at_once_show_one_plan(workspace: Workspace) -> None:
    async with opened(workspace) as (app, pilot):
        await pilot.press("S")
        await until(pilot, lambda: "30 unique" in shown(app, "#steps"))
        await pilot.press("L", "L")
        await until(pilot, lambda: isinstance(app.screen, Consent))
        await pilot.pause(0.1)
        assert sum(isinstance(screen, Consent) for screen in app.screen_stack) == 1


async def test_read_only_shows_plans_and_does_nothing(finished: Workspace) -> None:
    async with opened(finished, read_only=True) as (app, pilot):
        await pilot.press("S")
        await until(pilot, lambda: isinstance(app.screen, Consent))
        await pilot.press("enter", "y")
        assert isinstance(app.screen, Consent)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Room))
        assert not app.desk.started


async def test_nothing_left_to_do_says_so(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        await pilot.press("L")
        await until(pilot, lambda: "Nothing is left to label with teacher: 30" in said(app))
        assert not app.desk.started


@pytest.mark.parametrize("size", [(80, 23), (140, 40)])
async def test_every_screen_opens_by_its_number(finished: Workspace, size: tuple[int, int]) -> None:
    async with opened(finished, size=size) as (app, pilot):
        for number, name in enumerate(
            ("overview", "dataset", "labeling", "compare", "jobs", "costs", "playground"), 1
        ):
            await pilot.press(str(number))
            await until(pilot, partial(gathered, app, name))
            assert app.focused is None or not hasattr(app.focused, "value"), "a text field has the focus"
        assert app.failure is None


async def test_help_names_live_keys_and_commands(finished: Workspace) -> None:
    async with opened(finished, size=(140, 40)) as (app, pilot):
        await pilot.press("question_mark")
        await until(pilot, lambda: bool(app.screen.query("#keys")))
        keys = shown(app, "#keys")
        assert "Label with the teacher" in keys
        assert "stillroom label teacher" in keys
        assert "Everywhere" in keys


async def test_below_the_smallest_size_one_line_says_so(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        await pilot.resize_terminal(50, 12)
        await until(pilot, lambda: app.screen.has_class("-tiny"))
        assert app.screen.query_one("#tiny").display
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not app.screen.has_class("-tiny"))


async def test_quitting_asks_while_work_is_running(workspace: Workspace, box: Box) -> None:
    box.turn(latency=1.0)
    async with opened(workspace) as (app, pilot):
        await pilot.press("S")
        await until(pilot, lambda: "30 unique" in shown(app, "#steps"))
        await pilot.press("L")
        await until(pilot, lambda: isinstance(app.screen, Consent))
        await agree(pilot)
        await until(pilot, lambda: bool(app.desk.running))
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, Question))
        assert asked_lines(app)[0].startswith("● Label ")
        await pilot.press("n")
        (work,) = app.desk.running
        work.pause()
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, Question))
        assert asked_lines(app)[0].startswith("‖ Label ")
        await agree(pilot)
        await until(pilot, lambda: app.return_value is not None)
    assert app.return_value == Leaving(0)
    assert [plan.command for plan in app.cut_off] == ["stillroom label teacher"]


async def test_what_nobody_foresaw_ends_the_application_and_is_kept(workspace: Workspace) -> None:
    class Broken(Scan):
        def plan(self, workspace: Workspace) -> Plan:
            raise ZeroDivisionError("nobody foresaw")

    app = Workbench(workspace)
    with pytest.raises(ZeroDivisionError):
        async with app.run_test() as pilot:
            await until(pilot, lambda: isinstance(app.screen, Room) and app.screen.view is not None)
            app.act(Broken())
            await until(pilot, lambda: app.failure is not None)
    assert app.return_code == 1


async def test_a_broken_project_file_is_told_until_it_is_mended(finished: Workspace) -> None:
    file = finished.project.file
    whole = file.read_text()

    def noted(app: Workbench) -> str:
        note = app.screen.query_one("#note")
        return str(note.render()) if note.display else ""

    async with opened(finished) as (app, pilot):
        file.write_text("[project\n")  # in another window
        await until(pilot, lambda: "stillroom.toml" in noted(app) and "earlier settings" in noted(app))
        await pilot.press("6")
        await until(pilot, lambda: gathered(app, "costs") and "earlier settings" in noted(app))
        file.write_text(whole)
        await until(pilot, lambda: not noted(app))


async def test_an_error_stays_with_the_screen_that_it_is_about(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        app.say_error(StillroomError("It went wrong.", "Mend it."))
        await pilot.press("1")
        assert len(app._notifications) == 1, "it is the same screen"
        await pilot.press("6")
        assert not len(app._notifications)
        assert said(app) == "It went wrong.\nMend it.", "the list keeps it"


async def test_the_next_start_goes_back_to_the_same_screen(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        await pilot.press("6")
        await until(pilot, lambda: app.current_mode == "costs")
    again = Workbench(finished)
    async with again.run_test() as pilot:
        await until(pilot, lambda: again.current_mode == "costs")


async def test_a_screen_that_failed_is_not_where_the_next_start_begins(finished: Workspace) -> None:
    class Broken(Scan):
        def plan(self, workspace: Workspace) -> Plan:
            raise ZeroDivisionError("nobody foresaw")

    app = Workbench(finished)
    with pytest.raises(ZeroDivisionError):
        async with app.run_test() as pilot:
            await pilot.press("6")
            await until(pilot, lambda: app.current_mode == "costs")
            app.act(Broken())
            await until(pilot, lambda: app.failure is not None)
    async with opened(finished) as (again, _):
        assert again.current_mode == "overview"


async def test_one_jumps_to_tabs_rows_and_fields(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        await pilot.press("2")
        await until(pilot, partial(gathered, app, "dataset"))
        dataset = app.screen
        assert isinstance(dataset, Dataset)
        await until(pilot, lambda: bool(dataset.table.blocks.ids))
        await pilot.press("apostrophe")
        # Seven tabs are above the filter, and the rows are below it.
        assert isinstance(app.screen, Jump)
        letters = list(app.screen.spots)
        assert len(letters) > 20
        assert app.screen.spots[letters[7]].at.x < dataset.input.region.x  # what is written stays to be read
        await pilot.press(letters[10])
        await until(pilot, lambda: dataset.table.cursor == 2)
        await pilot.press("apostrophe", letters[7])
        await until(pilot, lambda: dataset.input.has_focus)
        await pilot.press("escape", "apostrophe", letters[4])
        await until(pilot, partial(gathered, app, "jobs"))


@pytest.mark.parametrize("key", ["apostrophe", "question_mark"])
@pytest.mark.parametrize("name", ["copper", "terminal", "own"])
async def test_what_lies_over_a_screen_leaves_the_rest_of_it_to_be_read(
    finished: Workspace, name: str, key: str
) -> None:
    own = config_folder(os.environ) / "themes" / "own.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text('ansi = true\n[colors]\nbackground = "ansi_black"\n')
    async with opened(finished) as (app, pilot):
        app._use_theme(name)
        await until(pilot, lambda: "SANDBOX" in app.export_screenshot())
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, Jump | Help))
        await pilot.pause()
        assert "SANDBOX" in app.export_screenshot()


async def test_a_theme_in_the_preferences_that_there_is_none_of_is_named(finished: Workspace) -> None:
    file = config_folder(os.environ) / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[workbench]\ntheme = "linnen"\n')
    async with opened(finished) as (app, _):
        assert said(app) == "config.toml: there is no theme linnen; did you mean linen?"


async def test_a_theme_in_the_preferences_holds_until_another_is_chosen_here(finished: Workspace) -> None:
    file = config_folder(os.environ) / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    for theme in ("linen", "high-contrast"):
        file.write_text(f'[workbench]\ntheme = "{theme}"\n')
        async with opened(finished) as (app, pilot):
            assert app.theme == theme
            await pilot.press("2")  # something to be kept of this visit
            await until(pilot, lambda app=app: gathered(app, "dataset"))
    async with opened(finished) as (app, pilot):
        await pilot.press("ctrl+t")
        chosen = app.theme
    assert chosen != "high-contrast"
    async with opened(finished) as (app, _):
        assert app.theme == chosen
        next(each for each in app.get_system_commands(app.screen) if each.title == "Theme linen").callback()
    async with opened(finished) as (app, _):
        assert app.theme == "linen"


async def test_going_on_with_a_run_of_another_process_says_whose_it_is(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        room = await at_labeling(app, pilot)
        assert room.view is not None
        assert room.view.shown is not None
        room.view = replace(room.view, shown=replace(room.view.shown, holder=4711, left=3))
        room.refresh_bindings()
        await pilot.press("r")
        await pilot.pause()
        assert "It is being labeled already, in process 4711." in said(app)
        assert not isinstance(app.screen, Consent)


async def test_the_palette_lists_an_action_once_however_many_keys_it_has(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        await pilot.press("2")
        await until(pilot, lambda: gathered(app, "dataset"))
        commands = list(app.get_system_commands(app.screen))
        titles = [command.title for command in commands]
        assert len(titles) == len(set(titles))
        page = next(command for command in commands if command.title == "A page down")
        assert page.help.split() == ["pgdn", "^f"]


async def test_one_plan_of_several_says_that_more_may_follow(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        app.act(Delete("lite-10"), Scan())
        await until(pilot, lambda: isinstance(app.screen, Consent) and bool(app.screen.query("#plan")))
        assert "1 more plan may follow" in " ".join(shown(app, "#plan").split())


async def test_the_palette_finds_what_another_screen_does(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        found = {command.title: command for command in app.get_system_commands(app.screen)}
        titles = list(found)
        assert len(titles) == len(set(titles))
        assert "Copy selected text" not in titles
        ask = found["Ask the models about this picture"]
        assert "on Playground" in ask.help
        await ask.callback()
        await until(pilot, lambda: isinstance(app.screen, Consent) and bool(app.screen.query("#plan")))
        assert "stillroom ask" in shown(app, "#plan")


async def test_work_that_came_to_its_end_while_one_quits_was_not_cut_off(workspace: Workspace) -> None:
    done: Handle[str] = Handle("scan", Slot(), Signals(), Future())
    going: Handle[str] = Handle("label", Slot(), Signals(), Future())
    works = [
        Work(number, Scan(), Plan(verb="scan", title=handle.name, count=1, command=""), handle, 0.0)
        for number, handle in enumerate((done, going))
    ]
    async with opened(workspace) as (app, _):
        app.desk._works.extend(works)
        app.desk.close = lambda *_: done._future.set_result("")  # type: ignore[method-assign]
        app.exit(Leaving(0))
    assert [plan.title for plan in app.cut_off] == ["label"]

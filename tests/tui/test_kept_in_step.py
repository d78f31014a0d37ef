"""The workbench keeps in step with what changes around it: project file, clock, colours, its own end."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from tests.steps.world import put
from tests.tui.test_app import gathered, opened, until
from textual.app import SystemCommand

from stillroom.project.writing import edit
from stillroom.steps.students import Delete
from stillroom.steps.workspace import Workspace
from stillroom.tui.app import Workbench
from stillroom.tui.screens.consent import Consent
from stillroom.tui.screens.dataset import Dataset


def test_pictures_are_looked_for_where_the_project_file_says_now(finished: Workspace) -> None:
    app = Workbench(finished)
    put(finished.root, "pictures", "folder", "/elsewhere")
    finished.reload()
    assert app.viewing.shelf._locate("a.jpg") == Path("/elsewhere/a.jpg")


def test_what_was_said_before_the_clock_was_set_back_is_not_news(finished: Workspace) -> None:
    app = Workbench(finished)
    app.say("Done: Scan")
    assert app.news == "Done: Scan"
    app.notices[-1] = replace(app.notices[-1], at=app.notices[-1].at + 3600)
    assert app.news == ""


async def test_without_colour_no_key_leads_to_a_theme_that_cannot_be_read(
    finished: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(finished) as (app, _):
        assert "terminal" not in [command.title.removeprefix("Theme ") for command in commands(app)]
        seen = set()
        for _turn in app.themes_found.by_name:
            app.action_next_theme()
            seen.add(app.theme)
        assert seen == {"copper", "high-contrast", "linen"}


def commands(app: Workbench) -> list[SystemCommand]:
    return list(app.get_system_commands(app.screen))


async def test_a_screen_that_is_being_taken_down_is_not_asked_where_one_is(
    finished: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(finished) as (app, pilot):
        await pilot.press("2")
        await until(pilot, partial(gathered, app, "dataset"))
        dataset = app.screen
        assert isinstance(dataset, Dataset)
        await until(pilot, lambda: bool(dataset.copied()))
        app.visiting.keep()
        kept = app.remembered.visit(finished.root).places["dataset"]
        with monkeypatch.context() as leaving:
            leaving.setattr(app, "_running", False)
            leaving.delattr(Dataset, "table")  # its parts go before it
            app.visiting.keep()
        assert app.remembered.visit(finished.root).places["dataset"] == kept


async def test_of_many_faults_in_ones_own_files_one_pops_up_and_all_are_listed(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        app.warn_of(["first fault", "second fault", "third fault"])
        assert [notice.text for notice in app.notices][-3:] == ["second fault", "third fault", "first fault"]
        await until(pilot, lambda: len(app._notifications) == 1)
        (popped,) = app._notifications
        assert popped.message == "first fault\n2 more: N lists them."


async def test_news_too_long_for_the_lower_rule_pops_up_whole(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        for length in range(60, 90):
            text = "x" * length
            app.clear_notifications()
            app.say(text)
            app.screen.frame_again()
            await pilot.pause()
            rule = str(app.screen.query_one("#body").border_subtitle)
            popped = "".join("".join(each.message.split()) for each in app._notifications)
            assert text in (rule, popped), length


async def test_the_command_that_comes_next_is_copied_from_overview(
    finished: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    edit(finished.root / "stillroom.toml", "prompt", "user", "List the keywords.")
    finished.reload()
    async with opened(finished) as (app, pilot):
        monkeypatch.setattr(app, "copy_text", copied.append)
        await pilot.press("y")
        await until(pilot, lambda: bool(copied))
    assert copied == [f"stillroom label --project {finished.root} teacher"]


async def test_the_command_of_a_plan_is_copied_as_it_is_typed_where_the_workbench_was_opened(
    finished: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = f"stillroom delete --project {finished.root} lite-20"
    for folder, command in (("/", elsewhere), (finished.root, "stillroom delete lite-20")):
        copied: list[str] = []
        monkeypatch.chdir(folder)
        async with opened(finished, read_only=True) as (app, pilot):
            monkeypatch.setattr(app, "copy_text", copied.append)
            app.act(Delete("lite-20"))
            await until(pilot, lambda: isinstance(app.screen, Consent))
            await pilot.press("c")
            await until(pilot, lambda: bool(copied))  # noqa: B023
        assert copied == [command]

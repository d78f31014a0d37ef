"""The Playground screen: one picture, gone on from where one was."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.cells import cell_len
from tests.steps.world import put, stillroom
from tests.tui.agreeing import agree
from tests.tui.under_way import GOING
from textual.pilot import Pilot

from stillroom.background import Runner, Slot
from stillroom.labeling.values import Prompt
from stillroom.steps.ask import AskModels
from stillroom.steps.plan import Plan
from stillroom.steps.run_progress import run_progress
from stillroom.steps.targets import target
from stillroom.steps.trying import TryView, place_of, try_view
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.tui.app import Leaving, Workbench
from stillroom.tui.desk import Desk, Work
from stillroom.tui.remembered import Place
from stillroom.tui.screens.consent import Consent
from stillroom.tui.screens.playground import (
    Playground,
    answers_text,
    asked,
    edited,
    head_text,
    separator,
    turns,
)
from stillroom.tui.sheet import Sheet


async def gone_to(app: Workbench, pilot: Pilot[Leaving]) -> Playground:
    """The Playground, once it shows a picture."""
    await pilot.press("7")
    async with asyncio.timeout(20):
        while not isinstance(app.screen, Playground) or app.screen.view is None:
            await pilot.pause(0.02)
    return app.screen


def test_a_picture_is_found_by_its_path(distilled: Path):
    with open_workspace(distilled) as workspace:
        row = try_view(workspace, 7).row
        assert row is not None
        assert place_of(workspace, row.path) == 7
        assert place_of(workspace, "no such.jpg", 3) == 3


def test_a_picture_near_the_one_before_is_the_one_at_that_place(distilled: Path):
    with open_workspace(distilled) as workspace:
        before = try_view(workspace, 7)
        assert before.row is not None
        known = [(7, before.row.path)]
        for place in (5, 6, 7, 8, 9, 0, before.pictures - 1, before.pictures):
            near, anew = try_view(workspace, place, known=known), try_view(workspace, place)
            assert near.row is not None
            assert (near.place, near.row) == (anew.place, anew.row)
            assert place_of(workspace, near.row.path) == near.place
        assert try_view(workspace, 7, left_out=before.models[:1]).chosen == before.models[1:]


def test_the_picture_that_is_shown_stays_when_others_before_it_come_and_go(distilled: Path):
    with open_workspace(distilled) as workspace:
        screen, desk = Playground(), SimpleNamespace(workspace=workspace, running=())
        screen.view = try_view(workspace, 7)
        shown = screen.view.row
        assert shown is not None
        first = try_view(workspace, 0).row
        assert first is not None
        for left_out in (True, False):
            workspace.store.pictures.set_excluded([first.content], left_out)
            for _ in range(2):
                screen.view = screen.gather(desk, desk.workspace)  # type: ignore[arg-type]
                assert (screen.view.place, screen.view.row) == (6 if left_out else 7, shown)


@pytest.mark.parametrize("width", [60, 80, 140])
def test_a_long_prompt_is_cut_once_and_fits(distilled: Path, width: int):
    with open_workspace(distilled) as workspace:
        lines = head_text(try_view(workspace, 0), width).plain.splitlines()
    assert all(cell_len(line) <= width for line in lines)
    assert not any(line.count("…") > 1 for line in lines)


@pytest.mark.parametrize("width", [59, 80])
def test_what_an_answer_cost_is_in_sight(distilled: Path, width: int):
    with open_workspace(distilled) as workspace:
        lines = answers_text(try_view(workspace, 0), width).plain.splitlines()
    assert all(cell_len(line) <= width for line in lines)
    assert [" in " in line for line in lines if " keywords " in line and "$" in line] == [width == 80]


def test_an_answer_of_too_few_keywords_says_so(distilled: Path):
    put(distilled, "prompt", "keywords_max", 90)
    put(distilled, "prompt", "keywords_min", 80)
    with open_workspace(distilled) as workspace:
        lines = answers_text(try_view(workspace, 0), 80).plain.splitlines()
    assert any(line.strip().endswith("keywords, fewer than 80") for line in lines)


def test_a_model_whose_turn_is_to_come_is_not_said_to_be_not_asked(project: Path):
    stillroom("scan", "-q", "--project", project).ok()
    with open_workspace(project) as workspace:
        view = try_view(workspace, 0)
        assert view.row is not None
        step = AskModels((view.row.path,), ("teacher", "untuned"))
        others = (replace(step, words=("p99.jpg",)), replace(step, prompt=Prompt("", "Another one")))
        slot = Slot()
        handle = SimpleNamespace(slot=slot)
        plan = Plan(verb="ask", title="It", count=1, command="stillroom ask")
        works = [Work(number, each, plan, handle, 0.0) for number, each in enumerate((step, *others))]
        assert turns(asked(works), view) == {"teacher": "waiting…", "untuned": "waiting…"}
        slot.put(run_progress(target(workspace, "teacher").spec, GOING, None))
        assert turns(asked(works), view) == {"teacher": "asking…", "untuned": "waiting…"}
        assert turns(asked(works[1:]), view) == {}
        said = answers_text(view, 80, turns(asked(works), view)).plain
        assert "asking…" in said
        assert "waiting…" in said
        assert "not asked" not in said
        assert "not asked with these settings" in answers_text(view, 80).plain
        slot.put(run_progress(target(workspace, "untuned").spec, GOING, None))
        assert turns(asked(works), view) == {"untuned": "asking…"}, "the teacher's turn is over"


async def test_nothing_untrue_is_painted_of_a_model_that_has_answered(
    scanned: Workspace, monkeypatch: pytest.MonkeyPatch
):
    app = Workbench(scanned)
    painted: list[tuple[str, str]] = []

    def paint(view: TryView, width: int, turn: Mapping[str, str]) -> Sheet:
        sheet = answers_text(view, width, turn)
        lines = {
            line.split()[1]: line for line in sheet.plain.splitlines() if line.startswith((" ◌", " ✓", " ✗"))
        }
        painted.append((lines.get("teacher", ""), lines.get("untuned", "")))
        return sheet

    monkeypatch.setattr("stillroom.tui.screens.playground.answers_text", paint)
    async with app.run_test(size=(80, 24)) as pilot, asyncio.timeout(60):
        screen = await gone_to(app, pilot)
        assert screen.view is not None
        assert screen.view.row is not None
        app.act(AskModels((screen.view.row.path,), screen.view.chosen))
        while not isinstance(app.screen, Consent):
            await pilot.pause(0.02)
        await agree(pilot)
        while not all("keywords" in line for line in painted[-1]):
            await pilot.pause(0.02)
    order = ("not asked", "waiting", "asking", "keywords")
    for each in zip(*painted, strict=True):
        states = [next(at for at, word in enumerate(order) if word in line) for line in each]
        assert states == sorted(states), painted


async def test_the_picture_that_was_shown_is_come_back_to(distilled: Path):
    with open_workspace(distilled) as workspace:
        app = Workbench(workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            async with asyncio.timeout(20):
                screen = await gone_to(app, pilot)
                screen.return_to(Place(picture="p05.jpg"))
                assert screen.view is not None
                screen.look()
                while screen.bookmark() != Place(picture="p05.jpg"):
                    await pilot.pause(0.02)
                before = screen.place
                await pilot.press("n")
                while screen.view.place != before + 1:
                    await pilot.pause(0.02)
            assert screen.bookmark().picture != "p05.jpg"


def test_the_picture_is_remembered_before_it_is_shown_again(distilled: Path):
    with open_workspace(distilled) as workspace:
        screen = Playground()
        screen.return_to(Place(picture="p05.jpg"))
        view = screen.gather(
            Desk(workspace, Runner()), workspace
        )  # and it was killed before this was painted
    assert view.row is not None
    assert view.row.path == "p05.jpg"
    assert screen.bookmark() == Place(picture="p05.jpg")


@pytest.mark.parametrize(
    "prompt",
    [
        Prompt("Be brief.", "Name it."),
        Prompt("One.\n---\nTwo.", "Name it."),
        Prompt("One.\n---\n----\nTwo.", "Three.\n-----\nFour."),
        Prompt("", "---\nName it."),
    ],
)
def test_a_prompt_with_lines_of_dashes_is_parted_where_it_was_put_together(prompt: Prompt):
    between = separator(prompt)
    assert (prompt.system + between + prompt.user).partition(between) == (prompt.system, between, prompt.user)


@pytest.mark.parametrize(
    ("left", "prompt"),
    [
        ("Be kind.\n---\nName it.\n", Prompt("Be kind.", "Name it.")),
        ("---\nName it.\n", Prompt("", "Name it.")),
        ("Be kind.\n---", Prompt("Be kind.", "")),
        ("Be kind.\r\n---\r\nName it.\r\n", Prompt("Be kind.", "Name it.")),
        ("Name it.\n", Prompt("Be brief.", "Name it.")),
    ],
)
def test_what_an_editor_left_is_a_prompt_again(left: str, prompt: Prompt):
    assert edited(Prompt("Be brief.", "List keywords."), left) == prompt


def test_no_picture_is_reached_from_afar(distilled: Path, monkeypatch: pytest.MonkeyPatch):
    with open_workspace(distilled) as workspace:
        desk, pictures = Desk(workspace, Runner()), workspace.store.pictures
        last = try_view(workspace, -1)
        middle = try_view(workspace, last.pictures // 2).row
        assert middle is not None
        steps, really = list[int](), pictures.in_turn
        monkeypatch.setattr(
            pictures,
            "in_turn",
            lambda place, near: (steps.append(abs(place - near[0])), really(place, near))[1],
        )
        screen = Playground()
        screen.return_to(Place(picture=middle.path))
        assert screen.gather(desk, workspace).row == middle  # an earlier session was in the middle
        assert try_view(workspace, -1).row == last.row  # back from the first one
        assert max(steps) <= 1


async def test_a_key_that_comes_while_pictures_are_counted_is_not_lost(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
):
    with open_workspace(distilled) as workspace:
        app = Workbench(workspace)
        async with app.run_test(size=(80, 24)) as pilot, asyncio.timeout(20):
            screen = await gone_to(app, pilot)
            screen._looking = True

            def counted(workspace: Workspace, path: str, otherwise: int) -> int:
                screen.action_turn(1)
                return place_of(workspace, path, otherwise)

            monkeypatch.setattr("stillroom.tui.screens.playground.place_of", counted)
            screen.paint(screen.gather(app.desk, app.desk.workspace))
            assert screen.place == 1


async def test_every_press_goes_on_by_a_picture(distilled: Path):
    with open_workspace(distilled) as workspace:
        app = Workbench(workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            async with asyncio.timeout(20):
                screen = await gone_to(app, pilot)
                screen._looking = True  # the picture of each key comes after the next key
                for _ in range(3):
                    screen.action_turn(1)
            assert screen.place == 3


async def test_what_is_edited_is_the_latest_prompt_though_another_is_still_shown(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
):
    with open_workspace(distilled) as workspace:
        app = Workbench(workspace)
        given: list[str] = []
        left = iter(["Be kind.\n---\nName it.", None, None])
        monkeypatch.setattr(app, "edit_text", lambda text, suffix: (given.append(text), next(left))[1])
        async with app.run_test(size=(80, 24)) as pilot:
            await gone_to(app, pilot)
            app.screen._looking = True  # what each key makes is shown after the next key
            for action in ("edit", "edit", "forget", "edit"):
                await app.screen.run_action(action)
        own = workspace.settings.prompt.prompt
        assert given == [f"{own.system}\n---\n{own.user}\n", "Be kind.\n---\nName it.\n", given[0]]


def test_a_damaged_prompt_can_be_come_back_to(distilled: Path):
    with open_workspace(distilled) as workspace:
        screen = Playground()
        screen.return_to(Place(system="Be \ud800kind.", user="Name it."))
        assert screen.gather(Desk(workspace, Runner()), workspace).prompt == Prompt("Be ?kind.", "Name it.")


def written(screen: Playground) -> bool:
    return screen.view is not None and screen.view.edited


async def test_an_edited_prompt_is_set_aside_and_taken_up_again_by_one_key(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
):
    with open_workspace(distilled) as workspace:
        app = Workbench(workspace)
        monkeypatch.setattr(app, "edit_text", lambda text, suffix: "Be kind.\n---\nName it.")
        async with app.run_test(size=(80, 24)) as pilot, asyncio.timeout(20):
            screen = await gone_to(app, pilot)
            await pilot.press("e")
            for wanted in (True, False, True):
                while written(screen) != wanted:
                    await pilot.pause(0.02)
                assert ("z: the edited one" in str(screen.query_one("#head").render())) != wanted
                await pilot.press("z")
            await pilot.press("q")
        with open_workspace(distilled) as later:
            again = Workbench(later)
            place = again.visit.places["playground"]
            screen = Playground()
            screen.return_to(place)
            assert not screen.gather(Desk(later, Runner()), later).edited
            screen.aside = False
            assert screen.gather(Desk(later, Runner()), later).prompt == Prompt("Be kind.", "Name it.")


async def test_that_the_prompt_is_the_projects_is_said_no_longer_than_it_is(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
):
    with open_workspace(distilled) as workspace:
        app = Workbench(workspace)
        monkeypatch.setattr(app, "edit_text", lambda text, suffix: "Be kind.\n---\nName it.")
        async with app.run_test(size=(80, 24)) as pilot, asyncio.timeout(20):
            screen = await gone_to(app, pilot)
            for before, after in (("K", "e"), ("zK", "z")):  # edited; set aside, and taken up again
                await pilot.press(*before)
                assert app.news == "The prompt is the project's already; e edits it."
                await pilot.press(after)
                assert app.news == ""
                while not written(screen):
                    await pilot.pause(0.02)


def test_an_edited_prompt_is_come_back_to(distilled: Path):
    with open_workspace(distilled) as workspace:
        screen = Playground()
        screen.return_to(Place(system="Be kind.", user="Name it."))
        assert screen.gather(Desk(workspace, Runner()), workspace).prompt == Prompt("Be kind.", "Name it.")
        assert screen.bookmark() == Place(system="Be kind.", user="Name it.")


async def test_a_prompt_that_was_kept_is_no_edited_one_any_more(distilled: Path):
    with open_workspace(distilled) as workspace:
        app = Workbench(workspace)
        async with app.run_test(size=(80, 24)) as pilot, asyncio.timeout(20):
            screen = await gone_to(app, pilot)
            screen.prompt = Prompt("Be kind.", "Name it.")
            screen.action_keep()
            while not isinstance(app.screen, Consent):
                await pilot.pause(0.02)
            await agree(pilot)
            while screen.prompt is not None:
                await pilot.pause(0.02)
            assert workspace.settings.prompt.prompt == Prompt("Be kind.", "Name it.")

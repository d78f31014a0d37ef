"""The Compare screen, by keys."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.steps.world import put, stillroom
from textual.pilot import Pilot
from textual.widgets import Static

from stillroom.pictures import Side
from stillroom.steps.contrasting import Sort
from stillroom.steps.workspace import open_workspace
from stillroom.tui.app import Leaving, Workbench
from stillroom.tui.screens.answers import Answers
from stillroom.tui.screens.compare import Compare
from stillroom.tui.screens.help import Help
from stillroom.tui.widgets.frame import Footer
from stillroom.tui.widgets.lines import Lines
from stillroom.tui.widgets.picture import Picture


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@asynccontextmanager
async def opened(
    root: Path, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Compare, Pilot[Leaving]]]:
    with open_workspace(root) as workspace:
        app = Workbench(workspace)
        async with app.run_test(size=size) as pilot:
            await pilot.press("4")
            async with asyncio.timeout(20):
                while not isinstance(app.screen, Compare) or app.screen.view is None:
                    await pilot.pause(0.02)
            await pilot.pause()
            yield app.screen, pilot
        if app.failure is not None:
            raise app.failure


def head(screen: Compare) -> str:
    return screen.query_one("#case", Lines).text


async def test_going_through_the_pictures(distilled: Path) -> None:
    async with opened(distilled) as (screen, pilot):
        assert screen.view is not None
        assert screen.found is not None
        order, paths = screen.view.order, screen.found.paths
        picture = screen.query_one(Picture)
        assert "1/" in head(screen)
        assert "worst first (lite-20)" in head(screen)
        assert picture.key == paths[order[0]]
        await pilot.press("n")
        assert (screen.place, picture.key) == (1, paths[order[1]])
        await pilot.press("p", "p")  # there is nothing before the first
        assert screen.place == 0
        await pilot.press("G")
        assert picture.key == paths[order[-1]]
        assert screen.copied().startswith(f"path: {paths[order[-1]]}\n")
        await pilot.press("s")
        async with asyncio.timeout(20):
            while "best first" not in head(screen):
                await pilot.pause(0.02)
        assert screen.sort is Sort.BEST
        assert screen.place == 0


async def test_students_of_older_labels_are_named_below_the_scores(distilled: Path) -> None:
    async with opened(distilled) as (screen, _):
        assert "learnt" not in str(screen.query_one("#summary", Static).content)
    put(distilled, "teacher", "temperature", 0.9)
    stillroom("label", "teacher", "-yq", "--project", distilled).ok()
    async with opened(distilled) as (screen, _):
        last = str(screen.query_one("#summary", Static).content).splitlines()[-1]
        assert last.strip() == "learnt from other records than the present ones: lite-10, lite-20"


async def test_going_to_a_name_and_to_the_answers(distilled: Path) -> None:
    async with opened(distilled) as (screen, pilot):
        assert screen.found is not None
        assert screen.view is not None
        assert screen.focused is None
        last = screen.found.paths[screen.view.order[-1]]
        await pilot.press("slash", *last[:-4].replace("-", "_").replace("_", "-"))
        await pilot.press("enter")
        assert screen.path == last
        assert screen.focused is None
        await pilot.press("slash", "n")
        assert screen._footer_keys() == (("⏎", "go"), ("esc", "leave"))
        await pilot.press("escape")
        assert screen.path == last
        await pilot.press("enter")
        async with asyncio.timeout(20):
            while not isinstance(pilot.app.screen, Answers):
                await pilot.pause(0.02)
        assert [said.name for said in pilot.app.screen.answers] == [
            "teacher",
            "untuned",
            "lite-10",
            "lite-20",
        ]
        await pilot.press("escape")
        assert pilot.app.screen is screen


async def test_the_wide_screen_has_one_head_and_one_axis(distilled: Path) -> None:
    async with opened(distilled, (140, 40)) as (screen, pilot):
        await pilot.pause()
        (line,) = head(screen).split("\n")
        assert line.endswith("lite-20³")
        means, shapes, caution = str(screen.query_one("#summary", Static).visual).split("\n")
        assert means.startswith(" mean Jaccard   untuned ")
        assert shapes.count("0.0 ") == shapes.count(" 1.0") == 1
        assert caution.startswith(" Only 3 pictures compared")


async def test_one_compared_picture_is_shown(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        tested = [row.path for row in workspace.store.pictures.contents((Side.TEST,))]
    stillroom("exclude", *tested[1:], "-q", "--project", distilled).ok()
    async with opened(distilled) as (screen, _):
        assert "no interval" in str(screen.query_one("#summary", Static).visual)


async def test_where_nothing_can_be_compared_keys_are_named(project: Path) -> None:
    async with opened(project) as (screen, _pilot):
        said = str(screen.query_one("#missing", Static).visual)
        assert "Nothing to compare yet." in said
        assert "stillroom label untuned" in said
        assert "stillroom label teacher --split test" in said
        assert not screen.query_one("#beside").display
        footer = str(screen.query_one(Footer).render())
        assert "L label tests" in footer
        assert "A ask untuned" in footer
        assert not any(word in footer for word in ("next", "back", "sort", "run", "find", "answers"))


async def test_what_gain_is_measured_against_is_said(distilled: Path) -> None:
    async with opened(distilled) as (screen, pilot):
        assert screen.found is not None
        names = [run.name for run in screen.found.runs]
        assert names == ["untuned", "lite-10", "lite-20"]
        said = screen.bench.notices
        await pilot.press("b")
        await pilot.pause()
        assert said[-1].text == "Gain and loss are measured against lite-10."
        await pilot.press("b")  # not against itself
        await pilot.pause()
        assert said[-1].text == "Gain and loss are measured against untuned."


async def test_gain_is_never_measured_against_the_run_itself(distilled: Path) -> None:
    async with opened(distilled) as (screen, pilot):
        assert screen.found is not None
        await pilot.press("r")  # by untuned, which gain is measured against unless another one is chosen
        await pilot.press("s", "s")
        async with asyncio.timeout(20):
            while "largest gain (untuned − lite-10)" not in head(screen):
                await pilot.pause(0.02)
        await pilot.press("r")  # past the one that it is measured against
        async with asyncio.timeout(20):
            while "largest gain (lite-20 − untuned)" not in head(screen):
                await pilot.pause(0.02)
        await pilot.press("r")
        async with asyncio.timeout(20):
            while "largest gain (lite-10 − untuned)" not in head(screen):
                await pilot.pause(0.02)


async def test_that_a_name_was_not_found_is_no_news_when_another_is(distilled: Path) -> None:
    async with opened(distilled) as (screen, pilot):
        assert screen.found is not None
        missed = "No test picture has zebra in its name."
        await pilot.press("slash", *"zebra", "enter")
        assert screen.bench.news == missed
        await pilot.press("slash", "ctrl+u", *screen.found.paths[0][:4], "enter")
        assert screen.bench.news == ""
        await pilot.press("slash", "ctrl+u", *"zebra", "enter")
        assert screen.bench.news == missed
        await pilot.press("1")
        assert screen.bench.news == ""
        assert [each.text for each in screen.bench.notices].count(missed) == 2, "the list of notices keeps it"


async def test_help_explains_the_signs(distilled: Path) -> None:
    async with opened(distilled) as (_, pilot):
        await pilot.press("question_mark")
        assert isinstance(pilot.app.screen, Help)
        told = str(pilot.app.screen.query_one("#keys", Static).visual)
        assert told.startswith("Signs\n")
        assert "word³     of the runs only lite-20 has it; ¹ is untuned" in told

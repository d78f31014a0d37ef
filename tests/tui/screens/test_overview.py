"""The Overview as lines: nothing that matters is cut at 80 columns, and what is next is never stale."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import replace
from decimal import Decimal
from functools import partial
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from tests.steps.world import stillroom
from tests.tui.scrolled import scrolled_by_keys
from tests.tui.test_app import opened, shown, until
from tests.tui.test_project_file import asks
from tests.tui.under_way import GOING, OF_TEACHER
from textual.widgets import Static

from stillroom.background import Handle, Progress, Signals, Slot
from stillroom.labeling.values import FailureClass
from stillroom.steps.build import Build
from stillroom.steps.plan import Plan
from stillroom.steps.run_progress import run_progress
from stillroom.steps.standing_values import Standing, StatusResult
from stillroom.steps.workspace import Workspace
from stillroom.tui.app import Workbench
from stillroom.tui.desk import Work
from stillroom.tui.screens.overview import Overview, next_lines, progress_words, standing_lines
from stillroom.tui.widgets.frame import Footer

COMPARED = "untuned 0.17 [0.15–0.19] · lite-220 0.53 [0.48–0.58] · lite-100 0.46 [0.40–0.53]"
BROKEN = (
    "40/259 · $0.04 · 219 left, $0.22 ($0.18–$0.52) · interrupted: 8 to be asked again, "
    "8 calls of unknown outcome"
)
UNSET = "no bucket and no role yet: upload and train need them"


def standing(*steps: Standing, next: str = "Label the pictures with teacher.") -> StatusResult:
    return StatusResult(
        project="shop", where="AWS", region="us-east-1", account=None, steps=steps, spent_usd=Decimal(0),
        spent_kept_usd=Decimal(0), spent_as_of=0.0, spent_unknown_usd=Decimal(0),
        spent_high_usd=Decimal(0), budget_usd=None, hourly=(), looked=None, next=next,
        command="stillroom label teacher",
    )  # fmt: skip


def work(doing: str, *, verb: str = "", paused: bool = False) -> Work:
    slot = Slot()
    slot.put(Progress(doing))
    handle: Handle[str] = Handle(doing, slot, Signals(), Future())
    made = Work(
        1, Build(), Plan(verb=verb or doing.partition(" ")[0], title=doing, count=1, command=""), handle, 0.0
    )
    if paused:
        made.pause()
    return made


def drawn(status: StatusResult, height: int = 17) -> list[str]:
    return standing_lines(status, (), 80, height).plain.split("\n")


def test_facts_go_on_in_a_second_line_and_break_between_facts() -> None:
    lines = drawn(
        standing(Standing("compare", "done", COMPARED), Standing("label teacher", "waiting", BROKEN))
    )
    text = "\n".join(lines)
    assert "lite-220 0.53 [0.48–0.58]\n" in text
    assert "lite-100 0.46 [0.40–0.53]" in text
    assert "interrupted: 8 to be asked again" in text
    assert text.index("lite-220") < text.index("Label teacher")


def test_what_is_missing_before_aws_can_be_used_names_its_key() -> None:
    text = " ".join(" ".join(drawn(standing(Standing("setup", "waiting", UNSET)))).split())
    assert f"{UNSET} (M)" in text
    assert "(M)" not in " ".join(
        drawn(standing(Standing("setup", "done", "bucket and service role are there")))
    )


def test_where_lines_are_few_what_is_not_done_gets_them() -> None:
    steps = (Standing("label teacher", "waiting", BROKEN), Standing("compare", "done", COMPARED))
    lines = [line for line in drawn(standing(*steps), height=3) if line]
    assert len(lines) == 3
    assert lines[1].strip().startswith("interrupted")
    assert lines[2].endswith("…")


def test_where_the_steps_do_not_fit_one_scrolls_and_no_fact_is_cut() -> None:
    status = standing(Standing("label teacher", "waiting", BROKEN), Standing("compare", "done", COMPARED))
    text = standing_lines(status, (), 60, 1).plain
    assert "…" not in text
    assert "8 calls of unknown outcome" in " ".join(text.split())
    assert "lite-100 0.46 [0.40–0.53]" in " ".join(text.split())


BUCKET = "stillroom-111122223333-us-east-1-7c9c00f7"


def test_a_long_address_leaves_what_follows_it_in_sight() -> None:
    facts = f"54 files, 0.8 MB in s3://{BUCKET} · records/20.jsonl is out of date"
    lines = drawn(standing(Standing("upload", "waiting", facts)))
    assert [line.strip() for line in lines[1:3]] == [f"s3://{BUCKET}", "records/20.jsonl is out of date"]
    text = standing_lines(standing(Standing("upload", "done", facts)), (), 60, 1).plain
    assert "in s3://still" in text


@given(
    facts=st.lists(st.text(max_size=90), min_size=1, max_size=9).map(" · ".join),
    width=st.integers(60, 140),
    height=st.integers(2, 30),
)
def test_no_line_passes_the_edge_whatever_the_facts_are(facts: str, width: int, height: int) -> None:
    status = standing(Standing("build", "done", facts), Standing("train", "waiting", facts))
    lines = standing_lines(status, (), width, height).plain.rstrip("\n").split("\n")
    assert all(cell_len(line) <= width for line in lines)
    assert len(lines) <= min(6, height)


def test_next_waits_for_what_is_under_way() -> None:
    status = standing(next="teacher has nothing to label: no picture is on its side.")
    said = next_lines(status, 80, [work("scan")]).plain
    assert "Wait for what is under way: scan." in said
    assert "nothing to label" not in said
    assert "stillroom" not in said
    both = next_lines(status, 80, [work("label teacher"), work("upload")]).plain
    assert "Wait for what is under way: label teacher, upload." in both
    assert "under way: run: create jobs." in next_lines(status, 80, [work("create jobs", verb="run")]).plain
    paused = next_lines(status, 80, [work("label teacher", paused=True)]).plain
    assert paused == " Next: Go on with label teacher: it is paused here."


def test_paused_work_has_the_sign_of_what_is_paused() -> None:
    first, *_ = drawn(standing(Standing("label teacher", "paused", "0/30 · paused here")))
    assert first.startswith(" ‖ Label teacher ")


def test_a_long_next_is_wrapped_and_keeps_its_command() -> None:
    words = "All is done. 2 kept models cost $3.90 a month until stillroom delete NAME. Write the report."
    lines = next_lines(standing(next=words), 80).plain.split("\n")
    assert all(cell_len(line) <= 80 for line in lines)
    assert " ".join(" ".join(lines).split()) == f"Next: {words} stillroom label teacher"


def test_where_lines_are_few_what_is_next_leaves_its_command_to_its_keys() -> None:
    status = standing(next="Two words more than fit beside the command of it.")
    assert next_lines(status, 60).plain.endswith("stillroom label teacher")
    assert next_lines(status, 60, short=True).plain == f" Next: {status.next}"
    assert next_lines(standing(), 80, short=True).plain.endswith("stillroom label teacher")


def test_a_paused_work_counts_no_time_down() -> None:
    going = Progress("label teacher", 10, 59, "pictures", rate=2.0, seconds_left=14.0, usd=Decimal("0.01"))
    assert progress_words(going) == "10/59 · 2.0 pictures/s · 14 s left · $0.01"
    assert progress_words(going, paused=True) == "10/59 · paused · $0.01"


def test_work_that_begins_does_not_say_its_name_twice() -> None:
    text = standing_lines(standing(), [work("label teacher")], 80, 17).plain
    assert text.count("label teacher") == 1
    assert "running" in text


NINE = tuple(Standing(f"step {number}", "done", "what it has done") for number in range(9))
LONG = "31/44 · $0.0041 · 13 left, $0.000061–$0.000083"


@pytest.mark.parametrize(
    ("next", "spare"), [("Scan.", 1), ("Scan the pictures first, and label those of the test side then.", 0)]
)
async def test_nine_steps_take_what_lines_the_smallest_terminal_has(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, next: str, spare: int
) -> None:
    view = standing(*NINE[1:], Standing("label teacher", "waiting", LONG), next=next)
    monkeypatch.setattr(Overview, "gather", lambda *_: view)
    bench = Workbench(workspace)
    async with bench.run_test(size=(60, 16)) as pilot:
        room, seen = bench.screen, list[str]()
        assert isinstance(room, Overview)
        async with asyncio.timeout(10):
            while not any("Step 8" in line for line in seen) or seen[-1].isspace():
                await pilot.pause(0.02)
                seen = [strip.text for strip in room._compositor.render_strips()]
        assert not room.pane.show_vertical_scrollbar
    steps = seen[3 : 12 + spare]
    assert steps[0].startswith(" ✓ Step 1")
    assert all(line.strip() for line in steps)
    assert (LONG.rpartition(" ")[2] in steps[-1]) is bool(spare)
    assert seen[12 + spare].startswith(" Next: ")


async def test_keys_reach_the_last_step_on_the_smallest_terminal(finished: Workspace) -> None:
    bench = Workbench(finished)
    async with bench.run_test(size=(60, 16)) as pilot:
        room = bench.screen
        assert isinstance(room, Overview)
        async with asyncio.timeout(10):
            while not room.pane.max_scroll_y:
                await pilot.pause(0.02)
        assert room.query_one(Footer).region.y == 15, "the frame stands around what scrolls"
        await scrolled_by_keys(pilot, room, "#steps")


async def test_run_all_trains_where_nothing_can_be_compared_and_says_so(scanned: Workspace) -> None:
    stillroom("exclude", "split:test", "-q", "--project", scanned.root).ok()
    async with opened(scanned) as (app, pilot):
        await pilot.press("R")
        await until(pilot, partial(asks, app))
        said = " ".join(str(each.render()) for each in app.screen.query("#dialog Static").results(Static))
        assert "stillroom run --until train" in " ".join(said.split())
        assert "stops Nothing can be compared: every test picture is" in " ".join(shown(app, "#plan").split())


def test_the_bar_of_a_run_says_that_it_is_about_this_part_of_it() -> None:
    run = replace(GOING, total=254, done=9, failed=MappingProxyType({FailureClass.REFUSED: 4}))
    said = progress_words(run_progress(OF_TEACHER, run, None), paused=True)
    assert said.startswith("13/254 this time · paused · $0.10 · 4 of them failed")


def test_beside_a_bar_facts_take_the_lines_that_it_leaves() -> None:
    steps = [Standing(f"label lite-{number}", "done", COMPARED) for number in range(9)]
    steps[0] = Standing("label teacher", "paused", "13/254")
    going = work("label teacher", paused=True)
    going.handle.slot.put(Progress("label teacher", 13, 254, "pictures"))
    for height in range(11, 40):
        text = standing_lines(standing(*steps), [going], 80, height).plain
        assert len(text.split("\n")) <= height
        assert text.count("…") == max(0, 8 - (height - 10)), "a line more is a fact more in whole"
    assert "\n\n ‖" in text, "where there is room for all it stands apart"


async def test_what_comes_next_goes_on_with_what_is_paused_here(workspace: Workspace) -> None:
    async with opened(workspace) as (app, pilot):
        paused = work("label teacher", paused=True)
        app.desk._works.append(paused)
        await pilot.press("enter")
        assert not paused.paused
        assert "label teacher goes on" in app.news


@pytest.mark.parametrize(
    ("command", "offered"),
    [("stillroom status", False), ("", False), ("stillroom label teacher", True), ("stillroom jobs", True)],
)
async def test_what_comes_next_is_offered_where_it_does_something(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, command: str, offered: bool
) -> None:
    view = replace(standing(Standing("label teacher", "paused", "13/254")), command=command)
    monkeypatch.setattr(Overview, "gather", lambda *_: view)
    async with opened(workspace) as (app, _):
        room = app.screen
        assert isinstance(room, Overview)
        assert ("do next" in dict(room._footer_keys()).values()) is offered
        app.desk._works.append(work("label teacher", paused=True))
        assert "do next" in dict(room._footer_keys()).values(), "it goes on with what is paused here"
        app.desk._works[-1].resume()
        assert "do next" not in dict(room._footer_keys()).values(), "there is only to wait"

"""A labeling run in lines: its state in a word, its figures in place, and nothing wider than the screen."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import Future
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from tests.steps.world import put
from tests.tui.test_app import at_labeling, gathered, opened, shown, until
from tests.tui.under_way import GOING, OF_TEACHER

from stillroom.background import Handle, Signals, Slot
from stillroom.labeling.values import FailureClass
from stillroom.money import Amount, Budget
from stillroom.money.amounts import NOTHING, UNKNOWN
from stillroom.steps.ask import AskModels
from stillroom.steps.labeling import Label
from stillroom.steps.plan import Plan
from stillroom.steps.run_progress import run_progress
from stillroom.steps.run_views import RunsView, RunView, runs_view
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store import AnswerRow, FailureRow
from stillroom.tui.desk import Work
from stillroom.tui.run_lines import Live, lists_text, live_of, run_of, state_words, top_text
from stillroom.tui.screens.labeling import Labeling, can_do, why_not

VIEW = RunView(
    id=1, name="teacher", model="us.amazon.nova-pro-v1:0", prompt_version="abc", pictures=997, answered=400,
    imported=0, failed=3, left=594, left_usd=Amount.exactly(Decimal("0.65")), interrupted=0, holder=None,
    paused=False, usd=Decimal("0.44"), usd_unknown=Decimal(0), input_tokens=1032.0, output_tokens=56.0,
    estimated_input_tokens=948.0, attempts=410, unknown=0, per_second=12.5, p50_ms=812, p95_ms=1900,
    classes=(("unparsable", 3),), failures=(), newest=(), command="stillroom label teacher",
)  # fmt: skip
NEW = replace(VIEW, id=None, answered=0, failed=0, attempts=0)
RUNS = RunsView(("teacher", "untuned"), VIEW, Budget(Decimal(50), Decimal("0.60")))
LIVE = Live(GOING, (10.0, 12.5), paused=False, stopping=False)


@pytest.mark.parametrize(
    ("view", "live", "words"),
    [
        (VIEW, LIVE, "● running"),
        (VIEW, replace(LIVE, run=replace(GOING, total=11, in_flight=0, waiting=8)), "● retrying 8"),
        (
            VIEW,
            replace(LIVE, run=replace(GOING, away=True)),
            "● the service fails every call: trying now and then",
        ),
        (VIEW, replace(LIVE, paused=True), "‖ paused"),
        (VIEW, replace(LIVE, stopping=True), "● stopping: waiting for what is under way"),
        (replace(VIEW, holder=4711), None, "● running in process 4711"),
        (replace(VIEW, holder=os.getpid()), None, "● running here"),
        (replace(VIEW, holder=4711, paused=True), None, "‖ paused in process 4711"),
        (NEW, None, "◌ not begun"),
        (
            replace(NEW, undeployed=True),
            None,
            "◌ not begun: not deployed, D on Jobs (5) deploys it",
        ),
        (
            replace(VIEW, undeployed=True),
            None,
            "■ part done: 594 left for $0.65, not deployed, D on Jobs (5) deploys it",
        ),
        (
            replace(VIEW, id=None, answered=403, imported=403, failed=0, attempts=0),
            None,
            "■ 403 imported: 594 left for $0.65, r goes on",
        ),
        (
            replace(VIEW, id=None, answered=997, imported=997, failed=0, left=0, attempts=0),
            None,
            "✓ done: all imported",
        ),
        (
            replace(VIEW, answered=997, imported=403, failed=0, left=0),
            None,
            "✓ done, 403 imported",
        ),
        (replace(VIEW, answered=0, failed=0), None, "■ asked about others: 594 left for $0.65, r goes on"),
        (replace(VIEW, answered=0), None, "■ part done: 594 left for $0.65, r goes on"),
        (VIEW, None, "■ part done: 594 left for $0.65, r goes on"),
        (
            replace(VIEW, beside="being labeled with another prompt here"),
            LIVE,
            "■ being labeled with another prompt here · part done: 594 left for $0.65, r goes on",
        ),
        (replace(VIEW, interrupted=8), None, "■ interrupted: 594 left for $0.65, r goes on"),
        (replace(VIEW, left=0), None, "✗ ended with failures"),
        (
            replace(VIEW, left=0, undeployed=True),
            None,
            "✗ ended with failures, not deployed, D on Jobs (5) deploys it",
        ),
        (replace(VIEW, left=0, answered=0, failed=0), None, "✗ no picture can be sent"),
        (replace(VIEW, left=0, failed=0), None, "✓ done"),
    ],
)
def test_a_state_has_a_symbol_and_a_word(view: RunView, live: Live | None, words: str) -> None:
    assert " ".join(state_words(view, live)) == words


def test_rates_and_latencies_say_what_they_are_of() -> None:
    here, elsewhere = (top_text(RUNS, VIEW, live, 80).plain for live in (LIVE, None))
    assert "p50 700 ms   p95 1,500 ms   this session's" in here
    assert "12.5/s now" in here
    assert "p50 812 ms   p95 1,900 ms   the run's latest answers" in elsewhere
    assert "12.5/s on average, over the time it was labeling" in elsewhere
    fast = top_text(
        RUNS, replace(VIEW, per_second=1310.04), replace(LIVE, run=replace(GOING, rate=131.0)), 100
    )
    assert "131/s now" in fast.plain
    assert " 131/s\n" in fast.plain
    assert "1,310/s on average" in top_text(RUNS, replace(VIEW, per_second=1310.04), None, 100).plain


def test_what_is_to_be_asked_again_is_not_shown_as_given_up() -> None:
    view = replace(VIEW, failed=8, classes=(("service", 8),))
    live = replace(LIVE, run=replace(GOING, total=11, in_flight=0, waiting=8))
    assert "Failures so far, 8 of them to be asked again" in lists_text(view, live, 100).plain
    assert "x" not in top_text(RUNS, view, live, 100).plain.split("\n")[1]
    assert "x" in top_text(RUNS, view, None, 100).plain.split("\n")[1]


def test_while_what_failed_is_asked_again_none_that_has_its_turn_to_come_is_given_up() -> None:
    handle: Handle[str] = Handle("retry", Slot(), Signals(), Future())
    going = replace(GOING, total=27, done=6, failed=MappingProxyType({FailureClass.UNPARSABLE: 1}), waiting=2)
    handle.slot.put(run_progress(OF_TEACHER, going, None))
    plan = Plan(verb="retry", title="", count=27, command="")
    view = replace(VIEW, pictures=40, answered=19, failed=13, left=0, classes=(("throttled", 13),))
    for classes, again in (((), 12), (None, 2)):
        live = live_of([Work(1, Label("teacher", classes=classes), plan, handle, 0.0)], view)
        assert f"Failures so far, {again} of them to be asked again" in lists_text(view, live, 100).plain
        bar = Counter(top_text(RUNS, view, live, 100).plain.split("\n")[1])
        assert round(40 * bar["x"] / (bar["█"] + bar["x"] + bar["░"])) == 13 - again


def test_a_running_run_tells_calls_money_and_time() -> None:
    text = top_text(RUNS, VIEW, LIVE, 100).plain
    for part in (
        "12.5/s", "47 s left", "8 of 8 in flight", "2 retries", "1 throttled", "p50 700 ms", "$0.44 so far",
        "about $0.66 for this part", "1,032 in (formula 948, ratio 1.09)",
    ):  # fmt: skip
        assert part in text
    assert "budget $50.00, of which $0.60 count as gone, $49.40 left" in top_text(RUNS, VIEW, LIVE, 120).plain


def test_in_a_small_terminal_no_tokens_are_cut() -> None:
    tokens = next(line for line in top_text(RUNS, VIEW, None, 60).plain.splitlines() if "tokens" in line)
    assert tokens.endswith("1,032 in (formula 948)   56 out   a picture")
    assert len(tokens) <= 60


def test_a_run_that_is_over_tells_what_it_was() -> None:
    text = top_text(RUNS, VIEW, None, 100).plain
    for part in ("410 made", "p50 812 ms", "12.5/s on average", "$0.65 for what is left"):
        assert part in text


@given(
    answered=st.integers(0, 10**7),
    rate=st.floats(0, 1e5),
    name=st.text(max_size=60),
    model=st.text(max_size=90),
    width=st.integers(60, 160),
)
def test_lines_neither_jump_nor_pass_the_edge(
    answered: int, rate: float, name: str, model: str, width: int
) -> None:
    view = replace(VIEW, answered=answered, pictures=max(answered, 1), name=name, model=model)
    live = replace(LIVE, run=replace(GOING, rate=rate))
    lines = top_text(RUNS, view, live, width).plain.split("\n")
    assert len(lines) == len(top_text(RUNS, VIEW, None, width).plain.split("\n"))
    assert all(cell_len(line) <= width for line in lines[:2]), lines


def test_no_amount_is_cut_off_where_there_is_little_room() -> None:
    left = Amount(Decimal("0.042"), Decimal("0.047"), Decimal("0.055"))
    view = replace(VIEW, usd=Decimal("0.012"), left_usd=left, usd_unknown=Decimal("0.0078"))
    line = top_text(RUNS, view, None, 80).plain.split("\n")[3]
    assert cell_len(line) <= 80
    for amount in ("$0.012", "$0.047", "$0.0078"):
        assert amount in line


def test_in_the_smallest_terminal_what_lost_calls_may_cost_and_their_number_are_whole() -> None:
    view = replace(VIEW, usd=Decimal("0.026"), usd_unknown=Decimal("0.021"), unknown=8)
    live = replace(LIVE, run=replace(GOING, retries=120, throttles=1180, projected=Decimal("0.025")))
    money, _, calls = (top_text(RUNS, view, live, 60).plain.split("\n")[line] for line in (3, 4, 5))
    assert max(cell_len(money), cell_len(calls)) <= 60
    assert "$0.026 so far   ≤ $0.021 for lost calls" in money
    assert "8 unknown" in calls
    assert "8 of 8 in flight" in calls
    assert "1,180 throttled" in top_text(RUNS, view, live, 80).plain


def test_lost_calls_of_before_are_counted_while_it_goes_on() -> None:
    assert "3 unknown" in top_text(RUNS, replace(VIEW, unknown=3), LIVE, 100).plain


def test_the_speed_at_which_pictures_are_prepared_is_not_that_of_labeling() -> None:
    preparing = Live(None, (419.9,), paused=False, stopping=False)
    assert "419.9" not in top_text(RUNS, VIEW, preparing, 100).plain


def test_an_unknown_price_is_not_zero() -> None:
    text = top_text(RUNS, replace(VIEW, usd=None, left_usd=UNKNOWN), None, 100).plain
    assert "$0.00" not in text


def test_nothing_to_pay_is_said_as_such() -> None:
    assert (
        "$0.00 so far"
        in top_text(RUNS, replace(VIEW, usd=Decimal(0), left=0, left_usd=NOTHING), None, 100).plain
    )


def test_failures_come_with_what_to_do_and_answers_newest_first() -> None:
    failure = FailureRow("c", "beach/\x1b[31mone.jpg", FailureClass.UNPARSABLE, "[red]prose[/]", "", 1, 0.0)
    answer = AnswerRow(
        "c", "beach/two.jpg", "text", "sunset\nocean", None, "", "end_turn", 1, 1, 1, 1, "", Decimal(0), 0.0
    )
    text = lists_text(replace(VIEW, failures=(failure,), newest=(answer,)), None, 100).plain
    assert "✗     3 unparsable" in text
    assert "change the prompt" in text
    assert "[red]prose[/]" in text
    assert "\x1b" not in text
    assert "sunset · ocean" in text


@pytest.mark.parametrize(
    ("name", "table"), [("teacher", "teacher"), ("untuned", "student"), ("lite-16", "student")]
)
def test_a_cut_answer_names_the_setting_of_the_model_that_was_asked(name: str, table: str) -> None:
    view = replace(VIEW, name=name, classes=(("truncated", 1),))
    assert f"raise {table}.max_tokens" in lists_text(view, None, 100).plain


@given(
    words=st.lists(st.text(max_size=30), max_size=30), path=st.text(max_size=300), width=st.integers(60, 160)
)
def test_answers_never_pass_the_edge(words: list[str], path: str, width: int) -> None:
    answer = AnswerRow("c", path, "", "\n".join(words), None, "", "end_turn", 1, 1, 1, 1, "", Decimal(0), 0.0)
    lines = lists_text(replace(VIEW, newest=(answer,)), None, width).plain.split("\n")
    assert all(cell_len(line) <= width for line in lines)


def offered(view: RunView, *works: Work) -> set[str]:
    every = ("pause", "resume", "stop", "retry", "try_few", "label", "turn")
    return {action for action in every if can_do(action, view, works)}


def test_only_what_would_do_something_is_offered() -> None:
    handle: Handle[str] = Handle("label", Slot(), Signals(), Future())
    work = Work(1, Label("teacher"), Plan(verb="label", title="", count=1, command=""), handle, 0.0)
    always = {"label", "turn"}
    assert offered(VIEW, work) == always | {"pause", "stop"}
    work.pause()
    assert offered(VIEW, work) == always | {"resume", "stop"}
    work.stop()
    assert offered(VIEW, work) == always, "it is ending: nothing of it can be paused, stopped or gone on with"
    work.resume()
    assert offered(VIEW, work) == always
    assert offered(VIEW) == always | {"resume", "retry", "try_few"}
    assert offered(replace(VIEW, left=0, failed=0)) == always
    assert offered(replace(VIEW, holder=4711)) == always
    assert offered(replace(VIEW, undeployed=True)) == always, "nobody is there to be asked"


def worked(*, paused: bool = False, stopped: bool = False) -> Work:
    handle: Handle[str] = Handle("label", Slot(), Signals(), Future())
    work = Work(1, Label("teacher"), Plan(verb="label", title="", count=1, command=""), handle, 0.0)
    if paused:
        work.pause()
    if stopped:
        work.stop()
    return work


@pytest.mark.parametrize(
    ("action", "view", "works", "words"),
    [
        ("retry", replace(VIEW, failed=0), [], "Nothing has failed in this run."),
        (
            "retry",
            replace(VIEW, left=0, undeployed=True),
            [],
            "It is not deployed: D on Jobs (5) deploys it.",
        ),
        ("retry", VIEW, [worked()], "It is being labeled here: x stops it."),
        ("retry", replace(VIEW, holder=4711), [], "It is being labeled already, in process 4711."),
        ("try_few", replace(VIEW, undeployed=True), [], "It is not deployed: D on Jobs (5) deploys it."),
        ("try_few", replace(VIEW, left=0, failed=0), [], "Nothing is left to be asked in this run."),
        ("try_few", VIEW, [worked()], "It is being labeled here: x stops it."),
        (
            "resume",
            replace(VIEW, left=0),
            [],
            "Nothing is left to be asked in this run. f asks again where it failed.",
        ),
        ("resume", VIEW, [worked()], "It goes on already."),
        ("resume", VIEW, [worked(stopped=True)], "It is stopping: waiting for what is under way."),
        ("pause", VIEW, [worked(paused=True)], "It is paused already."),
        ("pause", VIEW, [], "Nothing labels for this run here."),
        ("stop", VIEW, [], "Nothing labels for this run here."),
        ("stop", VIEW, [worked(stopped=True)], "It is stopping: waiting for what is under way."),
        ("label", VIEW, [], ""),
        ("retry", VIEW, [], ""),
    ],
)
def test_what_cannot_be_done_with_a_run_says_why(
    action: str, view: RunView, works: list[Work], words: str
) -> None:
    assert why_not(action, view, works) == words
    assert bool(words) != can_do(action, view, works)


async def test_a_failed_student_that_is_not_deployed_says_so_and_what_deploys_it(finished: Workspace) -> None:
    async with opened(finished) as (app, pilot):
        room = await at_labeling(app, pilot)
        assert room.view is not None
        assert room.view.shown is not None
        room.view = replace(room.view, shown=replace(room.view.shown, left=0, failed=3, undeployed=True))
        room.refresh_bindings()
        assert "f" not in dict(room._footer_keys())
        await pilot.press("f")
        await until(pilot, lambda: app.news == "It is not deployed: D on Jobs (5) deploys it.")


@pytest.mark.parametrize(
    ("role", "run"), [("teacher", "teacher"), ("untuned", "untuned"), ("student", "lite-300"), ("ask", "")]
)
def test_what_is_asked_with_another_prompt_is_not_the_teachers_run(role: str, run: str) -> None:
    name = run or "teacher"
    spec = replace(OF_TEACHER, role=role, name=name)
    slot = Slot()
    slot.put(run_progress(spec, GOING, None))
    handle: Handle[str] = Handle("ask", slot, Signals(), Future())
    plan = Plan(verb="ask", title="", count=1, command="")
    work = Work(1, AskModels(("a.jpg",), (name,)), plan, handle, 0.0)
    assert run_of(work) == run
    assert (live_of([work], replace(VIEW, name=name)) is not None) == bool(run)


def test_a_paused_run_counts_no_time_down() -> None:
    assert "47 s left" in top_text(RUNS, VIEW, LIVE, 100).plain
    assert "s left" not in top_text(RUNS, VIEW, replace(LIVE, paused=True), 100).plain


@pytest.mark.parametrize(("names", "turns"), [(("teacher",), False), (("teacher", "untuned"), True)])
def test_a_next_run_is_offered_where_there_is_one(names: tuple[str, ...], turns: bool) -> None:
    screen = Labeling()
    screen.view = replace(RUNS, names=names)
    assert bool(screen.check_action("turn", (1,))) == turns
    screen.view = replace(RUNS, names=names, shown=None)
    assert not screen.check_action("turn", (1,))


def test_every_press_goes_on_by_a_run() -> None:
    screen = Labeling()
    screen.view = replace(RUNS, names=("teacher", "untuned", "lite-300"))
    screen._looking = True  # the run of each key comes after the next key
    for wanted in ("untuned", "lite-300", "teacher"):
        screen.action_turn(1)
        assert screen.chosen == wanted


async def test_what_was_never_begun_is_not_gone_on_with(scanned: Workspace) -> None:
    async with opened(scanned) as (app, pilot):
        room = await at_labeling(app, pilot)
        assert dict(room._footer_keys())["r"] == "begin"
        room.view = RUNS
        assert dict(room._footer_keys())["r"] == "go on"


async def test_a_student_that_is_not_deployed_says_what_deploys_it(distilled: Path) -> None:
    put(distilled, "student", "temperature", 0.9)  # no answer of before counts, and the students stay
    with open_workspace(distilled) as workspace:
        view = runs_view(workspace, "lite-20").shown
        assert view is not None
        assert view.undeployed
        assert not view.begun
        async with opened(workspace) as (app, pilot):
            await pilot.press("3")
            await until(pilot, lambda: gathered(app, "labeling"))
            room = app.screen
            assert isinstance(room, Labeling)
            room.chosen = "lite-20"
            room.look()
            await until(pilot, lambda: "not deployed" in shown(app, "#run"))
            assert "r" not in dict(room._footer_keys())
            await pilot.press("r")
            assert app.news == "It is not deployed: D on Jobs (5) deploys it."

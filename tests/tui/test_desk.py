"""What screens share: works that run, are the same, end, and a store that is watched."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.background import Progress, Runner
from stillroom.errors import Interrupted, StoreError
from stillroom.steps.following import JOB
from stillroom.steps.happened import Happened
from stillroom.steps.heading import Heading
from stillroom.steps.new import New
from stillroom.steps.plan import Plan, Watch
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.tui import desk as desk_module
from stillroom.tui.desk import AnyStep, Desk, Work, same_step


@dataclass(frozen=True)
class Waiting:
    """A step that goes on until it is let go, or told to stop."""

    name: str
    go: threading.Event = field(default_factory=threading.Event, compare=False, repr=False)
    trouble: type[Exception] | None = None

    def plan(self, workspace: Workspace) -> Plan:
        return Plan(verb="wait", title=f"Wait for {self.name}", count=1, command="stillroom wait")

    def execute(self, workspace: Workspace, plan: Plan, watch: Watch) -> str:
        watch.slot.put(Progress("wait", 1, 2, rate=3.0))
        while not self.go.wait(0.01):
            if watch.signals.cancelled.is_set():
                raise Interrupted("Stopped.")
        if self.trouble is not None:
            raise self.trouble("broken")
        return self.name


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.jpg").write_bytes(b"not a picture")
    New(tmp_path / "project", str(tmp_path / "pictures"), sandbox=True).make()
    with open_workspace(tmp_path / "project") as workspace:
        made = Desk(workspace, Runner(), now=lambda: 1000.0)
        yield made
        made.close()


def start(desk: Desk, step: AnyStep) -> Work:
    return desk.start(step, step.plan(desk.workspace), desk.workspace)


def until_settled(desk: Desk, work: Work) -> None:
    assert work.handle.wait(5)
    assert desk.settled() == [work]


def test_work_runs_reports_and_ends_once(desk: Desk) -> None:
    step = Waiting("a")
    work = start(desk, step)
    assert desk.running == (work,)
    step.go.set()
    until_settled(desk, work)
    assert (work.result, work.error, work.running) == ("a", None, False)
    assert desk.settled() == []
    assert (desk.running, desk._works) == ((), []), "what it was planned with may be large"


def test_the_rates_of_what_it_did_before_are_not_those_of_what_it_does(desk: Desk) -> None:
    work = start(desk, Waiting("a"))
    work.handle.slot.put(Progress("prepare", 1, 2, rate=400.0))
    work.sample(1.0)
    assert list(work.rates) == [400.0]
    work.handle.slot.put(Progress("label", 1, 2, rate=3.0))
    work.sample(1.5)
    assert list(work.rates) == []
    work.sample(2.5)
    assert list(work.rates) == [3.0]
    work.sample(-3600.0)
    assert list(work.rates) == [3.0, 3.0], "the clock was set back"


def test_an_error_is_kept_with_the_work(desk: Desk) -> None:
    step = Waiting("a", trouble=ValueError)
    step.go.set()
    work = start(desk, step)
    until_settled(desk, work)
    assert isinstance(work.error, ValueError)


def test_stopping_ends_it_as_interrupted(desk: Desk) -> None:
    work = start(desk, Waiting("a"))
    work.stop()
    until_settled(desk, work)
    assert isinstance(work.error, Interrupted)


def test_pausing_is_told_and_taken_back(desk: Desk) -> None:
    step = Waiting("a")
    work = start(desk, step)
    work.pause()
    assert work.paused
    work.resume()
    assert not work.paused
    step.go.set()
    until_settled(desk, work)


def test_a_step_is_busy_while_it_is_planned_and_while_it_runs(desk: Desk) -> None:
    step = Waiting("a")
    assert not desk.busy_with(Waiting("a"))
    desk.planning(step)
    assert desk.busy_with(Waiting("a"))
    assert not desk.busy_with(Waiting("b"))
    desk.planned(step)
    assert not desk.busy_with(Waiting("a"))
    work = start(desk, step)
    assert desk.busy_with(Waiting("a"))
    step.go.set()
    until_settled(desk, work)
    assert not desk.busy_with(Waiting("a"))


def test_steps_without_arguments_are_the_same_when_their_kind_is() -> None:
    class One(Hanging):
        """Compared by its kind alone, as a dataclass without arguments is."""

    class Other(Hanging):
        pass

    assert same_step(One(), One())
    assert not same_step(One(), Other())


def test_the_version_grows_when_anybody_writes_and_the_heading_is_gathered(desk: Desk) -> None:
    def wait_for(version: int) -> None:
        tries = iter(range(1000))
        while desk.version < version and next(tries, None) is not None:
            threading.Event().wait(0.01)
        assert desk.version >= version

    desk.heading = None
    desk.open()
    assert desk._watching.wait(10)
    assert desk.heading is not None
    assert desk.heading.project == "project"
    assert desk.version == 0, "nobody has written"
    desk.workspace.store.facts.put("something", "new")
    wait_for(1)


def test_on_a_network_file_system_what_is_written_here_is_seen_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stillroom.tui.desk._WATCH_SECONDS", 0.02)
    monkeypatch.setattr("stillroom.store.disks.is_network", lambda kind: True)
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.jpg").write_bytes(b"not a picture")
    New(tmp_path / "project", str(tmp_path / "pictures"), sandbox=True).make()
    with (
        open_workspace(tmp_path / "project") as workspace,
        closing(Desk(workspace, Runner(), now=lambda: 1000.0)) as desk,
    ):
        assert workspace.store.database.alone
        desk.open()
        assert desk._watching.wait(10)
        workspace.store.facts.put("something", "new")
        tries = iter(range(1000))
        while desk.version < 1 and next(tries, None) is not None:
            threading.Event().wait(0.01)
        assert desk.version == 1


@pytest.mark.parametrize("written", [False, True])
def test_what_was_written_before_the_watch_began_is_counted_and_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    monkeypatch.setattr("stillroom.tui.desk._WATCH_SECONDS", 0.02)
    if written:
        facts = desk.workspace.store.facts
        writer = threading.Thread(target=facts.put, args=("something", "new"))
        writer.start()
        writer.join()
    desk.open()
    assert desk._watching.wait(10)
    desk.catch_up()
    assert written or not desk._nudge.is_set()
    tries = iter(range(500))
    while desk.version < written and next(tries, None) is not None:
        threading.Event().wait(0.01)
    assert desk.version == written


def test_a_change_is_told_though_the_store_could_not_be_read_when_it_came(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stillroom.tui.desk._WATCH_SECONDS", 0.02)
    refused = iter([StoreError("The store is busy.")] * 3)
    read = desk_module.heading
    told: list[int] = []

    def now_and_then(workspace: Workspace) -> Heading:
        told.append(desk.version)
        if error := next(refused, None):
            raise error
        return read(workspace)

    monkeypatch.setattr(desk_module, "heading", now_and_then)
    desk.heading = None
    desk.open()
    tries = iter(range(500))
    while desk.heading is None:
        assert next(tries, None) is not None, "the change was forgotten"
        threading.Event().wait(0.01)
    assert told == [0, 1, 1, 1], "screens look once when it goes wrong, and again when it can be read"


def test_a_job_that_another_window_starts_is_followed(distilled: Path, box: Box) -> None:
    box.turn(speed=1.0)
    with open_workspace(distilled) as workspace:
        desk = Desk(workspace, Runner())
        desk.open()
        assert desk.follower.join(20)
        tries = iter(range(500))
        while not desk.kept and next(tries, None) is not None:
            threading.Event().wait(0.01)
        assert desk.kept == "2 kept models cost $3.90 a month"
        stillroom("train", "--epochs", "3", "--size", "10", "--yes", "--quiet", "--project", distilled).ok()
        tries = iter(range(500))
        while not (found := [each for each in desk.follower.snapshot() if each.kind == JOB]):
            assert next(tries, None) is not None, "it was never noticed"
            threading.Event().wait(0.01)
        desk.close()
    assert len(found) == 1


def test_what_models_cost_to_keep_moves_the_header_though_nobody_writes(
    distilled: Path, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stillroom.tui.desk._WATCH_SECONDS", 0.02)
    box.turn(speed=1.0)
    clock = [time.time()]
    with open_workspace(distilled, now=lambda: clock[-1]) as workspace:
        assert workspace.speed() == 1.0
        desk = Desk(workspace, Runner(), now=lambda: clock[-1])
        desk.open()
        tries = iter(range(500))
        while not desk.kept and next(tries, None) is not None:
            threading.Event().wait(0.01)
        assert desk.heading is not None
        spent, version = desk.heading.spent_usd, desk.version
        clock.append(clock[0] + 730 * 3600)
        while desk.version == version:
            assert next(tries, None) is not None, "the header stood still"
            threading.Event().wait(0.01)
        desk.close()
        assert spent is not None
        assert desk.heading.spent_usd == pytest.approx(spent + Decimal("3.90"), abs=Decimal("0.01"))


def test_the_end_of_a_job_is_told_once_whoever_started_it(distilled: Path, box: Box) -> None:
    with open_workspace(distilled) as workspace:
        workspace.store.diary.add_event("job_completed", "lite-1: of before")
        desk = Desk(workspace, Runner())
        desk.open()
        stillroom("train", "--epochs", "3", "--size", "10", "--yes", "--quiet", "--project", distilled).ok()
        told: list[Happened] = []
        tries = iter(range(1000))
        while not told:
            assert next(tries, None) is not None, "it was never told"
            threading.Event().wait(0.02)
            told += desk.happened()
        desk.close()
        assert [(each.text, each.bad) for each in told] == [("Trained: lite-10-2", False)]
        assert desk.happened() == []


def test_a_file_that_two_threads_find_changed_at_once_is_told_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(desk.workspace.root, "limits", "concurrency", 3)
    both, looked = threading.Barrier(2, timeout=0.3), desk.workspace.has_changed

    def at_once() -> bool:
        changed = looked()
        with suppress(threading.BrokenBarrierError):  # nobody else looks meanwhile, which is right
            both.wait()
        return changed

    monkeypatch.setattr(desk.workspace, "has_changed", at_once)
    with ThreadPoolExecutor(2) as threads:
        for each in [threads.submit(desk.follow_file) for _ in range(2)]:
            each.result(10)
    assert [each.text for each in desk.happened()] == ["The project file was read again."]
    assert desk.workspace.settings.limits.concurrency == 3


def test_closing_stops_what_runs(desk: Desk) -> None:
    work = start(desk, Waiting("a"))
    desk.close()
    assert not work.handle.running


def test_nothing_new_is_followed_once_it_closes(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        desk = Desk(workspace, Runner())
        work = start(desk, Waiting("a"))
        desk.close()
        assert desk.settled() == [work]  # it may have made a job, for all that is known
        assert desk.follower.join(20)
        assert desk.follower.snapshot() == ()


@dataclass(frozen=True)
class Hanging:
    """A step that listens to nobody, as one does whose call hangs."""

    begun: threading.Event = field(default_factory=threading.Event, compare=False)
    go: threading.Event = field(default_factory=threading.Event, compare=False)

    def plan(self, workspace: Workspace) -> Plan:
        return Plan(verb="hang", title="Hang", count=1, command="stillroom hang")

    def execute(self, workspace: Workspace, plan: Plan, watch: Watch) -> None:
        self.begun.set()
        self.go.wait(60)


def test_closing_abandons_what_hangs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stillroom.tui.desk._LAST_WORDS_SECONDS", 0.2)
    step = Hanging()
    work = start(desk, step)
    desk.open()
    assert step.begun.wait(10)
    desk.close(0.1)
    assert work.handle.running
    assert work.handle.signals.abandoned.is_set()
    step.go.set()
    assert work.handle.wait(10)


def test_what_was_stopped_before_is_finished_by_one_who_quits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, wait = Hanging(), desk.runner.wait

    def answered_meanwhile(seconds: float | None = None) -> bool:
        step.go.set()  # whoever quits has told it to stop by now
        return wait(seconds)

    monkeypatch.setattr(desk.runner, "wait", answered_meanwhile)
    work = start(desk, step)
    assert step.begun.wait(10)
    work.stop()
    work.stop()
    desk.close()
    assert desk.settled() == [work]
    assert not work.handle.signals.abandoned.is_set()


def test_whoever_hurries_is_not_waited_for_with_all_patience(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stillroom.tui.desk._LAST_WORDS_SECONDS", 0.2)
    step = Hanging()
    start(desk, step)
    assert step.begun.wait(10)
    closing = threading.Thread(target=desk.close, args=(60.0,))
    closing.start()
    desk.hurry()
    closing.join(20)
    assert not closing.is_alive()
    step.go.set()


def test_a_fault_in_the_watch_is_handed_to_whoever_ticks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.open()
    monkeypatch.setattr("stillroom.tui.desk.heading", lambda workspace: 1 // 0)
    desk.refresh()
    pause = threading.Event()
    while desk.fault() is None:
        assert not pause.wait(0.01)
    assert isinstance(desk.fault(), ZeroDivisionError)

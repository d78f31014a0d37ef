"""Processes that are told to stop, or killed: what was paid for is kept, and the same command goes on."""

from __future__ import annotations

import os
import pty
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from tests.steps.world import CALM, Box, answers, ended, killed_at_the_end, put, spawn, stillroom

from stillroom.money import usd

pytestmark = pytest.mark.slow

IN_FLIGHT = 4


@pytest.fixture
def scanned(project: Path) -> Path:
    put(project, "limits", "concurrency", IN_FLIGHT)
    stillroom("scan", "-q", "--project", project).ok()
    return project


@pytest.fixture
def own_box(tmp_path: Path) -> Iterator[Box]:
    """For a test that leaves calls behind: they are answered, and billed, long after it has ended."""
    box = Box(tmp_path / "sandbox")
    box.turn(**CALM)
    yield box
    box.stop()


def until(right: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(3000):
        if right():
            return
        pause.wait(0.01)
    pytest.fail("it never came")


def labeling(root: Path) -> subprocess.Popen[str]:
    return spawn("label", "teacher", "--yes", "--project", root)


def test_one_interrupt_awaits_what_is_under_way(scanned: Path, box: Box) -> None:
    box.turn(latency=0.3)
    before = box.served()
    with killed_at_the_end(labeling(scanned)) as process:
        until(lambda: box.served() > before)
        process.send_signal(signal.SIGINT)
        said = ended(process)
    said.refused(130, "Stopped", "goes on from there")
    assert "Ctrl-C again leaves at once" in said.err
    served = box.served() - before
    assert 0 < served < 30
    assert answers(scanned)["answers"] == answers(scanned)["attempts"] == served
    box.turn(latency=0.0)
    again = stillroom("label", "teacher", "-yq", "--json", "--project", scanned).ok().json
    assert (again["done"], again["answered"]) == (30 - served, 30)
    assert box.served() == before + 30


def test_an_interrupt_under_a_limit_says_what_is_left_and_what_was_paid(scanned: Path, box: Box) -> None:
    box.turn(latency=0.3)
    before = box.served()
    with killed_at_the_end(
        spawn("label", "teacher", "--limit", "20", "--yes", "--project", scanned)
    ) as process:
        until(lambda: box.served() > before)
        process.send_signal(signal.SIGINT)
        said = ended(process)
    done = box.served() - before
    said.refused(130, f"{done} answered and kept, {20 - done} left; $0.0", " was paid.")
    on = f"stillroom label --project {scanned} teacher --limit {20 - done}"
    assert f"To go on from there: {on}\n" in said.err


@pytest.mark.parametrize("signals", [(signal.SIGINT, signal.SIGINT), (signal.SIGTERM, signal.SIGINT)])
def test_the_second_interrupt_leaves_at_once(
    scanned: Path, own_box: Box, signals: tuple[signal.Signals, ...]
) -> None:
    put(scanned, "aws", "endpoint_url", own_box.url)
    own_box.turn(faults={"slow": 1.0}, slow_seconds=60.0)
    with killed_at_the_end(labeling(scanned)) as process:
        until(lambda: answers(scanned).get("attempts", 0) >= IN_FLIGHT)
        for number, one in enumerate(signals):
            process.send_signal(one)
            if number == 0:
                assert process.stderr is not None
                for line in process.stderr:
                    if "Ctrl-C again" in line:
                        break
        err = process.communicate(timeout=30)[1]
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "outcome unknown" in err
    own_box.turn(faults={"slow": 0.0})
    status = stillroom("status", "--project", scanned).ok().out
    assert f"{IN_FLIGHT} calls of unknown outcome" in status
    again = stillroom("label", "teacher", "-yq", "--json", "--project", scanned).ok().json
    assert again["answered"] == 30
    cost = stillroom("cost", "--json", "--project", scanned).ok().json
    assert cost["spent"][0]["unknown"] == IN_FLIGHT
    assert cost["spent_unknown_usd"] > 0
    assert f"may cost at most {usd(Decimal(str(cost['spent_unknown_usd'])))} more" in err


def test_a_closed_window_awaits_what_is_under_way_however_often_it_is_told(scanned: Path, box: Box) -> None:
    box.turn(latency=0.5)
    before = box.served()
    with killed_at_the_end(labeling(scanned)) as process:
        until(lambda: answers(scanned).get("attempts", 0) >= IN_FLIGHT)
        # A shell passes on to its jobs what the terminal has told them already.
        process.send_signal(signal.SIGHUP)
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("Stopping"):
                break
        process.send_signal(signal.SIGHUP)
        said = ended(process)
    said.refused(130, "Stopped", "goes on from there")
    assert "Leaving at once" not in said.err
    served = box.served() - before
    assert 0 < served < 30
    assert answers(scanned)["answers"] == answers(scanned)["attempts"] == served


def test_whoever_is_started_not_to_hear_of_a_closed_window_goes_on(scanned: Path, box: Box) -> None:
    box.turn(latency=0.2)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        process = labeling(scanned)
    finally:
        signal.signal(signal.SIGHUP, before)
    with killed_at_the_end(process):
        until(lambda: answers(scanned).get("attempts", 0) >= IN_FLIGHT)
        process.send_signal(signal.SIGHUP)
        ended(process).ok()
    assert answers(scanned)["answers"] == 30


@pytest.mark.parametrize("hears", [True, False])
def test_a_terminal_that_goes_away_leaves_no_call_behind(
    scanned: Path, box: Box, home: Path, hears: bool
) -> None:
    box.turn(latency=0.2)
    screen, terminal = pty.openpty()
    before = signal.getsignal(signal.SIGHUP)
    signal.signal(signal.SIGHUP, signal.SIG_DFL if hears else signal.SIG_IGN)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "stillroom", "label", "teacher", "--yes", "--project", scanned],
            preexec_fn=lambda: os.login_tty(terminal),
        )
    finally:
        signal.signal(signal.SIGHUP, before)
    os.close(terminal)
    try:
        until(lambda: answers(scanned).get("answers", 0) >= IN_FLIGHT)
        os.close(screen)
        assert process.wait(60) == (130 if hears else 0)
    finally:
        process.kill()
        process.wait()
    held = answers(scanned)
    assert held["answers"] == held["attempts"]
    assert (held["answers"] == 30) is not hears
    assert not list(home.rglob("crash-*"))


def test_a_kill_loses_no_answer_and_repeats_only_what_was_in_flight(scanned: Path, box: Box) -> None:
    box.turn(latency=0.05)
    before = box.served()
    kept = 0
    for kill in range(2):
        with killed_at_the_end(labeling(scanned)) as process:
            until(lambda kept=kept: answers(scanned).get("answers", 0) >= kept + 6)
            os.kill(process.pid, signal.SIGKILL)
            ended(process)
        now = answers(scanned)["answers"]
        assert now >= kept + 6, "stored is stored"
        kept = now
        said = stillroom("status", "--json", "--project", scanned).ok().json
        state = next(step for step in said["steps"] if step["step"] == "label teacher")
        assert state["state"] == "waiting", f"after kill {kill + 1} nobody works on it"
        plan = stillroom("label", "teacher", "--dry-run", "--json", "--project", scanned).ok().json["plan"]
        assert any("cut short" in note and "paid for twice" in note for note in plan["notes"])
    box.turn(latency=0.0)
    stillroom("label", "teacher", "-yq", "--project", scanned).ok()
    assert answers(scanned)["answers"] == 30
    assert box.served() - before <= 30 + 2 * IN_FLIGHT


def test_a_second_writer_is_refused_with_the_pid_of_the_first(scanned: Path, box: Box) -> None:
    box.turn(latency=1.0)
    with killed_at_the_end(labeling(scanned)) as process:
        until(lambda: answers(scanned).get("attempts", 0) > 0)
        said = stillroom("label", "teacher", "-yq", "--project", scanned)
        said.refused(2, str(process.pid))
        said = stillroom("retry", "teacher", "-yq", "--project", scanned)
        said.refused(2, str(process.pid))
        reading = stillroom("status", "--project", scanned).ok().out
        assert f"by process {process.pid}" in reading, "others may read meanwhile"
        process.send_signal(signal.SIGINT)
        ended(process)


def test_an_interrupted_watch_leaves_the_jobs_alone(distilled: Path, box: Box) -> None:
    box.turn(speed=1.0)
    put(distilled, "training", "epochs", 1)
    stillroom("train", "-yq", "--project", distilled).ok()
    looked = "SELECT 1 FROM jobs WHERE status = 'InProgress' AND seen > 0"
    with killed_at_the_end(spawn("jobs", "--watch", "--project", distilled)) as process:
        until(lambda: len(rows(distilled, looked)) == 2)
        process.send_signal(signal.SIGINT)
        said = ended(process)
    said.refused(130, "the jobs go on")
    name = next(job for job in seen(distilled) if "InProgress" in job).split()[0]
    stillroom("stop", name, "--project", distilled)  # without consent: nothing
    assert sum("InProgress" in job for job in seen(distilled)) == 2
    plan = stillroom("stop", name, "--dry-run", "--json", "--project", distilled).ok().json["plan"]
    assert plan["loses"]
    assert plan["price"]["high"] > 0
    stopped = stillroom("stop", name, "-yq", "--json", "--project", distilled).ok().json
    assert stopped["stopped"] is True
    assert stopped["status"] in ("Stopping", "Stopped")
    box.turn(speed=200_000.0)
    stillroom("jobs", "--watch", "-q", "--project", distilled).ok()
    after = {job.split()[0]: job.split()[1] for job in seen(distilled)}
    assert sorted(after.values()) == ["Completed", "Completed", "Completed", "Stopped"]
    again = stillroom("stop", name, "-yq", "--json", "--project", distilled).ok().json
    assert again["stopped"] is False


def seen(root: Path) -> list[str]:
    """Student and status of each job, as the store knows them."""
    return [f"{student} {status}" for student, status in rows(root, "SELECT student, status FROM jobs")]


def rows(root: Path, query: str) -> list[tuple[object, ...]]:
    store = sqlite3.connect(f"file:{root}/.stillroom/store.db?mode=ro", uri=True)
    try:
        return store.execute(query).fetchall()
    finally:
        store.close()

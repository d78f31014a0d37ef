"""Runs with real threads: what cannot be seen in virtual time."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from stillroom.labeling import (
    Answer,
    Ask,
    AskFailed,
    Inference,
    Item,
    Journal,
    Outcome,
    Pace,
    Prompt,
    RetryPolicy,
    RunResult,
    Slot,
    StoppedBy,
)
from stillroom.labeling.clock import SystemClock
from stillroom.labeling.crew import Question
from stillroom.labeling.engine import label
from stillroom.labeling.run import Books, Conduct, Signals
from stillroom.labeling.values import Meter as MoneyMeter
from stillroom.money import Meter, PriceBook, Purse

from .simulation import (
    INFERENCE,
    PROMPT,
    Ledger,
    Model,
    OpenMeter,
    accept,
    answer,
    denied,
    make_items,
    throttled,
)


class FileJournal:
    """Intents and outcomes in an SQLite file."""

    def __init__(self, path: Path) -> None:
        self.owner = threading.get_ident()
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("CREATE TABLE IF NOT EXISTS attempt (id INTEGER PRIMARY KEY, content, text)")

    def advance(self, finished: Sequence[Outcome], beginning: Sequence[Item]) -> list[int]:
        assert threading.get_ident() == self.owner
        self.db.execute("BEGIN")
        for outcome in finished:
            text = outcome.answer.text if outcome.answer else None
            self.db.execute("UPDATE attempt SET text = ? WHERE id = ?", (text, outcome.attempt))
        ids = [
            self.db.execute("INSERT INTO attempt (content) VALUES (?)", (item.content,)).lastrowid
            for item in beginning
        ]
        self.db.execute("COMMIT")
        return ids

    def rested(self, seconds: float) -> None:
        """It keeps no time."""

    def pause(self, paused: bool) -> None:
        """It tells nobody."""


def go(
    items: Sequence[Item],
    model: Ask,
    *,
    journal: Journal | None = None,
    meter: MoneyMeter | None = None,
    pace: Pace | None = None,
    retry: RetryPolicy | None = None,
    signals: Signals | None = None,
    report: Slot | None = None,
) -> RunResult:
    return label(
        items,
        Question(model, accept, PROMPT, INFERENCE),
        Books(journal or Ledger(), meter or OpenMeter()),
        Conduct(pace or Pace(concurrency=8), retry or RetryPolicy(), chance=lambda: 0.0),
        signals=signals,
        report=report,
    )


def crew_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("label-")]


def test_a_run_with_threads_leaves_none_behind(tmp_path: Path) -> None:
    items, slot = make_items(tmp_path, 120), Slot()
    assert slot.latest is None
    journal = FileJournal(tmp_path / "journal.db")
    result = go(items, Model(), journal=journal, report=slot)
    assert (result.stopped_by, result.done, result.attempts) == (StoppedBy.FINISHED, 120, 120)
    assert journal.db.execute(
        "SELECT count(DISTINCT content) FROM attempt WHERE text = 'sea, sky'"
    ).fetchone() == (120,)
    journal.db.close()
    assert slot.latest is not None
    assert slot.latest.done == 120
    assert crew_threads() == []


def test_calls_run_side_by_side_up_to_the_bound(tmp_path: Path) -> None:
    together = threading.Barrier(8, timeout=20)
    guard, flying, most = threading.Lock(), [0], [0]

    def ask(picture: bytes, format: str, prompt: Prompt, inference: Inference) -> Answer:
        with guard:
            flying[0] += 1
            most[0] = max(most[0], flying[0])
        together.wait()
        with guard:
            flying[0] -= 1
        return answer()

    assert go(make_items(tmp_path, 64), ask).done == 64
    assert most[0] == 8


def test_throttled_items_are_asked_again(tmp_path: Path) -> None:
    model = Model(lambda content, call: throttled() if call == 1 else answer())
    result = go(make_items(tmp_path, 30), model, retry=RetryPolicy(base=0.0))
    assert (result.done, result.throttles, result.attempts) == (30, 30, 60)


def test_an_access_error_stops_the_crew_before_the_next_call(tmp_path: Path) -> None:
    asked = threading.Barrier(8, timeout=20)

    def ask(picture: bytes, format: str, prompt: Prompt, inference: Inference) -> Answer:
        asked.wait()
        raise denied()

    ledger = Ledger()
    # Every one of the eight meets the barrier; a ninth call would wait for it and break it.
    result = go(make_items(tmp_path, 50), ask, journal=ledger)
    assert (result.stopped_by, result.attempts, result.left) == (StoppedBy.REFUSED, 8, 50)
    assert ledger.open == []
    assert crew_threads() == []


def test_the_second_stop_does_not_wait_for_a_call_that_hangs(tmp_path: Path) -> None:
    release, asked = threading.Event(), threading.Event()
    cancelled, abandoned = threading.Event(), threading.Event()

    def ask(picture: bytes, format: str, prompt: Prompt, inference: Inference) -> Answer:
        asked.set()
        release.wait(30)
        return answer()

    def press() -> None:
        asked.wait(20)
        cancelled.set()
        abandoned.set()

    user = threading.Thread(target=press)
    user.start()
    ledger = Ledger()
    result = go(
        make_items(tmp_path, 20),
        ask,
        journal=ledger,
        pace=Pace(concurrency=2),
        signals=Signals(cancelled, abandoned),
    )
    user.join()
    assert (result.stopped_by, result.done) == (StoppedBy.CANCELLED, 0)
    assert result.unknown == len(ledger.open) > 0
    release.set()
    for thread in crew_threads():
        thread.join(20)
    assert crew_threads() == []


def test_a_fault_in_a_thread_is_raised_in_the_callers(tmp_path: Path) -> None:
    def ask(picture: bytes, format: str, prompt: Prompt, inference: Inference) -> Answer:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        go(make_items(tmp_path, 9), ask)
    for thread in crew_threads():
        thread.join(20)
    assert crew_threads() == []


def test_the_budget_stops_the_run_and_is_never_passed(tmp_path: Path) -> None:
    prices = PriceBook.load({"test.model": {"input": 1, "output": 10}}).tokens("test.model")
    limit = Decimal(30)
    meter = Meter(
        prices,
        max_tokens=INFERENCE.max_tokens,
        share=Purse(Decimal(0)).share(lambda: limit),
        what="test.model",
    )
    result = go(make_items(tmp_path, 100), Model(), meter=meter)
    reading = meter.reading(result.left)
    assert result.stopped_by is StoppedBy.BUDGET
    # 800 in and 60 out cost $1.40; at most $6.37 is held for a call.
    assert limit - Decimal("6.37") < reading.spent <= limit
    assert result.done == int(reading.spent / Decimal("1.4"))
    assert reading.reserved == 0
    assert meter.reading(10).projected == reading.spent + 14


def test_a_budget_with_nothing_left_makes_no_call(tmp_path: Path) -> None:
    prices = PriceBook.load().tokens("us.amazon.nova-pro-v1:0")
    meter = Meter(
        prices, max_tokens=512, share=Purse(Decimal(5)).share(lambda: Decimal(5)), what="the teacher"
    )
    model = Model()
    assert go(make_items(tmp_path, 3), model, meter=meter).stopped_by is StoppedBy.BUDGET
    assert model.calls == []


def test_the_machines_clock_moves() -> None:
    clock = SystemClock()
    assert clock.now() > 1_700_000_000
    assert clock.monotonic() <= clock.monotonic()
    assert AskFailed.__doc__

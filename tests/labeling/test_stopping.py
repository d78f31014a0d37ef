"""A run that is stopped or paused: what is under way is awaited, and nothing is lost."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from stillroom.labeling import Item, Pace, RunState, StoppedBy
from stillroom.money import Meter, PriceBook, Purse

from .simulation import (
    INFERENCE,
    Model,
    OpenMeter,
    World,
    denied,
    make_items,
)


def test_attempts_that_nobody_started_are_withdrawn_without_a_cost(many: list[Item]) -> None:
    world = World(many, Model(lambda content, call: denied()), pace=Pace(concurrency=16), awake=12)
    result = world.run()
    withdrawn = [outcome for outcome in world.ledger.outcomes.values() if not outcome.called]
    assert len(world.model.calls) == result.attempts == 12
    assert len(withdrawn) == 4
    assert all(outcome.answer is None and outcome.failure is None for outcome in withdrawn)
    assert world.ledger.open == []


def test_the_first_stop_awaits_what_is_under_way(many: list[Item]) -> None:
    world = World(many, latency=lambda begun: 5.0)
    world.events = [(7.0, world.cancelled.set)]
    result = world.run()
    assert result.stopped_by is StoppedBy.CANCELLED
    assert (result.done, len(world.model.calls), result.elapsed) == (8, 8, 10.0)
    assert world.ledger.open == []
    assert {progress.state for progress in world.seen} == {
        RunState.RUNNING,
        RunState.STOPPING,
        RunState.ENDED,
    }
    assert world.crew.closed == [True]


def test_the_first_stop_has_bounded_patience(many: list[Item]) -> None:
    world = World(many, latency=lambda begun: 500.0, grace=30.0)
    world.events = [(1.0, world.cancelled.set)]
    result = world.run()
    assert (result.stopped_by, result.done, result.unknown) == (StoppedBy.CANCELLED, 0, 4)
    assert result.elapsed == pytest.approx(31.0, abs=0.11)
    assert len(world.ledger.open) == 4
    assert world.crew.closed == [False]


def test_the_second_stop_leaves_at_once(many: list[Item]) -> None:
    world = World(many, latency=lambda begun: 50.0)
    world.events = [(1.0, world.cancelled.set), (2.0, world.abandoned.set)]
    result = world.run()
    assert (result.stopped_by, result.unknown, result.attempts) == (StoppedBy.CANCELLED, 4, 4)
    assert result.elapsed == pytest.approx(2.0, abs=0.11)
    assert world.crew.closed == [False]


def test_calls_that_are_left_count_at_their_highest_price(many: list[Item]) -> None:
    prices = PriceBook.load({"test.model": {"input": 1, "output": 10}}).tokens("test.model")
    meter = Meter(
        prices,
        max_tokens=INFERENCE.max_tokens,
        share=Purse(Decimal(0)).share(lambda: None),
        what="test.model",
    )
    world = World(many, latency=lambda begun: 50.0, meter=meter)
    world.events = [(1.0, world.cancelled.set), (2.0, world.abandoned.set)]
    result = world.run()
    reading = meter.reading(result.left)
    # 1,000 tokens with a quarter on top at $1 per 1K, 512 at $10: $6.37 each.
    assert (reading.unknown, reading.uncertain) == (result.unknown, 4 * Decimal("6.37"))
    assert reading.reserved == 0
    assert world.seen[-1].uncertain == reading.uncertain


def test_a_refusal_while_stopping_is_what_the_user_sees(many: list[Item]) -> None:
    world = World(many, Model(lambda content, call: denied()), latency=lambda begun: 5.0)
    world.events = [(1.0, world.cancelled.set)]
    assert world.run().stopped_by is StoppedBy.REFUSED


def test_a_pause_makes_no_calls_and_loses_nothing(many: list[Item]) -> None:
    world = World(many[:40])
    calls: list[int] = []
    world.events = [
        (1.05, world.paused.set),
        (5.0, lambda: calls.append(len(world.model.calls))),
        (50.0, lambda: calls.append(len(world.model.calls))),
        (60.0, world.paused.clear),
    ]
    result = world.run()
    assert calls[0] == calls[1] < 40
    assert result.done == 40
    assert result.elapsed > 60
    assert RunState.PAUSED in {progress.state for progress in world.seen}
    assert world.ledger.pauses == [True, False]
    # What was under way was still labeling; the rest of the 58.95 s was not.
    assert world.ledger.rests == [pytest.approx(58.8, abs=0.2)]
    assert [result.rested] == world.ledger.rests


def test_a_pause_is_no_slow_work(many: list[Item]) -> None:
    world = World(many, pace=Pace(concurrency=4, requests_per_minute=120))
    world.events = [(16.0, world.paused.set), (196.0, world.paused.clear)]
    world.run()
    gone = [one for one in world.seen if one.state is RunState.RUNNING and one.left]
    before = [one for one in gone if 14.0 < one.elapsed < 16.0]
    after = [one for one in gone if one.elapsed > 196.0]
    assert before
    assert after
    for one in (*before, *after):
        assert one.rate == pytest.approx(2.0, abs=0.5)
        assert one.eta == pytest.approx(one.left / 2.0, rel=0.25)
    paused = [one for one in world.seen if one.state is RunState.PAUSED and not one.in_flight]
    assert {(one.rate, one.eta) for one in paused} == {(0.0, None)}


def test_a_pause_that_the_end_comes_in_is_no_labeling_either(many: list[Item]) -> None:
    world = World(many)
    world.events = [(1.05, world.paused.set), (60.0, world.cancelled.set)]
    result = world.run()
    assert result.stopped_by is StoppedBy.CANCELLED
    assert result.elapsed - result.rested == pytest.approx(1.2, abs=0.2)


def test_a_pause_when_all_is_done_does_not_hold_the_run(many: list[Item]) -> None:
    world = World(many[:4])
    world.events = [(0.15, world.paused.set)]
    assert world.run().done == 4


def test_a_run_that_waits_for_money_can_be_stopped(tmp_path: Path) -> None:
    class Spent(OpenMeter):
        may_wait = True

        def admit(self, item: Item) -> bool:
            return False

    world = World(make_items(tmp_path, 5), meter=Spent())
    world.events = [(5.0, world.cancelled.set)]
    result = world.run()
    assert (result.stopped_by, result.attempts) == (StoppedBy.CANCELLED, 0)

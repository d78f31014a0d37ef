"""An endpoint that nobody reaches: a short absence is waited out, a long one ends the run, nothing fails."""

from __future__ import annotations

import pytest

from stillroom.labeling import Answer, AskFailed, FailureClass, Item, Pace, StoppedBy
from stillroom.labeling.crew import Begun

from .simulation import Model, World, answer, broken, invalid, unsent


def away(world: World, since: float, until: float = float("inf")) -> World:
    """Have nobody reach the endpoint from one moment of virtual time to another."""

    def script(content: str, call: int) -> Answer | AskFailed:
        return unsent() if since <= world.clock.at < until else answer()

    world.model = Model(script)
    world.latency = lambda begun: 0.001 if since <= world.clock.at < until else 0.2
    return world


@pytest.mark.parametrize("seconds", [0.5, 3.0, 10.0])
def test_a_short_absence_is_waited_out(many: list[Item], seconds: float) -> None:
    world = away(World(many), 1.0, 1.0 + seconds)
    result = world.run()
    assert (result.stopped_by, result.done, result.failed) == (StoppedBy.FINISHED, 200, {})
    assert (result.attempts, result.retries, result.unknown) == (200, 0, 0), "what was not sent is no call"
    # 10 s of answers; nobody is tried more than once a second meanwhile, apart from the first ones.
    assert result.elapsed == pytest.approx(10.0 + seconds, abs=1.5)
    assert len(world.model.calls) <= 200 + 4 + seconds + 1
    assert world.ledger.open == []
    assert world.meter.held == 0


def test_a_long_absence_stops_the_run_and_fails_no_picture(many: list[Item]) -> None:
    world = away(World(many), 1.0)
    result = world.run()
    assert (result.stopped_by, result.code) == (StoppedBy.UNREACHABLE, "EndpointConnectionError")
    assert (result.done, result.failed, result.left) == (20, {}, 180)
    assert (result.attempts, result.unknown) == (20, 0)
    assert result.elapsed == pytest.approx(1.0 + 15.0, abs=2.0)
    assert world.ledger.failures() == {None: len(world.ledger.outcomes)}
    assert {outcome.called for outcome in world.ledger.outcomes.values() if not outcome.answer} == {False}
    assert world.ledger.open == []
    again = away(world, float("inf")).run()
    assert (again.stopped_by, again.done, again.attempts) == (StoppedBy.FINISHED, 180, 180)


def test_waiting_for_an_endpoint_that_is_away_is_no_labeling(many: list[Item]) -> None:
    result = away(World(many), 1.0, 9.0).run()
    assert result.elapsed - result.rested == pytest.approx(10.0, abs=1.5)


def test_what_was_sent_and_not_answered_is_of_unknown_outcome(many: list[Item]) -> None:
    world = away(World(many), 1.0)

    def script(content: str, call: int) -> Answer | AskFailed:
        if world.clock.at >= 1.0:
            return unsent()
        return broken("ConnectionClosedError", unknown=True) if world.clock.at > 0.7 else answer()

    world.model = Model(script)
    result = world.run()
    assert (result.stopped_by, result.failed) == (StoppedBy.UNREACHABLE, {})
    assert (result.done, result.unknown, result.attempts) == (16, 4, 20)


def test_an_answer_in_between_begins_the_absence_anew(many: list[Item]) -> None:
    world = World(many[:60])

    def script(content: str, call: int) -> Answer | AskFailed:
        return answer() if world.clock.at % 10 < 1 else unsent()

    world.model = Model(script)
    world.latency = lambda begun: 0.2
    result = world.run()
    assert (result.stopped_by, result.done) == (StoppedBy.FINISHED, 60)
    assert result.elapsed > 15


def test_slow_attempts_to_connect_are_made_more_than_once(many: list[Item]) -> None:
    world = away(World(many, pace=Pace(concurrency=1)), 0.0, 10.5)
    world.latency = lambda begun: 10.0 if world.clock.at < 10.5 else 0.2
    assert world.run().done == 200


def test_a_pause_says_nothing_of_the_endpoint(many: list[Item]) -> None:
    world = away(World(many), 1.0, 65.0)
    world.events = [(5.0, world.paused.set), (60.0, world.paused.clear)]
    result = world.run()
    assert (result.stopped_by, result.done) == (StoppedBy.FINISHED, 200)


def test_a_file_that_is_gone_says_nothing_of_the_endpoint(many: list[Item]) -> None:
    gone = [Item(f"gone-{number}", "/nowhere", "jpeg", 1000) for number in range(100)]
    world = away(World([*many[:1], *gone, *many[1:]]), 0.0)
    result = world.run()
    assert result.stopped_by is StoppedBy.UNREACHABLE
    assert set(result.failed) <= {FailureClass.INVALID}
    assert result.elapsed == pytest.approx(15.0, abs=2.0)


def test_calls_under_way_are_awaited_for_a_time_when_nobody_gets_through(many: list[Item]) -> None:
    world = away(World(many, grace=30.0), 1.0)

    def latency(begun: Begun) -> float:
        if world.clock.at >= 1.0:
            return 0.001
        return 500.0 if begun.item in many[:2] else 0.2

    world.latency = latency
    result = world.run()
    assert (result.stopped_by, result.unknown) == (StoppedBy.UNREACHABLE, 2)
    assert result.elapsed == pytest.approx(1.0 + 15.0 + 30.0, abs=2.0)
    assert len(world.ledger.open) == 2


def test_other_failures_are_counted_as_ever_around_an_absence(many: list[Item]) -> None:
    bad = many[0].content
    world = away(World(many[:40]), 0.5, 3.0)
    inner = world.model.script
    world.model.script = lambda content, call: invalid(content) if content == bad else inner(content, call)
    result = world.run()
    assert (result.done, result.failed) == (39, {FailureClass.INVALID: 1})

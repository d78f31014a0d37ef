"""A service that fails everybody is waited out: no picture is to blame for it, and none is given up."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from stillroom.labeling import Answer, AskFailed, FailureClass, Item, Pace, StoppedBy

from .simulation import Model, World, answer, broken, invalid, make_items, throttled, unsent


def away(world: World, since: float, until: float = float("inf"), fault: AskFailed | None = None) -> World:
    """Have the service fail every call between two moments of virtual time."""
    fault = fault or broken("ServiceUnavailableException")

    def script(content: str, call: int) -> Answer | AskFailed:
        return (
            (fault or broken("ServiceUnavailableException")) if since <= world.clock.at < until else answer()
        )

    world.model = Model(script)
    return world


@pytest.mark.parametrize("concurrency", [1, 4, 64])
@pytest.mark.parametrize("seconds", [20.0, 60.0, 400.0])
def test_an_outage_is_waited_out_and_fails_no_picture(
    many: list[Item], concurrency: int, seconds: float
) -> None:
    world = away(World(many, pace=Pace(concurrency)), 0.3, 0.3 + seconds)
    result = world.run()
    assert (result.stopped_by, result.done, result.failed) == (StoppedBy.FINISHED, 200, {})
    assert result.attempts == len(world.model.calls) == 200 + result.retries, "every call is counted"
    # Those under way as it begins, and then ever fewer: no picture is asked again and again.
    assert result.retries <= concurrency + 5 + 20
    assert result.elapsed < 200 * 0.2 / concurrency + seconds * 2 + 5
    assert world.seen[-1].away is False
    assert any(progress.away for progress in world.seen)
    assert world.ledger.open == []
    assert world.meter.held == 0


def test_an_outage_that_does_not_end_stops_the_run_in_bounded_time(many: list[Item]) -> None:
    world = away(World(many), 1.0)
    result = world.run()
    assert (result.stopped_by, result.code) == (StoppedBy.UNSERVED, "ServiceUnavailableException")
    assert (result.failure, result.message) == (FailureClass.SERVICE, "it broke")
    assert (result.done, result.failed, result.left) == (20, {}, 180)
    assert 900 <= result.elapsed <= 900 + 60 + 5
    assert result.attempts < 20 + 40
    again = away(world, float("inf")).run()
    assert (again.stopped_by, again.done, again.attempts) == (StoppedBy.FINISHED, 180, 180)


def test_waiting_for_the_service_is_no_labeling(many: list[Item]) -> None:
    result = away(World(many), 1.0, 61.0).run()
    assert result.elapsed - result.rested == pytest.approx(10.0, abs=5.0)


def test_pictures_that_alone_are_failed_are_given_up_after_their_attempts(many: list[Item]) -> None:
    bad = {item.content for item in many[3::20]}
    world = World(many, Model(lambda content, call: broken() if content in bad else answer()))
    result = world.run()
    assert (result.stopped_by, result.done) == (StoppedBy.FINISHED, 190)
    assert result.failed == {FailureClass.SERVICE: 10}
    assert {Counter(world.model.calls)[content] for content in bad} == {5}
    assert result.elapsed < 60


def test_a_few_at_the_end_that_fail_alone_do_not_hold_the_run_up(many: list[Item]) -> None:
    bad = {item.content for item in many[-4:]}
    world = World(many, Model(lambda content, call: broken() if content in bad else answer()))
    result = world.run()
    assert (result.stopped_by, result.failed) == (StoppedBy.FINISHED, {FailureClass.SERVICE: 4})
    assert result.elapsed < 60


def test_pictures_that_had_failed_before_say_little_about_the_service(many: list[Item]) -> None:
    world = World(many[:12], Model(lambda content, call: broken()), failed_before=True)
    result = world.run()
    assert (result.stopped_by, result.failed) == (StoppedBy.FINISHED, {FailureClass.SERVICE: 12})
    assert result.attempts == 12 * 5
    assert result.elapsed < 60


def test_a_service_that_fails_every_other_call_is_not_away(many: list[Item]) -> None:
    odd = {item.content for item in many[::2]}
    world = World(many, Model(lambda content, call: broken() if content in odd and call < 3 else answer()))
    result = world.run()
    assert (result.stopped_by, result.done, result.failed) == (StoppedBy.FINISHED, 200, {})
    assert not any(progress.away for progress in world.seen)


def test_what_may_have_been_paid_for_is_asked_no_more_than_three_times(many: list[Item]) -> None:
    world = away(World(many[:8]), 0.0, fault=broken("504", unknown=True))
    result = world.run()
    assert max(Counter(world.model.calls).values()) == 3
    assert (result.failed, result.unknown) == ({FailureClass.SERVICE: 8}, 24)


def test_what_says_something_of_pictures_says_nothing_of_the_service(many: list[Item]) -> None:
    world = away(World(many[:8]), 0.0, fault=broken("ModelErrorException"))
    result = world.run()
    assert (result.stopped_by, result.failed) == (StoppedBy.FINISHED, {FailureClass.SERVICE: 8})
    assert result.attempts == 16


def test_a_throttle_during_an_outage_does_not_end_it(many: list[Item]) -> None:
    world = World(many)

    def script(content: str, call: int) -> Answer | AskFailed:
        if not 1.0 <= world.clock.at < 300.0:
            return answer()
        return throttled() if len(world.model.calls) % 2 else broken()

    world.model.script = script
    result = world.run()
    assert (result.stopped_by, result.done, result.failed) == (StoppedBy.FINISHED, 200, {})
    assert result.retries < 60


def test_an_invalid_picture_shows_that_the_service_is_there(many: list[Item]) -> None:
    world = World(many[:9], pace=Pace(1), latency=lambda begun: 0.05)
    world.model.script = lambda content, call: (
        invalid(content) if content == many[4].content else broken() if call == 1 else answer()
    )
    result = world.run()
    assert (result.stopped_by, result.done, result.retries) == (StoppedBy.FINISHED, 8, 8)
    assert not any(progress.away for progress in world.seen)


def test_a_pause_during_an_outage_costs_no_patience(many: list[Item]) -> None:
    world = away(World(many), 1.0, 2000.0)
    world.events = [(5.0, world.paused.set), (1990.0, world.paused.clear)]
    result = world.run()
    assert (result.stopped_by, result.done) == (StoppedBy.FINISHED, 200)


def test_after_an_outage_every_picture_has_all_its_attempts(tmp_path: Path) -> None:
    items = make_items(tmp_path, 40)
    bad = items[0].content
    world = away(World(items), 0.0, 100.0)
    inner = world.model.script
    world.model.script = lambda content, call: broken() if content == bad else inner(content, call)
    result = world.run()
    assert (result.done, result.failed) == (39, {FailureClass.SERVICE: 1})
    late = Counter(world.model.calls)[bad]
    assert 5 <= late <= 12


@pytest.mark.parametrize(("concurrency", "count"), [(1, 5), (4, 8), (8, 16)])
@pytest.mark.parametrize(
    "fault", [broken("InternalServerException"), broken("ReadTimeoutError", unknown=True)]
)
def test_pictures_in_a_row_that_make_the_service_fail_hold_up_no_others(
    many: list[Item], concurrency: int, count: int, fault: AskFailed
) -> None:
    bad = {item.content for item in many[20 : 20 + count]}
    world = World(
        many, Model(lambda content, call: fault if content in bad else answer()), pace=Pace(concurrency)
    )
    result = world.run()
    assert (result.stopped_by, result.done) == (StoppedBy.FINISHED, 200 - count)
    assert result.failed == {FailureClass.SERVICE: count}
    assert result.elapsed < 200 * 0.2 / concurrency + 120


def test_where_only_such_pictures_are_left_they_are_judged_one_by_one(many: list[Item]) -> None:
    result = World(many[:8], Model(lambda content, call: broken()), pace=Pace(8)).run()
    assert (result.stopped_by, result.failed) == (StoppedBy.FINISHED, {FailureClass.SERVICE: 8})
    assert result.elapsed < 60


def test_who_cannot_connect_now_and_then_in_an_outage_goes_on(many: list[Item]) -> None:
    world = World(many, pace=Pace(4))

    def script(content: str, call: int) -> Answer | AskFailed:
        at = world.clock.at
        if not 1.0 <= at < 500.0:
            return answer()
        return (
            unsent() if 240.0 <= at < 250.0 or 300.0 <= at < 310.0 else broken("ServiceUnavailableException")
        )

    world.model = Model(script)
    result = world.run()
    assert (result.stopped_by, result.done, result.failed) == (StoppedBy.FINISHED, 200, {})

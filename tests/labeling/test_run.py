"""What a run does, in virtual time."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.errors import StorageFull
from stillroom.labeling import AskFailed, FailureClass, Item, Pace, RetryPolicy, RunState, StoppedBy

from .simulation import (
    Killed,
    Model,
    OpenMeter,
    World,
    answer,
    broken,
    denied,
    invalid,
    make_items,
    throttled,
    unsent,
)


def test_every_item_is_asked_once_and_stored(many: list[Item]) -> None:
    world = World(many)
    result = world.run()
    assert (result.stopped_by, result.done, result.left, result.attempts) == (StoppedBy.FINISHED, 200, 0, 200)
    assert sorted(world.model.calls) == [item.content for item in many]
    assert world.ledger.answered == {item.content for item in many}
    assert (result.input_tokens, result.output_tokens) == (200 * 800, 200 * 60)
    assert world.crew.most_asking == 4
    assert world.crew.closed == [True]
    assert world.meter.held == 0
    # 200 calls of 0.2 s, four at a time: nobody ever waited for the journal.
    assert result.elapsed == pytest.approx(10.0)


def test_nothing_to_do_ends_at_once() -> None:
    result = World([]).run()
    assert (result.stopped_by, result.total, result.attempts) == (StoppedBy.FINISHED, 0, 0)


def test_no_call_before_its_intent_is_stored(many: list[Item]) -> None:
    world = World(many)

    def called(where: str) -> None:
        begun = {item.content for item in world.ledger.intents.values()}
        assert set(world.model.calls) <= begun

    world.model.check = called
    world.run()


def test_an_answer_is_counted_only_when_it_is_stored(many: list[Item]) -> None:
    world = World(many[:40])
    stored: list[tuple[int, int]] = []
    world.events = []
    seen = world.seen

    class Watch(list):
        def append(self, progress):
            stored.append((progress.done, len(world.ledger.answered)))
            seen.append(progress)

    world.seen = Watch()
    world.run()
    assert stored
    assert all(done <= durable for done, durable in stored)


def test_retries_wait_without_holding_a_worker(many: list[Item]) -> None:
    first = many[0].content
    world = World(
        many[:20],
        Model(lambda content, call: broken() if content == first and call < 4 else answer()),
        pace=Pace(concurrency=1),
    )
    result = world.run()
    assert (result.done, result.retries, result.attempts) == (20, 3, 23)
    # Jitter 0.5 of 1, 2 and 4 s; the other items were answered meanwhile.
    assert world.model.calls[:2] == [first, many[1].content]
    assert world.model.calls[-1] == first
    assert result.elapsed < 20 * 0.2 + 3.5 + 1
    assert world.ledger.failures() == {None: 20, FailureClass.SERVICE: 3}


def test_what_stays_broken_is_given_up(many: list[Item]) -> None:
    bad = many[1].content
    world = World(many[:5], Model(lambda content, call: broken() if content == bad else answer()))
    result = world.run()
    assert (result.stopped_by, result.done, result.failed) == (
        StoppedBy.FINISHED,
        4,
        {FailureClass.SERVICE: 1},
    )
    assert Counter(world.model.calls)[bad] == 5
    assert [item.content for item in world.left()] == [bad]


def test_only_what_was_measured_is_set_beside_its_estimate(many: list[Item]) -> None:
    def script(content: str, call: int):
        if content == many[0].content:
            return AskFailed(FailureClass.INVALID, "The image is not supported", code="ValidationException")
        return answer("bad") if content == many[1].content else answer()

    result = World(many[:4], Model(script)).run()
    assert (result.done, sum(result.failed.values())) == (2, 2)
    # An answer that is no use was measured, too; a call without one was not.
    assert (result.input_tokens, result.estimated_input_tokens) == (3 * 800, 3 * 1000)


def test_what_cannot_be_retried_is_not(many: list[Item]) -> None:
    def script(content: str, call: int):
        return AskFailed(FailureClass.INVALID, "The image is not supported", code="ValidationException")

    world = World(many[:3], Model(script))
    result = world.run()
    assert (result.failed, result.attempts) == ({FailureClass.INVALID: 3}, 3)


def test_answers_that_fail_are_stored_and_not_asked_again(many: list[Item]) -> None:
    texts = {many[0].content: answer("bad"), many[1].content: answer("sea, s", "max_tokens")}
    world = World(many[:5], Model(lambda content, call: texts.get(content, answer())))
    result = world.run()
    assert result.failed == {FailureClass.UNPARSABLE: 1, FailureClass.TRUNCATED: 1}
    assert result.done == 3
    assert len(world.ledger.answered) == 5
    assert world.seen[-1].state is RunState.ENDED
    assert {each.failure for each in world.seen[-1].newest} == {
        None,
        FailureClass.UNPARSABLE,
        FailureClass.TRUNCATED,
    }


def test_a_throttle_storm_narrows_the_run_and_passes(many: list[Item]) -> None:
    world = World(many, pace=Pace(concurrency=16), latency=lambda begun: 0.1)
    dice = random.Random(3)
    world.chance = dice.random

    def script(content: str, call: int):
        # The service answers five calls at a time and refuses the others.
        return answer() if len(world.crew.asking) < 5 else throttled()

    world.model.script = script
    result = world.run()
    assert (result.stopped_by, result.done, result.failed) == (StoppedBy.FINISHED, 200, {})
    assert result.throttles == result.retries == result.attempts - 200
    narrowest = min(progress.concurrency for progress in world.seen)
    assert narrowest < 8
    # Without narrowing eleven of sixteen calls would be refused.
    assert result.throttles < 200


def test_endless_throttling_is_bounded_by_the_total_wait(many: list[Item]) -> None:
    world = World(many[:2], Model(lambda content, call: throttled()), retry=RetryPolicy(total_wait=120))
    result = world.run()
    assert result.failed == {FailureClass.THROTTLED: 2}
    assert result.elapsed < 130
    assert 10 < result.attempts < 30


@pytest.mark.parametrize("refusal", [denied(), throttled("Too many tokens per day, please wait.")])
def test_a_refusal_stops_at_once(many: list[Item], refusal: AskFailed) -> None:
    fifth = many[4].content
    world = World(many, Model(lambda content, call: refusal if content == fifth else answer()))
    result = world.run()
    assert result.stopped_by is StoppedBy.REFUSED
    assert (result.message, result.code, result.todo) == (refusal.message, refusal.code, refusal.todo)
    assert result.failure is refusal.failure
    # Four at a time: the fifth is in the second round, whose other calls were under way and are stored.
    assert len(world.model.calls) == 8
    assert result.done == 7
    assert result.left == 193
    assert result.failed == {}
    assert world.ledger.open == []
    assert world.meter.held == 0


def test_a_missing_or_changed_file_makes_no_call(tmp_path: Path) -> None:
    gone, changed, same, longer = make_items(tmp_path, 4)
    Path(gone.prepared).unlink()
    changed = Item(changed.content, changed.prepared, "jpeg", 10, prepared_sha256="0" * 64)
    same = Item(
        same.content,
        same.prepared,
        "jpeg",
        10,
        prepared_sha256="eb80f3fcfabfabdec110afaf65adc555affba835579fa16d68a70e8ea22837cc",
    )
    longer = replace(longer, prepared_size=3)
    world = World([gone, changed, same, longer])
    result = world.run()
    assert world.model.calls == [same.content]
    assert (result.done, result.attempts, result.failed) == (1, 1, {FailureClass.INVALID: 3})
    messages = {outcome.item.content: outcome.message for outcome in world.ledger.outcomes.values()}
    assert messages[gone.content] == "the prepared file cannot be read: No such file or directory"
    assert "has changed" in messages[changed.content]
    assert "has changed" in messages[longer.content]


def test_lost_connections_are_retried_a_few_times_and_counted(many: list[Item]) -> None:
    world = World(
        many[:1], Model(lambda content, call: broken("ReadTimeoutError", unknown=True)), latency=lambda b: 1.0
    )
    result = world.run()
    assert (result.attempts, result.unknown) == (3, 3)
    assert result.failed == {FailureClass.SERVICE: 1}


def test_a_fault_of_the_program_is_raised_after_the_rest_is_stored(many: list[Item]) -> None:
    def script(content: str, call: int):
        if content == many[2].content:
            raise ZeroDivisionError("a bug")
        return answer()

    world = World(many, Model(script))
    with pytest.raises(ZeroDivisionError):
        world.run()
    assert world.ledger.open == []
    assert len(world.ledger.answered) == len(world.model.calls) - 1
    assert world.ledger.failures()[FailureClass.UNKNOWN] == 1


def test_a_judge_that_fails_does_not_lose_the_answer(many: list[Item]) -> None:
    def judge(text: str, stop_reason: str):
        raise ValueError("a bug")

    world = World(many[:4], accept=judge)
    with pytest.raises(ValueError, match="a bug"):
        world.run()
    assert len(world.ledger.answered) == 4


def test_when_the_disk_is_full_for_a_moment_paid_answers_are_kept(many: list[Item]) -> None:
    world = World(many)

    def check(where: str) -> None:
        if where == "before commit" and world.ledger.commits == 3:
            world.ledger.check = lambda where: None
            raise StorageFull("The disk is full")

    world.ledger.check = check
    with pytest.raises(StorageFull):
        world.run()
    assert world.ledger.open == []
    assert len(world.ledger.answered) == len(world.model.calls)


def test_the_room_that_was_set_aside_is_for_all_answers_under_way(many: list[Item]) -> None:
    world = World(many, pace=Pace(concurrency=64))

    def check(where: str) -> None:
        if where == "before commit" and world.ledger.commits >= 2:
            raise StorageFull("The disk is full")

    def make_room() -> None:
        assert not world.crew.asking, "others may take the room: it is given back when all have answered"
        world.ledger.check = lambda where: None

    world.ledger.check = check
    world.make_room = make_room
    with pytest.raises(StorageFull):
        world.run()
    assert len(world.model.calls) > 64
    assert len(world.ledger.answered) == len(world.model.calls)
    assert world.ledger.open == []


def test_when_the_disk_stays_full_the_first_error_is_shown(many: list[Item]) -> None:
    world = World(many)

    def check(where: str) -> None:
        if world.ledger.commits >= 2:
            raise StorageFull("The disk is full")

    world.ledger.check = check
    with pytest.raises(StorageFull):
        world.run()
    assert len(world.ledger.open) > 0


def test_rates_are_kept(many: list[Item]) -> None:
    world = World(many, pace=Pace(concurrency=50, requests_per_minute=120))
    moments: list[float] = []
    world.model.check = lambda where: moments.append(world.clock.at)
    result = world.run()
    assert result.done == 200
    assert all(later - earlier >= 60 for earlier, later in zip(moments, moments[120:], strict=False))
    assert 95 < result.elapsed < 110


def test_token_rates_are_kept_and_unused_tokens_come_back(many: list[Item]) -> None:
    # 1,000 estimated + 512 reserved, 860 used: 60,000 a minute give about 70 calls a minute, not 40.
    world = World(many, pace=Pace(concurrency=50, tokens_per_minute=60_000))
    result = world.run()
    assert result.done == 200
    assert 200 / 72 * 60 < result.elapsed < 200 / 62 * 60


def test_progress_tells_the_truth(many: list[Item]) -> None:
    world = World(many)
    world.run()
    early, last = world.seen[5], world.seen[-1]
    assert early.rate == pytest.approx(20, rel=0.5)
    assert early.eta == pytest.approx(early.left / early.rate)
    assert early.in_flight == 4
    assert (last.state, last.done, last.left, last.in_flight, last.eta) == (RunState.ENDED, 200, 0, 0, 0.0)
    assert (last.p50_ms, last.p95_ms) == (200, 200)
    assert (last.spent, last.projected) == (None, None)
    assert len(last.newest) == 5
    assert last.newest[0].keywords == ("sea", "sky")
    gaps = [b.elapsed - a.elapsed for a, b in zip(world.seen, world.seen[1:], strict=False)]
    assert min(gaps[:-1]) >= 0.099


def test_waiting_to_ask_again_alone_is_no_labeling_and_tells_no_time_left(many: list[Item]) -> None:
    stuck = {item.content for item in many[8:10]}
    world = World(
        many[:10],
        Model(lambda content, call: broken() if content in stuck and call < 4 else answer()),
        chance=lambda: 0.999,
    )
    result = world.run()
    assert result.done == 10
    waiting = [progress for progress in world.seen if progress.waiting == progress.left == 2]
    assert waiting
    assert {(progress.retrying, progress.eta) for progress in waiting} == {(2, None)}
    assert waiting[0].rate is not None  # of the eight answers
    assert sum(world.ledger.rests) == pytest.approx(1 + 2 + 4, abs=0.5)


def test_waiting_for_the_pace_is_labeling_also_before_something_is_asked_again(many: list[Item]) -> None:
    world = World(
        many[:6],
        Model(lambda content, call: broken() if content == many[0].content and call < 3 else answer()),
        pace=Pace(concurrency=1, requests_per_minute=20),
        chance=lambda: 0.999,
        latency=lambda begun: 2.0,
    )
    assert world.run().done == 6
    assert world.ledger.rests == []


def test_what_is_given_up_without_an_answer_is_not_in_the_rate_of_answers(many: list[Item]) -> None:
    world = World(many[:6], Model(lambda content, call: invalid(content)))
    world.run()
    assert {progress.rate for progress in world.seen} <= {None, 0.0}


def test_progress_says_nothing_of_retrying_while_others_were_never_asked(many: list[Item]) -> None:
    world = World(
        many[:40], Model(lambda content, call: broken() if content == many[0].content else answer())
    )
    world.run()
    early = [progress for progress in world.seen if progress.waiting and progress.left > 10]
    assert early
    assert {progress.retrying for progress in early} == {0}


KILLS = st.lists(st.integers(1, 60), max_size=6)


@settings(max_examples=150, deadline=None)
@given(kills=KILLS, count=st.integers(1, 12), concurrency=st.integers(1, 9), seed=st.integers(0, 999))
def test_killed_anywhere_and_run_again_each_item_is_answered_and_paid_once(
    many: list[Item], kills: list[int], count: int, concurrency: int, seed: int
) -> None:
    dice = random.Random(seed)
    world = World(many[:count], pace=Pace(concurrency=concurrency), chance=dice.random)
    world.latency = lambda begun: dice.choice([0.01, 0.2, 3.0])
    world.model.script = lambda content, call: dice.choice(
        [answer()] * 4 + [answer("bad"), broken(), throttled(), unsent()]
    )
    lost = 0
    for kill in [*kills, None]:
        steps = iter(range(1, 100_000))

        def check(where: str, kill: int | None = kill, steps=steps) -> None:
            if next(steps) == kill:
                raise Killed(where)

        def called(where: str, check=check) -> None:
            check(where)

        world.ledger.check, world.model.check = check, called
        answered = set(world.ledger.answered)
        before = len(world.model.calls)
        try:
            result = world.run()
        except Killed:
            lost += len(world.ledger.open)
        else:
            assert result.left == 0 or result.stopped_by is StoppedBy.UNREACHABLE
        assert not answered & set(world.model.calls[before:]), "asked again although it was answered"
        assert answered <= world.ledger.answered
        world.ledger.check = world.model.check = lambda where: None
    while world.left():  # what failed for good is asked again by the next run
        world.run()
    assert world.ledger.answered == {item.content for item in many[:count]}
    served = Counter(world.model.calls)
    refused = sum(outcome.answer is None for outcome in world.ledger.outcomes.values())
    assert sum(served.values()) <= count + refused + len(world.ledger.open)


def test_a_run_that_was_killed_leaves_only_what_was_in_flight_unknown(many: list[Item]) -> None:
    world = World(many, pace=Pace(concurrency=64))

    def check(where: str) -> None:
        if world.ledger.commits == 2:
            raise Killed

    world.ledger.check = check
    with pytest.raises(Killed):
        world.run()
    assert len(world.ledger.open) == 64


def test_a_run_waits_while_others_may_give_money_back(tmp_path: Path) -> None:
    others = [True]

    class Tight(OpenMeter):
        """Refuses all calls until the others have given back what they hold."""

        @property
        def may_wait(self) -> bool:  # type: ignore[override]
            return others[0]

        def admit(self, item: Item) -> bool:
            return not others[0] and super().admit(item)

    world = World(make_items(tmp_path, 5), meter=Tight())
    world.events = [(30.0, lambda: others.__setitem__(0, False))]
    assert world.run().done == 5
    assert world.clock.at >= 30

"""Work runs in threads, reports into a slot, and listens to signals."""

import threading

import pytest

from stillroom.background import Progress, Runner, Signals, Slot


@pytest.fixture
def runner():
    runner = Runner()
    yield runner
    runner.close()


def test_a_handle_gives_the_result_and_the_newest_snapshot(runner: Runner) -> None:
    def work(slot: Slot, signals: Signals) -> int:
        slot.put(Progress("count", 1, 3))
        slot.put(Progress("count", 3, 3))
        return 42

    handle = runner.start("count", work)
    assert handle.result() == 42
    assert handle.slot.get() == Progress("count", 3, 3)
    assert not handle.running


def test_a_failure_is_raised_where_the_result_is_asked_for(runner: Runner) -> None:
    def work(slot: Slot, signals: Signals) -> None:
        raise LookupError("gone")

    handle = runner.start("look", work)
    with pytest.raises(LookupError, match="gone"):
        handle.result()


def test_waiting_is_bounded_and_tells_whether_the_work_has_ended(runner: Runner) -> None:
    gate = threading.Event()
    handle = runner.start("wait", lambda slot, signals: gate.wait(30))
    assert not handle.wait(0.01)
    assert handle.running
    gate.set()
    assert handle.wait(30)
    assert not handle.running


def test_however_often_it_is_cancelled_what_is_under_way_is_finished() -> None:
    signals = Signals()
    signals.cancel()
    signals.cancel()
    assert signals.cancelled.is_set()
    assert not signals.abandoned.is_set()


def test_whoever_abandons_begins_nothing_new_either() -> None:
    signals = Signals()
    signals.abandon()
    assert signals.abandoned.is_set()
    assert signals.cancelled.is_set()


def test_closing_cancels_what_still_runs() -> None:
    runner = Runner()
    handle = runner.start("loop", lambda slot, signals: signals.cancelled.wait(30))
    runner.close()
    assert handle.result() is True


def test_what_was_told_to_stop_is_left_at_once_only_when_it_is_abandoned(runner: Runner) -> None:
    def work(slot: Slot, signals: Signals) -> str:
        assert signals.cancelled.wait(30)
        told.set()
        assert signals.abandoned.wait(30)
        return "left"

    told = threading.Event()
    handle = runner.start("stubborn", work)
    runner.stop()
    runner.stop()
    assert told.wait(30)
    assert not handle.signals.abandoned.is_set()
    assert not runner.wait(0.01)
    runner.abandon()
    assert runner.wait(30)
    assert handle.result() == "left"

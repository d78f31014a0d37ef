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


def test_cancelling_twice_means_leave_at_once() -> None:
    signals = Signals()
    signals.cancel()
    assert signals.cancelled.is_set()
    assert not signals.abandoned.is_set()
    signals.cancel()
    assert signals.abandoned.is_set()


def test_closing_cancels_what_still_runs() -> None:
    runner = Runner()
    handle = runner.start("loop", lambda slot, signals: signals.cancelled.wait(30))
    runner.close()
    assert handle.result() is True


def test_stopping_asks_once_and_asked_again_asks_to_leave_at_once(runner: Runner) -> None:
    def work(slot: Slot, signals: Signals) -> str:
        assert signals.cancelled.wait(30)
        assert not signals.abandoned.is_set()
        told.set()
        assert signals.abandoned.wait(30)
        return "left"

    told = threading.Event()
    handle = runner.start("stubborn", work)
    runner.stop()
    assert told.wait(30)
    assert not runner.wait(0.01)
    runner.stop()
    assert runner.wait(30)
    assert handle.result() == "left"

"""The sandbox's clock: wall time times speed, and it never runs backwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stillroom.sandbox.clock import Clock
from stillroom.sandbox.state import State


class Wall:
    def __init__(self) -> None:
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    opened = State(tmp_path)
    yield opened
    opened.close()


def test_it_runs_by_its_speed_and_over_restarts(state: State) -> None:
    wall = Wall()
    clock = Clock(state, 10, wall)
    wall.time += 5
    assert clock.now() == 50
    assert clock.wall_until(80) == pytest.approx(3)
    clock.turn(100)
    wall.time += 1
    assert clock.now() == 150
    wall.time += 1
    assert Clock(state, 1, wall).now() == 250


def test_a_wall_clock_set_back_loses_nothing(state: State) -> None:
    wall = Wall()
    clock = Clock(state, 10, wall)
    wall.time += 100
    assert clock.now() == 1000
    wall.time -= 60
    assert clock.now() == 1000
    wall.time += 1
    assert clock.now() == 1010


def test_a_wall_clock_set_back_over_a_restart_loses_nothing_that_was_seen(state: State) -> None:
    wall = Wall()
    clock = Clock(state, 10, wall)
    wall.time += 100
    assert clock.now() == 1000
    wall.time -= 60
    assert clock.now() == 1000
    assert Clock(state, 10, wall).now() == 1000


def test_a_wall_clock_far_in_the_past_stops_nothing(state: State) -> None:
    wall = Wall()
    clock = Clock(state, 10, wall)
    wall.time = 0.0
    assert clock.now() == 0
    wall.time += 3
    assert clock.now() == 30


def test_a_wall_clock_set_back_while_nothing_runs_takes_nothing_away(state: State) -> None:
    wall = Wall()
    clock = Clock(state, 10, wall)
    wall.time += 100
    clock.rest()
    wall.time -= 60
    again = Clock(state, 10, wall)
    assert again.now() == 1000
    wall.time += 1
    assert again.now() == 1010

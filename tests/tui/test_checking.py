"""Checks beside the typing: nothing waits for them, and what comes too late is dropped."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from stillroom.background import Runner
from stillroom.steps.checking_new import Answers, Finding
from stillroom.tui.checking import Checking


class _World:
    """Checks that end when they are told to, and a clock that is moved by hand."""

    def __init__(self) -> None:
        self.runner = Runner()
        self.time = 0.0
        self.begun: list[tuple[str, Answers]] = []
        self.hanging: set[str] = set()
        self.go = threading.Event()
        self.counts = threading.Event()
        self.stopped: list[bool] = []

    def checking(self) -> Checking:
        return Checking(self.runner, run=self.run, now=lambda: self.time)

    def run(self, name: str, answers: Answers, told: Callable[[int], bool]) -> Finding:
        self.begun.append((name, answers))
        if name == "images":
            told(500)
            self.counts.set()
        if answers.profile in self.hanging:
            assert self.go.wait(20)
        if name == "images":
            self.stopped.append(not told(1000))
        return Finding(True, f"{name} of {answers.images}{answers.profile}")

    def settle(self, checking: Checking) -> None:
        """Until nothing more is under way."""
        checking.tick()
        for row in checking._rows.values():
            for _, handle in row.under_way:
                assert handle.wait(20)
        checking.tick()


@pytest.fixture
def world() -> _World:
    return _World()


def test_every_check_is_made_once_for_the_same_answers(world: _World) -> None:
    checking = world.checking()
    assert set(checking.findings.values()) == {None}
    checking.want(Answers(images="a"))
    world.settle(checking)
    assert checking.findings["images"] == Finding(True, "images of a")
    begun = len(world.begun)
    checking.want(Answers(images="a"))
    world.settle(checking)
    assert len(world.begun) == begun
    assert not checking.tick()
    checking.forget()
    checking.want(Answers(images="a"))
    world.settle(checking)
    assert len(world.begun) == 2 * begun, "asked again when told to"
    begun = len(world.begun)
    checking.want(Answers(images="b"))
    assert checking.findings["images"] is None
    world.settle(checking)
    assert [name for name, _ in world.begun[begun:]] == ["images"], "the others do not depend on it"


def test_aws_is_asked_only_when_the_typing_has_paused(world: _World) -> None:
    checking = world.checking()
    for typed in ("m", "ml", "ml-ops"):
        checking.want(Answers(sandbox=False, profile=typed))
        world.settle(checking)
        world.time += 0.1
    assert {name for name, _ in world.begun} == {"images", "root", "name", "region"}
    world.time += 0.4
    world.settle(checking)
    assert {answers.profile for name, answers in world.begun if name == "where"} == {"ml-ops"}
    assert checking.findings["where"] == Finding(True, "where of ml-ops")


def test_a_late_answer_for_what_was_typed_before_is_dropped(world: _World) -> None:
    world.hanging = {"old"}
    checking = world.checking()
    checking.want(Answers(sandbox=False, profile="old"))
    world.time += 1
    checking.tick()
    checking.want(Answers(sandbox=False, profile="new"))
    world.time += 1
    checking.tick()
    _, newer = checking._rows["where"].under_way
    assert newer[1].wait(20), "one that hangs keeps no later one waiting"
    assert checking.tick()
    assert checking.findings["where"] == Finding(True, "where of new")
    world.go.set()
    world.settle(checking)
    assert checking.findings["where"] == Finding(True, "where of new")


def test_calls_that_hang_do_not_pile_up(world: _World) -> None:
    world.hanging = {str(number) for number in range(9)}
    checking = world.checking()
    for number in range(9):
        checking.want(Answers(sandbox=False, profile=str(number)))
        world.time += 1
        checking.tick()
    assert len(checking._rows["where"].under_way) == 3
    world.go.set()
    world.settle(checking)
    world.settle(checking)
    assert checking.findings["where"] == Finding(True, "where of 8")


def test_counting_shows_how_far_it_is_and_ends_when_nobody_wants_it(world: _World) -> None:
    world.hanging = {"slow"}
    checking = world.checking()
    checking.want(Answers(images="a", profile="slow"))
    checking.tick()
    assert world.counts.wait(20)
    assert checking.count("images") == 500
    checking.want(Answers(images="b", profile="slow"))
    assert checking.count("images") == 0
    world.go.set()
    world.settle(checking)
    assert sorted(world.stopped) == [False, True]
    assert checking.findings["images"] == Finding(True, "images of bslow")

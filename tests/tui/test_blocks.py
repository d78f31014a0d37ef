"""Blocks of a big list: whatever the order of moves, lists and answers, what is shown is the right row."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from stillroom.tui.blocks import Blocks, Missing, Request

BLOCK, KEPT = 4, 3


@dataclass(frozen=True)
class Row:
    id: int
    truth: int
    """When it was read."""


def blocks(count: int) -> Blocks[Row]:
    made: Blocks[Row] = Blocks(BLOCK, KEPT)
    made.show(array("q", range(count)))
    return made


def answer(request: Request, truth: int = 0) -> list[Row]:
    return [Row(id, truth) for id in request.ids]


def test_what_is_seen_comes_first_then_what_lies_ahead():
    held = blocks(40)
    numbers = []
    while (request := held.wanted(6, 9)) is not None:
        numbers.append(request.number)
        held.arrived(request, answer(request))
    assert numbers == [1, 2, 3]
    while (request := held.wanted(6, 9, forward=False)) is not None:
        numbers.append(request.number)
        held.arrived(request, answer(request))
    assert numbers == [1, 2, 3, 0]


def test_nothing_lies_beyond_either_end():
    held = blocks(10)
    for _ in range(2):
        request = held.wanted(8, 9)
        assert request is None or request.number == 2
        if request:
            assert list(request.ids) == [8, 9]
            held.arrived(request, answer(request))
    request = held.wanted(0, 1, forward=False)
    assert request is not None
    held.arrived(request, answer(request))
    assert held.wanted(0, 1, forward=False) is None
    assert Blocks[Row]().wanted(0, 10) is None


def test_an_answer_to_an_earlier_list_is_dropped():
    held = blocks(10)
    late = held.wanted(0, 3)
    assert late is not None
    held.show(array("q", reversed(range(10))))
    assert held.arrived(late, answer(late)) is None
    assert held.row(0) is Missing.COMING


def test_rows_of_the_same_list_stay_until_newer_ones_come():
    held = blocks(4)
    first = held.wanted(0, 3)
    assert first is not None
    held.arrived(first, answer(first, truth=1))
    held.show(array("q", range(4)))
    assert held.row(2) == Row(2, 1)
    second = held.wanted(0, 3)
    assert second is not None
    held.arrived(second, answer(second, truth=2))
    assert held.row(2) == Row(2, 2)
    assert held.arrived(first, answer(first, truth=1)) is None
    assert held.row(2) == Row(2, 2)


def test_a_row_that_is_gone_from_the_store_does_not_move_the_others():
    held = blocks(4)
    request = held.wanted(0, 3)
    assert request is not None
    held.arrived(request, [Row(0, 0), Row(3, 0)])
    assert [held.row(place) for place in range(4)] == [Row(0, 0), Missing.GONE, Missing.GONE, Row(3, 0)]


class AnyOrder(RuleBasedStateMachine):
    """Moves, new lists, refreshes and answers in any order, answers also late and out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.held: Blocks[Row] = Blocks(BLOCK, KEPT)
        self.truth = 0
        self.under_way: list[tuple[Request, int]] = []

    @rule(ids=st.lists(st.integers(0, 60), unique=True, max_size=30))
    def another_list(self, ids: list[int]) -> None:
        self.truth += 1
        self.held.show(array("q", ids))

    @rule()
    def same_list_anew(self) -> None:
        self.truth += 1
        self.held.show(array("q", self.held.ids))

    @rule(first=st.integers(-3, 40), seen=st.integers(1, 9), forward=st.booleans())
    def look(self, first: int, seen: int, forward: bool) -> None:
        request = self.held.wanted(first, first + seen - 1, forward)
        if request is not None:
            self.under_way.append((request, self.truth))

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        request, truth = self.under_way.pop(data.draw(st.integers(0, len(self.under_way) - 1)))
        places = self.held.arrived(request, answer(request, truth))
        if places is not None:
            assert [self.held.ids[place] for place in places] == list(request.ids)

    @rule(first=st.integers(0, 30), forward=st.booleans())
    def settle(self, first: int, forward: bool) -> None:
        """When all that is wanted is answered, everything that is seen is there and as new as can be."""
        for _ in range(10):
            request = self.held.wanted(first, first + BLOCK, forward)
            if request is None:
                break
            self.held.arrived(request, answer(request, self.truth))
        else:
            raise AssertionError("it never has enough")
        last = len(self.held) - 1
        if last >= 0:
            for place in range(min(first, last), min(first + BLOCK, last) + 1):
                assert self.held.row(place) == Row(self.held.ids[place], self.truth)

    @invariant()
    def every_row_stands_where_its_id_does(self) -> None:
        for place, id in enumerate(self.held.ids):
            row = self.held.row(place)
            assert isinstance(row, Missing) or row.id == id

    @invariant()
    def no_more_blocks_than_allowed(self) -> None:
        assert len(self.held.at_hand()) <= KEPT


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)

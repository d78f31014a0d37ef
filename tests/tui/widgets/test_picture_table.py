"""The table of pictures: it draws what is at hand, and only the lines that have changed."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Region

from stillroom.errors import StoreError
from stillroom.pictures import Side
from stillroom.store import PictureRow
from stillroom.tui.widgets.picture_table import MOST_MARKED, PictureTable

ROW = PictureRow(
    id=0, path="", content="c", size=2_412_312, format="jpeg", width=4032, height=3024, flag=None, reason="",
    side=Side.TRAIN, order=3, excluded=False, copies=1, status="done", failure=None, keywords="sunset\nocean",
    student_status="waiting", student_keywords="", jaccard=0.5,
)  # fmt: skip
NAMES = [
    "plain.jpg",
    "바다와 해변.jpg",
    "\x1b[31mred.jpg",
    "[bold]x[red].jpg",
    "a\u202eb\u200bc.jpg",
    "\n\t.jpg",
]


def row(id: int) -> PictureRow:
    return replace(ROW, id=id, path=f"{id:07}-{NAMES[id % len(NAMES)]}")


class Shelf:
    """Rows that come when the gate is open."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[list[int]] = []
        self.fails = False

    def rows(self, ids: Sequence[int]) -> list[PictureRow]:
        self.asked.append(list(ids))
        assert self.gate.wait(10)
        if self.fails:
            raise StoreError("The store is closed.")
        return [row(id) for id in ids]


class Seat(App[None]):
    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self.shelf = shelf
        self.errors: list[str] = []
        self.refused = 0

    def compose(self) -> ComposeResult:
        yield PictureTable(self.shelf.rows)

    def on_mount(self) -> None:
        self.query_one(PictureTable).focus()

    def on_picture_table_full(self) -> None:
        self.refused += 1

    def on_picture_table_unread(self, message: PictureTable.Unread) -> None:
        self.errors.append(message.error.what)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    made = Shelf()
    yield made
    made.gate.set()


@asynccontextmanager
async def seated(shelf: Shelf, size: tuple[int, int] = (80, 24)):
    app = Seat(shelf)
    async with app.run_test(size=size) as pilot:
        yield app.query_one(PictureTable), pilot


def lines(table: PictureTable) -> list[str]:
    return [strip.text for strip in table.render_lines(table.size.region)]


async def filled(table: PictureTable, pilot) -> None:
    while table._filling or table._wanted() is not None:
        await pilot.pause(0.01)


async def test_it_draws_before_anything_was_read_and_fills_in_later(shelf):
    shelf.gate.clear()
    async with seated(shelf) as (table, pilot):
        table.show(array("q", range(1_000_000)))
        await pilot.pause()
        assert [line.strip(" ›▐") for line in lines(table)[1:]] == ["…"] * 23
        await pilot.press("G")
        assert lines(table)[-1].startswith("›  …")
        shelf.gate.set()
        await filled(table, pilot)
        assert lines(table)[-1].startswith("›  0999999-")
        assert table.cursor_row == row(999_999)
        assert shelf.asked[0][0] == 0
        assert len(shelf.asked) <= 3


async def test_a_late_answer_to_another_list_is_not_shown(shelf):
    shelf.gate.clear()
    async with seated(shelf) as (table, pilot):
        table.show(array("q", range(100)))
        await pilot.pause()
        table.show(array("q", range(100, 200)))
        shelf.gate.set()
        await filled(table, pilot)
        assert lines(table)[1].startswith("›  0000100-")


async def test_moving_the_cursor_draws_two_lines(shelf):
    async with seated(shelf) as (table, pilot):
        table.show(array("q", range(1000)))
        await filled(table, pilot)
        drawn: list[Region] = []
        refresh = table.refresh
        table.refresh = lambda *regions, **how: (
            drawn.extend(regions or [table.size.region]),
            refresh(*regions),
        )[1]
        await pilot.press("j")
        assert [(region.y, region.height) for region in drawn] == [(1, 1), (2, 1)]


@pytest.mark.parametrize("width", [40, 59, 80, 140])
async def test_every_line_has_the_width_of_the_table_whatever_the_names(shelf, width):
    async with seated(shelf, (width, 12)) as (table, pilot):
        table.show(array("q", range(100)))
        await filled(table, pilot)
        await pilot.press("space", "j", "space")
        for line in lines(table):
            assert cell_len(line) == width
            assert line.isprintable()


async def test_keys_go_where_they_should(shelf):
    async with seated(shelf) as (table, pilot):
        table.show(array("q", range(1000)))
        steps = [("j", 1), ("down", 2), ("k", 1), ("pagedown", 24), ("pageup", 1), ("G", 999), ("down", 999),
                 ("home", 0), ("up", 0), ("end", 999), ("g", 0), ("ctrl+d", 11), ("ctrl+u", 0)]  # fmt: skip
        for key, place in steps:
            await pilot.press(key)
            assert table.cursor == place, key
            assert table.top <= place < table.top + 23


async def test_marks_stay_when_the_list_changes(shelf):
    async with seated(shelf) as (table, pilot):
        table.show(array("q", range(100)))
        table.action_mark()
        await pilot.press("J", "J")
        assert table.marks == {0, 1, 2, 3}
        table.show(array("q", [50, 3, 60]))
        await filled(table, pilot)
        assert [line[1] for line in lines(table)[1:4]] == [" ", "•", " "]
        table.action_mark()
        assert table.marks == {0, 1, 2, 3, 50}


async def test_more_marks_than_there_may_be_are_refused_and_told(shelf):
    async with seated(shelf) as (table, pilot):
        seat: Any = table.app
        table.show(array("q", range(MOST_MARKED)))
        table.marks.add(3)
        for _ in range(2):
            table.mark_all()
            assert len(table.marks) == MOST_MARKED, "those that are marked already do not count twice"
        await pilot.pause()
        assert seat.refused == 0
        table.unmark_all()
        table.marks.add(MOST_MARKED)
        table.mark_all()
        await pilot.pause()
        assert table.marks == {MOST_MARKED}
        assert seat.refused == 1
        table.marks.update(range(1, MOST_MARKED))
        table.action_mark()
        await pilot.pause()
        assert 0 not in table.marks
        assert seat.refused == 2


async def test_the_mouse_points_marks_sorts_and_scrolls(shelf):
    async with seated(shelf) as (table, pilot):
        table.show(array("q", range(1000)))
        await filled(table, pilot)
        await pilot.click(PictureTable, offset=(10, 5))
        assert table.cursor == 4
        await pilot.click(PictureTable, offset=(1, 7))
        assert table.marks == {6}
        await pilot.click(PictureTable, offset=(79, 23))
        assert table.cursor == 999
        table.top = 0
        table.post_message(events.MouseScrollDown(table, 5, 5, 0, 1, 0, False, False, False))
        await pilot.pause()
        assert table.top == 3


async def test_what_cannot_be_read_is_said_and_asked_for_again(shelf):
    shelf.fails = True
    async with seated(shelf) as (table, pilot):
        table.show(array("q", range(10)))
        while not pilot.app.errors:
            await pilot.pause(0.01)
        assert pilot.app.errors == ["The store is closed."]
        shelf.fails = False
        await pilot.press("j")
        await filled(table, pilot)
        assert table.cursor_row == row(1)


async def test_an_empty_list_takes_every_key(shelf):
    async with seated(shelf) as (table, pilot):
        table.show(array("q"))
        await pilot.press("j", "k", "G", "g", "pagedown", "J", "K")
        table.action_mark()
        assert (table.cursor_id, table.cursor_row, table.marks) == (None, None, set())
        assert not "".join(lines(table)[1:]).strip()

"""Dataset: every picture of the project, filtered, sorted, marked, and one of them beside the list."""

from __future__ import annotations

import asyncio
import time
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from stillroom.errors import FilterError, StillroomError
from stillroom.steps.browsing import Browser
from stillroom.steps.labeling import Label
from stillroom.steps.scan import Scan
from stillroom.steps.selecting import Exclude
from stillroom.steps.targets import TEACHER
from stillroom.steps.workspace import Workspace
from stillroom.tui.actions import bindings
from stillroom.tui.blocks import Missing
from stillroom.tui.cells import ago
from stillroom.tui.dataset_lines import counts_line, hidden_lines, nothing_lines
from stillroom.tui.desk import AnyStep, Desk
from stillroom.tui.remembered import Place
from stillroom.tui.screens.base import Room
from stillroom.tui.screens.values import Facets, Values
from stillroom.tui.widgets.filter_line import FilterInput, facets_line
from stillroom.tui.widgets.picture_pane import Beside, PicturePane
from stillroom.tui.widgets.picture_table import MOST_MARKED, PictureTable

_SORTS = ("", "name", "-size", "status", "jaccard", "split", "-keywords", "-pixels")
"""What one key goes through; any column's heading can be clicked as well."""
_QUICK = 0.25
"""Seconds that a list may have taken to be made for the next to be made while a filter is being typed."""
_REST = 4.0
"""How many times as long as a list took to be made it stays before it is made anew by itself."""
_WIDE = 120
"""Columns from which on the picture stands beside the list unless it was closed."""
_FEW = 5


@dataclass(frozen=True, slots=True)
class DatasetView:
    """A list as it was made."""

    filter: str
    sort: str
    ids: array[int]
    total: int
    """Pictures there are, whatever the filter."""
    kept: int | None
    """Picture that the cursor was on when the list was asked for; None: none."""
    place: int | None
    """Where that is in this list; None: nowhere."""
    seconds: float
    """How long it took to be made."""
    at: float
    """Unix time at which it was made."""
    ended: float
    """The same on a clock that only goes forward."""


class Dataset(Room[DatasetView]):
    """The screen. It keeps filter, order, marks, the cursor and whether the picture is open."""

    NAME = "dataset"
    CSS_PATH = "../styles/dataset.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("dataset")]

    def __init__(self) -> None:
        super().__init__()
        self.filter = ""
        self._before = ("", "")
        """The filter, and the path at the cursor, as they were when another filter began to be written."""
        self.sort = ""
        self.opened: bool | None = None
        """Whether the picture is shown; None: when there is room."""
        self._counted: tuple[str | None, Facets] = (None, {})
        """A filter, and the facets of what it leaves."""
        self._facets_of: tuple[str, int] | None = None
        self._counting = False
        self._wanted_path = ""
        self._painted: DatasetView | None = None

    # The parts.

    def body(self) -> Iterable[Widget]:
        browser = Browser(self.desk.workspace)
        # Few containers: each is drawn again below whatever is drawn in it.
        with Horizontal(id="filtering"):
            yield Static(" / ", id="prompt", markup=False)
            yield FilterInput(id="filter")
            yield Static("", id="counts", markup=False)
        yield Static(" reading the list …", id="hint", markup=False)
        with Beside(id="list"):
            yield PictureTable(browser.rows, ascii=self.bench.viewing.ascii_only, id="table")
            yield PicturePane(browser.detail_of, self.bench.viewing, id="pane")
        yield Static("", id="nothing", markup=False)

    @property
    def table(self) -> PictureTable:
        return self.query_one(PictureTable)

    @property
    def input(self) -> FilterInput:
        return self.query_one(FilterInput)

    def on_mount(self) -> None:
        # The handler of the base runs by itself, after this one.
        self.table.focus()

    # Gathering: in threads.

    def gather(self, desk: Desk, workspace: Workspace) -> DatasetView:
        began, browser = time.monotonic(), Browser(workspace)
        wanted, order = self.filter, self.sort
        ids = browser.select(wanted, order)
        total = browser.count() if wanted else len(ids)
        kept = self._kept(browser) if wanted == self.filter else self.table.cursor_id
        place = None if kept is None else browser.place_of(kept, ids)
        ended = time.monotonic()
        return DatasetView(wanted, order, ids, total, kept, place, ended - began, desk.now(), ended)

    def _kept(self, browser: Browser) -> int | None:
        if not self._wanted_path:
            return self.table.cursor_id
        path, self._wanted_path = self._wanted_path, ""
        return browser.id_of(path)

    def ticked(self) -> None:
        # While work writes to the store every second, a long list is not made anew all the time.
        view = self.view
        if view is None or time.monotonic() - view.ended >= _REST * view.seconds:
            super().ticked()

    def age(self) -> str:
        if self.view is None or self.desk.version == self._seen_version:
            return ""
        return f"as of {ago(self.desk.now() - self.view.at)}"

    # Painting.

    def paint(self, view: DatasetView) -> None:
        self.set_class(self.opened if self.opened is not None else self.size.width >= _WIDE, "-open")
        self.set_class(not view.ids, "-nothing")
        if view is not self._painted:
            self._show_list(view)
        if view.ids and self.focused is None:
            self.call_after_refresh(self._take_focus)  # an empty list is not shown, and lost it
        self._paint_counts()
        self._paint_hint()
        if not view.ids:
            folder = str(self.desk.workspace.project.pictures_folder)
            self.query_one("#nothing", Static).update(nothing_lines(view.total, folder))
        if (view.filter, view.sort) != (self.filter, self.sort):
            self.look()
        self._count_facets()
        self._look_at_picture()

    def _show_list(self, view: DatasetView) -> None:
        table, before, place = self.table, self._painted, view.place
        self._painted = view
        same = before is not None and (before.filter, before.sort) == (view.filter, view.sort)
        if table.cursor_id != view.kept and same and table.cursor < len(view.ids):
            # The cursor has gone on while the list was being made.
            place = table.cursor if view.ids[table.cursor] == table.cursor_id else None
        if place is None:
            place = table.cursor if same else 0
        table.show(view.ids, place, sort=view.sort, keep_scroll=same)

    def _take_focus(self) -> None:
        if self.focused is None and self.query(PictureTable):  # nor is the screen being taken down
            self.set_focus(self.table)

    def _paint_counts(self) -> None:
        if self.view is None:
            return
        line = counts_line(len(self.view.ids), self.view.total, self.sort, len(self.table.marks))
        self.query_one("#counts", Static).update(line)

    def _paint_hint(self) -> None:
        hint, width = self.query_one("#hint", Static), self.size.width
        if self.input.has_focus:
            hint.update(self.input.hint(width))
        else:
            hint.update(facets_line(self._counted[1], width))

    # Facets: after the list, because they take longer.

    def _count_facets(self) -> None:
        wanted = (self.filter, self._seen_version)
        if self._counting or wanted == self._facets_of or self.view is None:
            return
        self._counting = True
        self._facets_of = wanted
        self.run_worker(self._facets(wanted[0]), group="facets")

    async def _facets(self, text: str) -> None:
        browser = Browser(self.desk.workspace)
        try:
            self._counted = (text, await asyncio.to_thread(browser.facets, text))
        except StillroomError as error:
            if self.query("#note"):  # nor is it being taken down
                self.complain(error)
        finally:
            self._counting = False
        if self.is_attached and self.query("#hint"):
            self._paint_hint()
            if text != self.filter:
                self._count_facets()

    # The picture beside the list.

    def _look_at_picture(self) -> None:
        if not self.has_class("-open"):
            return
        table = self.table
        around = [table.blocks.row(place) for place in (table.cursor + 1, table.cursor - 1) if place >= 0]
        neighbours = [near.path for near in around if not isinstance(near, Missing) and near.flag is None]
        self.query_one(PicturePane).show(table.cursor_id, self._seen_version, neighbours)

    # What the parts say.

    def on_picture_table_moved(self) -> None:
        self._look_at_picture()

    def on_picture_table_marked(self) -> None:
        self._paint_counts()

    def on_picture_table_full(self) -> None:
        self.bench.say(f"At most {MOST_MARKED:,} pictures can be marked: filter first.")

    def on_picture_table_opened(self) -> None:
        self.action_open()

    def on_picture_table_heading_clicked(self, message: PictureTable.HeadingClicked) -> None:
        self._sort_by(f"-{message.sort}" if self.sort == message.sort else message.sort)

    @on(PictureTable.Unread)
    @on(PicturePane.Unread)
    def complain_of(self, message: PictureTable.Unread | PicturePane.Unread) -> None:
        self.complain(message.error)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.input.offer()
        quick = self.view is not None and self.view.seconds < _QUICK
        if self.input.has_focus and quick and not self.input.begins_a_name:
            self._apply(self.input.good)
        self._paint_hint()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.input.offered = []
        if self._apply(event.value):
            self.set_focus(self.table)
        self._paint_hint()

    def on_filter_input_left(self) -> None:
        # A list that is soon made has followed what was being written.
        self._apply(*self._before)
        self.input.value = self.filter
        self.set_focus(self.table)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self._paint_hint()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        if event.widget is self.input and self.input.value != self.filter:
            self.input.value = self.filter
        self._paint_hint()

    def _apply(self, text: str, path: str = "") -> bool:
        """Filter by ``text``, and put the cursor on ``path``; False when it is not a filter."""
        try:
            Browser.parse(text)
        except FilterError:
            return False
        if text.rstrip() != self.filter:
            self.filter, self._wanted_path = text.rstrip(), path
            self.look()
        return True

    def _sort_by(self, sort: str) -> None:
        self.sort = sort
        self._paint_counts()
        self.look()

    # Keys.

    def action_filter(self) -> None:
        if not self.input.has_focus:
            self._before = (self.filter, self.copied())
            self.input.value = f"{self.filter} ".lstrip()  # what is typed on is a term more
        self.set_focus(self.input)  # not focus(): that comes after keys that are here already
        self.input.cursor_position = len(self.input.value)
        self.input.offer()
        self._paint_hint()

    def action_clear(self) -> None:
        self.input.value = ""
        self._apply("")

    def action_sort(self) -> None:
        place = _SORTS.index(self.sort) if self.sort in _SORTS else 0
        self._sort_by(_SORTS[(place + 1) % len(_SORTS)])

    def action_reverse(self) -> None:
        if self.sort:
            self._sort_by(self.sort[1:] if self.sort.startswith("-") else f"-{self.sort}")

    def action_open(self) -> None:
        self.opened = not self.has_class("-open")
        self.set_class(self.opened, "-open")
        self._look_at_picture()

    def action_words(self, pages: int) -> None:
        self.query_one(PicturePane).scroll_words(pages)

    def action_mark(self) -> None:
        self.table.action_mark()

    def action_mark_all(self) -> None:
        self.table.mark_all()

    def action_unmark_all(self) -> None:
        self.table.unmark_all()

    def action_facets(self) -> None:
        def chosen(term: str | None) -> None:
            if term:
                self.input.value = f"{self.filter} {term}".strip()
                self._apply(self.input.value)

        of, facets = self._counted
        count = partial(Browser(self.desk.workspace).facets, self.filter)
        self.app.push_screen(Values(facets if of == self.filter else count), chosen)

    def action_scan(self) -> None:
        self.act(Scan())

    def action_label(self) -> None:
        self._with_names(lambda names: Label(TEACHER, only=names))

    def action_try_few(self) -> None:
        if self.table.marks:
            self._with_names(lambda names: Label(TEACHER, only=names, limit=_FEW))
        else:
            self.act(Label(TEACHER, limit=_FEW))

    def action_exclude(self) -> None:
        self._with_names(Exclude)

    def action_include(self) -> None:
        self._with_names(lambda names: Exclude(names, excluded=False))

    def _with_names(self, step: Callable[..., AnyStep]) -> None:
        """Act on the marked pictures, wherever they are, else on the one at the cursor."""
        marks, cursor = frozenset(self.table.marks), self.table.cursor_id
        if chosen := marks or frozenset(() if cursor is None else (cursor,)):
            self.run_worker(self._act_on(chosen, marks, step), group="names")

    async def _act_on(self, ids: frozenset[int], marks: frozenset[int], step: Callable[..., AnyStep]) -> None:
        try:
            names, left_out = await asyncio.to_thread(Browser(self.desk.workspace).names, sorted(ids))
            above = await asyncio.to_thread(hidden_lines, marks, self.view.ids if self.view else ())
        except StillroomError as error:
            self.bench.say_error(error)
            return
        if left_out:
            self.bench.say(f"{left_out:,} of them {'is' if left_out == 1 else 'are'} never sent: left out.")
        if names:
            self.act(step(names), above=above)

    def copied(self) -> str:
        row = self.table.cursor_row
        return row.path if row is not None else ""

    # Where one was.

    def bookmark(self) -> Place:
        layout = {True: "open", False: "closed", None: ""}[self.opened]
        return Place(self.filter, self.sort, self._wanted_path or self.copied(), layout)

    def return_to(self, place: Place) -> None:
        try:
            Browser.parse(place.filter)
            Browser.parse_sort(place.sort)
        except FilterError:
            return  # it was written by hand, or for other columns
        self.filter, self.sort, self._wanted_path = place.filter, place.sort, place.picture
        self.opened = {"open": True, "closed": False}.get(place.layout)
        self.input.value = self.filter

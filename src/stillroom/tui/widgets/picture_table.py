"""The list of pictures: a million rows on Textual's line API, drawn from blocks that a thread fetches.

Drawing reads only what is at hand: a row that has not been read yet is an ellipsis until its block arrives.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ClassVar, Final, Self

from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from stillroom.errors import StillroomError
from stillroom.store import PictureRow
from stillroom.tui.actions import bindings
from stillroom.tui.blocks import Blocks, Missing, Request
from stillroom.tui.columns import MARKS, Column, column_at, layout
from stillroom.tui.jumping import Spot
from stillroom.tui.widgets.table_lines import HEADER, SCROLLBAR, TableLines

_WHEEL: Final = 3
"""Rows that a step of the mouse wheel moves."""
MOST_MARKED: Final = 10_000
"""Pictures that can be marked at once: their names become words of a command."""


class PictureTable(Widget, can_focus=True):
    """Rows of pictures with a cursor and marks. It holds ids and a few blocks, never the whole list."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--heading",
        "table--cursor",
        "table--quiet",
        "table--done",
        "table--running",
        "table--failed",
        "table--flagged",
        "table--marked",
    }
    DEFAULT_CSS = """
    PictureTable { height: 1fr; width: 1fr; }
    PictureTable > .table--heading { color: $text-muted; text-style: bold; }
    PictureTable > .table--cursor { background: $surface; color: $foreground; text-style: bold; }
    PictureTable:focus > .table--cursor { background: $primary; color: $background; text-style: bold; }
    PictureTable > .table--quiet { color: $text-muted; }
    PictureTable > .table--done { color: $success; }
    PictureTable > .table--running { color: $accent; }
    PictureTable > .table--failed { color: $error; text-style: bold; }
    PictureTable > .table--flagged { color: $warning; }
    PictureTable > .table--marked { color: $accent; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("table")]

    class Moved(Message):
        """The cursor stands on another picture."""

    class Marked(Message):
        """Other pictures are marked."""

    class Full(Message):
        """More pictures than ``MOST_MARKED`` would be marked: nothing was."""

    class Opened(Message):
        """A row was clicked twice."""

    class HeadingClicked(Message):
        """A heading was clicked."""

        def __init__(self, sort: str) -> None:
            super().__init__()
            self.sort = sort

    class Unread(Message):
        """Rows could not be read."""

        def __init__(self, error: StillroomError) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self,
        fetch: Callable[[Sequence[int]], list[PictureRow]],
        *,
        ascii: bool = False,
        id: str | None = None,
    ) -> None:
        """Make an empty table.

        Args:
            fetch: Reads rows by their ids; called in a thread of the table's own, one call at a time.
            ascii: Draw with ASCII alone.
            id: Of the widget.
        """
        super().__init__(id=id)
        self.blocks: Blocks[PictureRow] = Blocks()
        self.marks: set[int] = set()
        """Ids; they stay marked whatever the list shows."""
        self.cursor = 0
        """Place in the list."""
        self.top = 0
        """Place of the first row that is seen."""
        self.sort = ""
        self._fetch = fetch
        self._pool = ThreadPoolExecutor(1, "rows")
        self._filling = False
        self._left = False
        self._forward = True
        self._lines = TableLines(self, ascii=ascii)

    # What a screen calls.

    def show(self, ids: array[int], cursor: int = 0, *, sort: str = "", keep_scroll: bool = False) -> None:
        """Show a list.

        Args:
            ids: Of the pictures, in order.
            cursor: Where the cursor stands in it.
            sort: What it is sorted by, for the heading.
            keep_scroll: Leave the cursor's line where it is on the screen.
        """
        line = self.cursor - self.top
        self.blocks.show(ids)
        self.sort = sort
        self.cursor = max(0, min(cursor, len(ids) - 1))
        top = self.cursor - line if keep_scroll else self.top
        self._scroll_so_that_cursor_is_seen(top)
        self.refresh()
        self._ask()
        self.post_message(self.Moved())

    @property
    def cursor_id(self) -> int | None:
        """Id of the picture that the cursor is on; None in an empty list."""
        return self.blocks.ids[self.cursor] if self.blocks.ids else None

    @property
    def cursor_row(self) -> PictureRow | None:
        """What is shown of it; None until it has been read."""
        row = self.blocks.row(self.cursor) if self.blocks.ids else Missing.COMING
        return None if isinstance(row, Missing) else row

    def mark_all(self) -> None:
        """Mark everything in the list."""
        if len(self.blocks) > MOST_MARKED or len(every := self.marks.union(self.blocks.ids)) > MOST_MARKED:
            self.post_message(self.Full())
            return
        self.marks = every
        self._marks_changed()

    def unmark_all(self) -> None:
        self.marks.clear()
        self._marks_changed()

    # Drawing.

    @property
    def columns(self) -> tuple[Column, ...]:
        return layout(self.size.width - SCROLLBAR)

    def render_lines(self, crop: Region) -> list[Strip]:
        strips = self._lines.strips(crop.line_range)
        left, right = crop.column_span
        if (left, right) != (0, self.size.width):
            strips = [strip.crop(left, right) for strip in strips]
        return strips

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        if not regions:
            self._lines.forget()
        for region in regions:
            self._lines.forget(region.line_range)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._lines.forget_styles()

    def on_focus(self) -> None:
        self._lines.forget_styles()

    def on_blur(self) -> None:
        self._lines.forget_styles()

    def _refresh_places(self, first: int, last: int) -> None:
        """Draw the lines of some places again, as far as they are on the screen."""
        top = self.top
        start, end = max(first, top), min(last, top + self._rows_seen - 1)
        if start <= end:
            self.refresh(Region(0, start - top + HEADER, self.size.width, end - start + 1))

    # Moving.

    @property
    def _rows_seen(self) -> int:
        return max(1, self.size.height - HEADER)

    def _go(self, place: int, *, top: int | None = None) -> None:
        """Put the cursor somewhere; ``top``: the first row that should be seen."""
        if not self.blocks.ids:
            return
        place = max(0, min(place, len(self.blocks) - 1))
        before, self.cursor = self.cursor, place
        self._forward = place >= before
        self._scroll_so_that_cursor_is_seen(self.top if top is None else top)
        if place != before:
            self._refresh_places(before, before)
            self._refresh_places(place, place)
            self.post_message(self.Moved())
        self._ask()

    def _scroll_so_that_cursor_is_seen(self, top: int) -> None:
        self._scroll(min(max(top, self.cursor - self._rows_seen + 1), self.cursor))

    def _scroll(self, top: int) -> None:
        """Let the rows begin at a place, as far as there are any."""
        top = max(0, min(top, len(self.blocks) - self._rows_seen))
        if top != self.top:
            self._forward = top > self.top
            self.top = top
            self.refresh()

    def action_down(self) -> None:
        self._go(self.cursor + 1)

    def action_up(self) -> None:
        self._go(self.cursor - 1)

    def _page(self, rows: int) -> None:
        self._go(self.cursor + rows, top=self.top + rows)

    def action_page_down(self) -> None:
        self._page(self._rows_seen)

    def action_page_up(self) -> None:
        self._page(-self._rows_seen)

    def action_half_down(self) -> None:
        self._page(self._rows_seen // 2)

    def action_half_up(self) -> None:
        self._page(-(self._rows_seen // 2))

    def action_top(self) -> None:
        self._go(0)

    def action_bottom(self) -> None:
        self._go(len(self.blocks) - 1)

    # Marking.

    def _toggle(self, place: int) -> None:
        id = self.blocks.ids[place]
        if id in self.marks:
            self.marks.discard(id)
        elif len(self.marks) < MOST_MARKED:
            self.marks.add(id)
        else:
            self.post_message(self.Full())
            return
        self._refresh_places(place, place)
        self.post_message(self.Marked())

    def _marks_changed(self) -> None:
        self.refresh()
        self.post_message(self.Marked())

    def action_mark(self) -> None:
        if self.blocks.ids:
            self._toggle(self.cursor)
            self._go(self.cursor + 1)

    def _mark_and_go(self, step: int) -> None:
        if not self.blocks.ids:
            return
        for place in (self.cursor, max(0, min(self.cursor + step, len(self.blocks) - 1))):
            if self.blocks.ids[place] not in self.marks:
                self._toggle(place)
        self._go(self.cursor + step)

    def action_mark_down(self) -> None:
        self._mark_and_go(1)

    def action_mark_up(self) -> None:
        self._mark_and_go(-1)

    def spots(self) -> Iterable[Spot]:
        """The rows that are seen."""

        def go(place: int) -> None:
            self.focus()
            self._go(place)

        last = min(self.top + self._rows_seen, len(self.blocks))
        for line, place in enumerate(range(self.top, last), HEADER):
            yield Spot(self.region.offset + Offset(0, line), partial(go, place))

    # Mouse and size.

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if event.y < HEADER:
            column = column_at(self.columns, event.x)
            if column is not None and column.sort:
                self.post_message(self.HeadingClicked(column.sort))
            return
        place = event.y - HEADER + self.top
        if place >= len(self.blocks):
            return
        if event.x >= self.size.width - SCROLLBAR:
            share = (event.y - HEADER) / max(1, self._rows_seen - 1)
            self._go(round(share * (len(self.blocks) - 1)))
            return
        self._go(place)
        if event.x < MARKS:
            self._toggle(place)
        elif event.chain == 2:
            self.post_message(self.Opened())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll(self.top + _WHEEL)
        self._ask()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll(self.top - _WHEEL)
        self._ask()

    def on_resize(self) -> None:
        self._scroll_so_that_cursor_is_seen(self.top)
        self._ask()

    # Fetching.

    def _ask(self) -> None:
        """See to it that what is on the screen, and the next block, get read."""
        if self._filling or self._left or not self.is_attached:
            return
        request = self._wanted()
        if request is not None:
            self._filling = True
            self.run_worker(self._fill(request), group="blocks")

    def _wanted(self) -> Request | None:
        if self._left:
            return None
        top = self.top
        return self.blocks.wanted(top, top + self._rows_seen - 1, self._forward)

    async def _fill(self, first: Request) -> None:
        """Read one block after the other: always the one that is needed most by the time it is asked for."""
        loop = asyncio.get_running_loop()
        request: Request | None = first
        try:
            while request is not None:
                rows = await loop.run_in_executor(self._pool, self._fetch, request.ids)
                places = self.blocks.arrived(request, rows)
                if places:
                    self._refresh_places(places[0], places[-1])
                    if self.cursor in places:
                        self.post_message(self.Moved())
                request = self._wanted()
        except StillroomError as error:
            self.post_message(self.Unread(error))
        finally:
            self._filling = False

    async def on_unmount(self) -> None:
        self._left = True
        # A connection must not be closed under a thread that is reading from it.
        await asyncio.to_thread(self._pool.shutdown)

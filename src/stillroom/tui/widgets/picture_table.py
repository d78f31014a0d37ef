"""The list of pictures: a million rows on Textual's line API, drawn from blocks that a thread fetches.

Drawing reads only what is at hand: a row that has not been read yet is an ellipsis until its block arrives.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, Final, Self

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from stillroom.errors import StillroomError
from stillroom.store import PictureRow
from stillroom.tui.actions import bindings
from stillroom.tui.blocks import Blocks, Missing, Request
from stillroom.tui.cells import ASCII_SYMBOLS, SYMBOLS, Symbols
from stillroom.tui.columns import MARKS, Column, column_at, heading, layout
from stillroom.tui.row_lines import row_segments, thumb

_HEADER: Final = 1
"""Lines above the rows."""
_SCROLLBAR: Final = 2
"""Cells on the right where the place in the list is drawn."""
_WHEEL: Final = 3
"""Rows that a step of the mouse wheel moves."""
_NARROWEST: Final = 20
"""Cells below which nothing is drawn."""
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
        self._ascii = ascii
        self._symbols: Symbols = ASCII_SYMBOLS if ascii else SYMBOLS
        self._pool = ThreadPoolExecutor(1, "rows")
        self._filling = False
        self._left = False
        self._forward = True
        self._tones: dict[str, Style] = {}
        self._lines: dict[int, Strip] = {}
        self._lines_for = (0, 0)

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

    def mark_all(self) -> bool:
        """Mark everything in the list; False when that is too much."""
        if len(self.marks) + len(self.blocks) > MOST_MARKED:
            return False
        self.marks.update(self.blocks.ids)
        self._marks_changed()
        return True

    def unmark_all(self) -> None:
        self.marks.clear()
        self._marks_changed()

    # Drawing: reads what is at hand, waits for nothing. Textual's own cache of styled lines is left aside: it
    # costs as much again as the lines themselves.

    @property
    def columns(self) -> tuple[Column, ...]:
        return layout(self.size.width - _SCROLLBAR)

    def render_lines(self, crop: Region) -> list[Strip]:
        width, height = self.size
        if (width, height) != self._lines_for:
            self._lines_for = (width, height)
            self._lines.clear()
        missing = [y for y in crop.line_range if y not in self._lines]
        if missing:
            self._draw(missing, width, height)
        strips = [self._lines[y] for y in crop.line_range]
        left, right = crop.column_span
        if (left, right) != (0, width):
            strips = [strip.crop(left, right) for strip in strips]
        return strips

    def _draw(self, lines: Sequence[int], width: int, height: int) -> None:
        """Draw some lines of the widget, counted from its upper edge."""
        columns = layout(width - _SCROLLBAR) if width >= _NARROWEST else ()
        moved = thumb(height - _HEADER, len(self.blocks), self.top)
        plain, quiet = self._tone("plain"), self._tone("quiet")
        bar = Segment(" #" if self._ascii else " ▐", quiet)
        nothing = Segment(" " * _SCROLLBAR, plain)
        for y in lines:
            place = y - _HEADER + self.top
            if not columns or place >= len(self.blocks):
                self._lines[y] = Strip.blank(width, plain)
            elif y < _HEADER:
                text = heading(columns, self.sort, self._symbols)
                self._lines[y] = Strip([Segment(text + nothing.text, self._tone("heading"))], width)
            else:
                segments = row_segments(
                    self.blocks.row(place),
                    columns,
                    width - _SCROLLBAR,
                    self._symbols,
                    self._tone,
                    at_cursor=place == self.cursor,
                    marked=self.blocks.ids[place] in self.marks,
                )
                segments.append(bar if y - _HEADER in moved else nothing)
                self._lines[y] = Strip(segments, width)
            if self._ascii:
                self._lines[y] = self._filtered(self._lines[y])

    def _tone(self, name: str) -> Style:
        """A style as it goes to the terminal, with what filters (no colours, say) make of it."""
        style = self._tones.get(name)
        if style is None:
            style = self.rich_style if name == "plain" else self.get_component_rich_style(f"table--{name}")
            ground = self.background_colors[1]
            for line_filter in self.get_line_filters():
                style = line_filter.apply([Segment("x", style)], ground)[0].style or style
            self._tones[name] = style
        return style

    def _filtered(self, strip: Strip) -> Strip:
        """What becomes of names and keywords where the terminal promises no more than ASCII."""
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, self.background_colors[1])
        return strip

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        if not regions:
            self._lines.clear()
        for region in regions:
            for y in region.line_range:
                self._lines.pop(y, None)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._forget_styles()

    def on_focus(self) -> None:
        self._forget_styles()

    def on_blur(self) -> None:
        self._forget_styles()

    def _forget_styles(self) -> None:
        self._tones.clear()
        self._lines.clear()

    def _refresh_places(self, first: int, last: int) -> None:
        """Draw the lines of some places again, as far as they are on the screen."""
        top = self.top
        start, end = max(first, top), min(last, top + self._rows_seen - 1)
        if start <= end:
            self.refresh(Region(0, start - top + _HEADER, self.size.width, end - start + 1))

    # Moving.

    @property
    def _rows_seen(self) -> int:
        return max(1, self.size.height - _HEADER)

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

    # Mouse and size.

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if event.y < _HEADER:
            column = column_at(self.columns, event.x)
            if column is not None and column.sort:
                self.post_message(self.HeadingClicked(column.sort))
            return
        place = event.y - _HEADER + self.top
        if place >= len(self.blocks):
            return
        if event.x >= self.size.width - _SCROLLBAR:
            share = (event.y - _HEADER) / max(1, self._rows_seen - 1)
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

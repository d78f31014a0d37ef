"""One picture beside a list: the picture itself, and all that is known of it in words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from stillroom.errors import StillroomError
from stillroom.steps.browsing import PictureDetail
from stillroom.tui.details import detail_sheet
from stillroom.tui.viewing import Viewing
from stillroom.tui.widgets.picture import Picture

_NARROWEST = 20
"""Cells that words are given at least."""


class Beside(Horizontal):
    """The list and the picture; covered all over, so that nothing of its own is drawn."""

    BLANK = True


class PicturePane(Vertical):
    """Shows the picture that was asked for last; what is asked for while one is read is read next."""

    class Unread(Message):
        """A picture's facts could not be read."""

        def __init__(self, error: StillroomError) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self, read: Callable[[int], PictureDetail | None], viewing: Viewing, *, id: str | None = None
    ) -> None:
        """Make an empty pane.

        Args:
            read: Gathers what is known of a picture, by its id; called in a thread, one call at a time.
            viewing: How pictures are drawn.
            id: Of the widget.
        """
        super().__init__(id=id)
        self.reading = False
        self._read = read
        self._viewing = viewing
        self._wanted: tuple[int, int] | None = None
        self._shown: tuple[int, int] | None = None
        self._neighbours: tuple[str, ...] = ()
        self._detail: PictureDetail | None = None
        self._painted: tuple[PictureDetail, int] | None = None

    def compose(self) -> Iterable[Widget]:
        yield Picture(self._viewing, id="picture")
        with VerticalScroll(id="words", can_focus=False):
            yield Static("", id="detail", markup=False)

    def show(self, id: int | None, version: int, neighbours: Sequence[str]) -> None:
        """Show a picture.

        Args:
            id: Its id; None: leave what is shown.
            version: Grows when something may have changed, so that it is read again.
            neighbours: Pictures that may be shown next, by path.
        """
        self._wanted = None if id is None else (id, version)
        self._neighbours = tuple(neighbours)
        self._go_on()

    def _go_on(self) -> None:
        if not self.reading and self._wanted is not None and self._wanted != self._shown:
            self.reading = True
            self._shown = self._wanted
            self.run_worker(self._take(self._wanted[0]), group="detail")

    async def _take(self, id: int) -> None:
        try:
            detail = await asyncio.to_thread(self._read, id)
        except StillroomError as error:
            self.post_message(self.Unread(error))
        else:
            if detail is not None and self.is_attached:
                self._paint(detail)
        finally:
            self.reading = False
        if self.is_attached:
            self._go_on()

    def _paint(self, detail: PictureDetail) -> None:
        row = detail.row
        self._detail = detail
        self.query_one(Picture).show(row.path if row.flag is None else None, self._neighbours)
        self._paint_words()

    def on_resize(self) -> None:
        # What was read before the pane was laid out, or at another width, is wrapped now.
        self._paint_words()

    def _paint_words(self) -> None:
        words = self.query_one("#words", VerticalScroll)
        detail, width = self._detail, words.scrollable_content_region.width
        if detail is None or not width or self._painted == (detail, width):
            return
        if self._painted is None or self._painted[0].row.id != detail.row.id:
            words.scroll_home(animate=False)
        self._painted = (detail, width)
        self.query_one("#detail", Static).update(detail_sheet(detail, max(_NARROWEST, width)).content)

    def scroll_words(self, pages: int) -> None:
        """Show more of what is said of the picture: pages down, or up when negative."""
        words = self.query_one("#words", VerticalScroll)
        words.scroll_relative(y=pages * max(1, words.scrollable_content_region.height - 1), animate=False)

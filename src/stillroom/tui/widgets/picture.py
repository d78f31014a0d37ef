"""A picture on a screen, drawn with characters, or with a terminal's own pixels where that is configured."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from stillroom.pictures.thumbnails import Box, Thumbnail
from stillroom.steps.showing import NotShown, Shown
from stillroom.tui.cells import cell_len, fit, symbols, wrap
from stillroom.tui.widgets.pixels import Drawing, box_for, draw, drawing_for

if TYPE_CHECKING:
    from stillroom.tui.viewing import Viewing

_SETTLED_SECONDS = 0.12
"""A terminal that is being resized says so many times; the picture is asked for after the last of them."""
_GRAPHICS = ("kitty", "sixel")


class Picture(Widget):
    """One picture, as large as the widget allows, centred; with the class ``-top`` at the top.

    Whoever shows it says which may come next: they are decoded before they are asked for.
    """

    DEFAULT_CSS = """
    Picture { align: center middle; }
    Picture.-top { align: center top; }
    """

    class Developed(Message):
        """A thumbnail has come."""

        def __init__(self, key: str, box: Box) -> None:
            super().__init__()
            self.key = key
            self.box = box

    def __init__(self, viewing: Viewing, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.viewing = viewing
        self.key: str | None = None
        self._about = ""
        self._neighbours: tuple[str, ...] = ()
        self._box: Box | None = None
        self._drawn: tuple[object, ...] = ()
        self._lines: list[Strip] = []
        self._pixels: Widget | None = None
        self._settling: Timer | None = None

    def show(self, key: str | None, neighbours: Sequence[str] = (), *, about: str = "") -> None:
        """Show a picture.

        Args:
            key: Its path below the folder of the pictures; None: nothing.
            neighbours: Which may be shown next, the likeliest first.
            about: One line that stands in its place when pictures are off; without it the key does.
        """
        self.key, self._neighbours, self._about = key, tuple(neighbours), about
        self._ask()

    @property
    def lines(self) -> list[str]:
        """What is drawn, without its colours."""
        return [line.text for line in self._lines]

    # A viewer: told by the shelf, in any thread, and by the switch.

    def developed(self, key: str, box: Box) -> None:
        """A thumbnail has come."""
        if key == self.key:
            self.post_message(self.Developed(key, box))

    def look_again(self) -> None:
        """Pictures were switched on or off."""
        self._ask()

    # What Textual tells.

    def on_mount(self) -> None:
        self.viewing.join(self)
        self.app.theme_changed_signal.subscribe(self, lambda _: self._ask())
        if self.viewing.way in _GRAPHICS:
            self.run_worker(self._take_up_pixels(self.viewing.way))

    def on_unmount(self) -> None:
        self.viewing.leave(self)

    def on_resize(self, event: events.Resize) -> None:
        if self._box is None:
            self._ask()
            return
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(_SETTLED_SECONDS, self._ask)

    def on_picture_developed(self, message: Developed) -> None:
        message.stop()
        if message.key == self.key and message.box == self._box:
            self._ask()

    # Asking and drawing.

    def _ask(self) -> None:
        """Ask for the picture as large as it is wanted now, and draw what there is."""
        columns, lines = self.size
        if not columns or not lines:
            return
        if self.key is None or not self.viewing.shown:
            self._draw(None, None)
            return
        self._box = self._wanted_box(columns, lines)
        shown = self.viewing.shelf.want(self.key, self._box)
        self.viewing.shelf.ahead(self._neighbours, self._box)
        self._draw(shown, self._box)

    def _wanted_box(self, columns: int, lines: int) -> Box:
        ground = self.background_colors[1].rgb
        if self._pixels is None:
            return box_for(columns, lines, self._drawing, self.viewing.cell, ground)
        width, height = self.viewing.cell
        return Box(columns * width, lines * height, 1.0, ground)

    @property
    def _drawing(self) -> Drawing:
        app = self.app
        return drawing_for(
            app.console.color_system, no_color=app.no_color, ascii_only=self.viewing.ascii_only
        )

    def _draw(self, shown: Shown | None, box: Box | None) -> None:
        said = "" if isinstance(shown, Thumbnail) else self._words(shown)
        drawn = (shown, box, said, self.size, self.rich_style)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        if self._pixels is not None:
            self._give_pixels(self._pixels, shown if isinstance(shown, Thumbnail) else None)
        if not isinstance(shown, Thumbnail) or box is None:
            self._lines = self._said(said)
        elif self._pixels is not None:
            self._lines = []
        else:
            self._lines = draw(
                shown,
                self._drawing,
                box.ground,
                dark=self.app.current_theme.dark,
                columns=self.size.width,
                around=self.rich_style,
            )
        self.refresh()

    def _words(self, shown: NotShown | None) -> str:
        """What stands where there is no picture."""
        if self.key is None:
            return ""
        if not self.viewing.shown:
            return self._about or self.key
        marks = symbols(self.viewing.ascii_only)
        return marks.more if shown is None else f"{marks.failed} {shown.reason}"

    def _said(self, text: str) -> list[Strip]:
        width = self.size.width
        style = self.rich_style
        more = symbols(self.viewing.ascii_only).more
        if not self.viewing.shown:
            lines = [fit(text, width, cut="middle", more=more).rstrip()]
        else:
            lines = wrap(text, width)[: self.size.height]
        centred = [" " * ((width - cell_len(line)) // 2) + line for line in lines]
        return [Strip([Segment(fit(line, width), style)], width) for line in centred]

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region; what was drawn is only cut here, never drawn again."""
        width, height = self.size
        above = height - len(self._lines)
        top = 0 if self.styles.align_vertical == "top" else max(0, above // 2)
        blank = Strip.blank(width, self.rich_style)
        found: list[Strip] = []
        filters = self.get_line_filters()
        background = self.background_colors[1]
        for y in crop.line_range:
            line = self._lines[y - top] if 0 <= y - top < len(self._lines) else blank
            if line.cell_length != width:  # it is being resized
                line = line.adjust_cell_length(width, self.rich_style)
            for each in filters:
                line = line.apply_filter(each, background)
            found.append(line if crop.column_span == (0, width) else line.crop(*crop.column_span))
        return found

    # The terminal's own pixels.

    async def _take_up_pixels(self, way: str) -> None:
        from stillroom.tui.widgets import graphics

        try:
            kind = await asyncio.to_thread(graphics.load, way, self.viewing.cell)
        except graphics.NoGraphics as error:
            if self.viewing.way == way:  # else another picture has said it
                self.viewing.way = "halfblocks"
                self.notify(f"{error} Half-blocks are used.", severity="warning", markup=False)
            return
        self._pixels = kind()
        await self.mount(self._pixels)
        self._ask()

    def _give_pixels(self, widget: Widget, picture: Thumbnail | None) -> None:
        from stillroom.tui.widgets import graphics

        widget.display = picture is not None
        if picture is not None:
            width, height = self.viewing.cell
            widget.styles.width = max(1, -(-picture.width // width))
            widget.styles.height = max(1, -(-picture.height // height))
        graphics.put(widget, picture)

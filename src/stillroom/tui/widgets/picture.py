"""A picture on a screen, drawn with characters, or with a terminal's own pixels where that is configured."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
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
_DRAWN_SECONDS = 0.02
"""After so long the screen has been drawn; shorter than the time between two repeats of a held key."""
_GRAPHICS = ("kitty", "sixel")
_MOST_READY = 6
"""Pictures whose lines are kept: this one, its neighbours, and those just left."""


@dataclass(frozen=True, slots=True)
class _Ink:
    """All that decides how pixels become lines, besides the box."""

    drawing: Drawing
    dark: bool
    columns: int
    around: Style

    def draw(self, shown: Thumbnail, box: Box) -> list[Strip]:
        """Lines of a picture."""
        return draw(shown, self.drawing, box.ground, dark=self.dark, columns=self.columns, around=self.around)


@dataclass(frozen=True, slots=True)
class _Drawn:
    shown: Thumbnail
    box: Box
    ink: _Ink
    lines: list[Strip]


class Picture(Widget):
    """One picture, as large as the widget allows, centred; with the class ``-top`` at the top.

    Whoever shows it says which may come next: they are decoded before they are asked for.
    """

    DEFAULT_CSS = """
    Picture { align: center middle; }
    Picture.-top { align: center top; }
    Picture.-off { height: 1; }
    """

    class Developed(Message):
        """A thumbnail has come."""

        def __init__(self, key: str, box: Box, drawn: _Drawn | None) -> None:
            super().__init__()
            self.key = key
            self.box = box
            self.drawn = drawn

    def __init__(self, viewing: Viewing, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.viewing = viewing
        self.key: str | None = None
        self._about = ""
        self._neighbours: tuple[str, ...] = ()
        self._box: Box | None = None
        self._drawn: tuple[object, ...] = ()
        self._ink: _Ink | None = None
        self._ready: OrderedDict[str, _Drawn] = OrderedDict()
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
        if self._ink is None or self._box is None or key is None or not self.viewing.shown:
            self._ask()
        else:
            self._ask_for(key, self._box)

    @property
    def lines(self) -> list[str]:
        """What is drawn, without its colours."""
        return [line.text for line in self._lines]

    # A viewer: told by the shelf, in any thread, and by the switch.

    def developed(self, key: str, box: Box) -> None:
        """A thumbnail has come. It is drawn in the thread that tells, so that the screen need not wait."""
        ink = self._ink
        if ink is None or box != self._box or (key != self.key and key not in self._neighbours):
            return
        shown = self.viewing.shelf.want(key, box)
        drawn = None
        if isinstance(shown, Thumbnail) and self._pixels is None:
            drawn = _Drawn(shown, box, ink, ink.draw(shown, box))
            for line in drawn.lines:
                line.render(self.app.console)  # the line keeps what the terminal is sent
        self.post_message(self.Developed(key, box, drawn))

    def look_again(self) -> None:
        """Pictures were switched on or off."""
        self.set_class(not self.viewing.shown, "-off")
        self._ask()

    # What Textual tells.

    def on_mount(self) -> None:
        self.viewing.join(self)
        self.set_class(not self.viewing.shown, "-off")
        self.app.theme_changed_signal.subscribe(self, lambda _: self._ask())
        self._ask()
        if self.viewing.way in _GRAPHICS:
            self.run_worker(self._take_up_pixels(self.viewing.way))

    def on_unmount(self) -> None:
        self.viewing.leave(self)

    def notify_style_update(self) -> None:
        """A theme that was changed on another screen reaches this one when it is shown again."""
        super().notify_style_update()
        if self._ink is not None:
            self.call_next(self._follow_style)  # when those around it have theirs

    def _follow_style(self) -> None:
        if self._ink is not None and self._ink.around != self.rich_style:
            self._ask()

    def on_resize(self, event: events.Resize) -> None:
        if self._box is None:
            self._ask()
            return
        self._ink = None
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(_SETTLED_SECONDS, self._ask)

    def on_picture_developed(self, message: Developed) -> None:
        message.stop()
        if message.drawn is not None:
            self._keep(message.key, message.drawn)
        if message.key == self.key and message.box == self._box:
            self._ask()

    # Asking and drawing.

    def _ask(self) -> None:
        """Ask for the picture as large as it is wanted now, and draw what there is."""
        columns, lines = self.size
        self._ink = None
        if not columns or not lines:
            return
        if self.key is None or not self.viewing.shown:
            self._draw(None, None)
            return
        self._box = self._wanted_box(columns, lines)
        self._ink = _Ink(self._drawing, self.app.current_theme.dark, columns, self.rich_style)
        self._ask_for(self.key, self._box)

    def _ask_for(self, key: str, box: Box) -> None:
        self._draw(self.viewing.shelf.want(key, box), box)
        # Threads that decode hold up the very screen that is about to be drawn: they begin after it.
        self.set_timer(_DRAWN_SECONDS, self._prepare)

    def _prepare(self) -> None:
        box, ink = self._box, self._ink
        if box is not None and ink is not None:
            undrawn = [key for key in self._neighbours if not self._is_ready(key, box, ink)]
            self.viewing.shelf.ahead(self._neighbours, box, () if self._pixels is not None else undrawn)

    def _is_ready(self, key: str, box: Box, ink: _Ink) -> bool:
        ready = self._ready.get(key)
        return ready is not None and (ready.box, ready.ink) == (box, ink)

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
        drawn = (shown, box, said, self._ink, self.size)
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
            self._lines = self._drawn_lines(shown, box)
        self.refresh()

    def _drawn_lines(self, shown: Thumbnail, box: Box) -> list[Strip]:
        ink, key = self._ink, self.key
        if ink is None or key is None:
            return []
        ready = self._ready.get(key)
        if ready is None or ready.shown is not shown or (ready.box, ready.ink) != (box, ink):
            ready = _Drawn(shown, box, ink, ink.draw(shown, box))
        self._keep(key, ready)
        return ready.lines

    def _keep(self, key: str, drawn: _Drawn) -> None:
        self._ready[key] = drawn
        self._ready.move_to_end(key)
        while len(self._ready) > _MOST_READY:
            self._ready.popitem(last=False)

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
        around = self._ink.around if self._ink is not None else self.rich_style
        blank = Strip.blank(width, around)
        found: list[Strip] = []
        filters = self.get_line_filters()
        background = self.background_colors[1]
        for y in crop.line_range:
            line = self._lines[y - top] if 0 <= y - top < len(self._lines) else blank
            if line.cell_length != width:  # it is being resized
                line = line.adjust_cell_length(width, around)
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

"""Lines of text that change often: those that differ are drawn again, and only a new height is laid out."""

from __future__ import annotations

from collections.abc import Sequence

from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.geometry import Region, Size, Spacing
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from stillroom.tui.cells import MORE
from stillroom.tui.sheet import Sheet

Pieces = tuple[tuple[str, str], ...]
_MOST_STRIPS = 400
"""Lines that are kept ready; a screen has some forty, its neighbours as many."""


class Terse(Strip):
    """A strip that sends a colour only where it changes; Textual sends every style whole, and resets it."""

    __slots__ = ()

    def render(self, console: Console) -> str:
        """What the terminal is sent."""
        if self._render_cache is None:
            system = console._color_system or ColorSystem.TRUECOLOR
            parts: list[str] = []
            before: tuple[str, str, str] = ("", "", "")
            for text, style, _ in self._segments:
                now = _codes(style, system) if style is not None else ("", "", "")
                if now != before:
                    kept = now[0] == before[0] and all(now[1:])
                    changed = [code for code, old in zip(now, before, strict=True) if code and code != old]
                    codes = changed if kept else ["0", *filter(None, now)]
                    parts.append(f"\x1b[{';'.join(codes)}m")
                    before = now
                parts.append(text)
            if any(before):
                parts.append("\x1b[0m")
            self._render_cache = "".join(parts)
        return self._render_cache


def _codes(style: RichStyle, system: ColorSystem) -> tuple[str, str, str]:
    """SGR codes of attributes, letter and ground."""
    letter = ";".join(style.color.downgrade(system).get_ansi_codes()) if style.color else ""
    ground = ";".join(style.bgcolor.downgrade(system).get_ansi_codes(False)) if style.bgcolor else ""
    every = Strip.render_ansi(style, system)
    attributes = every.removesuffix(ground).removesuffix(";").removesuffix(letter).removesuffix(";")
    return attributes, letter, ground


class Lines(Widget):
    """Shows prepared lines from the top of its region; what is wider or more than fits is cut.

    A Static would lay out and style every line again at each key press. What comes in here has been wrapped
    and made safe already. It is as high as its lines are many unless the style sheet says how high.
    """

    DEFAULT_CSS = "Lines { width: 1fr; height: auto; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._pieces: list[Pieces] = []
        self._strips: dict[Pieces, Strip] = {}
        self._styles: dict[str, RichStyle] = {}

    def show(self, lines: Sequence[Sheet]) -> None:
        """Show these lines in place of those before."""
        before, self._pieces = self._pieces, [line.pieces for line in lines]
        changed = [
            row
            for row in range(max(len(before), len(self._pieces)))
            if before[row : row + 1] != self._pieces[row : row + 1]
        ]
        if len(before) != len(self._pieces) and self.styles.is_auto_height:
            self.refresh(layout=True)
        elif changed:
            # Counted from the content. A whole line is drawn as it was made ready, a part is cut anew.
            left, width = -self.gutter.left, self.outer_size.width
            self.refresh(*(Region(left, row, width, 1) for row in changed))

    def prepare(self, lines: Sequence[Sheet]) -> None:
        """Make ready what may be shown next, as far as it will be sent to the terminal."""
        width, gutter, console = self.size.width, self.gutter, self.app.console
        for line in lines:
            self._strip(line.pieces, width, gutter).render(console)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows that its lines take."""
        return len(self._pieces)

    @property
    def text(self) -> str:
        """What is shown, without styles."""
        return "\n".join("".join(text for text, _ in line) for line in self._pieces)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._forget()

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._forget())

    def _forget(self) -> None:
        self._styles.clear()
        self._strips.clear()
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region: padding, text, padding, put together once and kept."""
        # Asked for once: Textual reckons both anew each time.
        size, gutter = self.size, self.gutter
        width, top = size.width + gutter.width, gutter.top
        count = min(len(self._pieces), size.height)
        blank = Strip.blank(width, self._style(""))
        found = []
        for y in crop.line_range:
            row = y - top
            strip = self._strip(self._pieces[row], size.width, gutter) if 0 <= row < count else blank
            found.append(strip if crop.column_span == (0, width) else strip.crop(*crop.column_span))
        return found

    def _strip(self, pieces: Pieces, width: int, gutter: Spacing) -> Strip:
        """A line with the padding around it, filtered as this terminal wants it."""
        strip = self._strips.get(pieces)
        whole = gutter.width + width
        if strip is not None and strip.cell_length == whole:
            self._strips[pieces] = self._strips.pop(pieces)  # the least used goes first
            return strip
        around = self._style("")
        text = Strip([Segment(text, self._style(style)) for text, style in pieces if text])
        if text.cell_length > width > 0:
            text = Strip([*text.crop(0, width - 1), Segment(MORE, around)])
        strip = Strip(
            [
                *([Segment(" " * gutter.left, around)] if gutter.left else []),
                *text.adjust_cell_length(width, around),
                *([Segment(" " * gutter.right, around)] if gutter.right else []),
            ],
            whole,
        )
        for each in self.get_line_filters():
            strip = strip.apply_filter(each, self.background_colors[1])
        strip = Terse(strip, whole)
        while len(self._strips) >= _MOST_STRIPS:
            self._strips.pop(next(iter(self._strips)))
        self._strips[pieces] = strip
        return strip

    def _style(self, name: str) -> RichStyle:
        style = self._styles.get(name)
        if style is None:
            parsed = Style.parse(name, self.app.theme_variables) if name else Style.null()
            style = self._styles[name] = (self.visual_style + parsed).rich_style
        return style

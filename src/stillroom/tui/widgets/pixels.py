"""Pixels drawn with characters: half-blocks, coloured cells, or a ramp of grey characters.

Pure: a thumbnail in, lines out. Which of the three is drawn depends on what the terminal can show.
"""

from __future__ import annotations

from enum import Enum

from rich.color import Color, ColorSystem, ColorType
from rich.color_triplet import ColorTriplet
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as TextualColor
from textual.filter import ANSIToTruecolor, LineFilter
from textual.strip import Strip

from stillroom.pictures.thumbnails import Box, Colour, Thumbnail

_RAMP = " .:-=+*#%@"
"""From nothing to dense: the grey of a cell where there are no colours."""
_ALIKE = 4
"""Colours that differ by no more in each of red, green and blue (0–255) are drawn as one."""
_NO_COLOUR = (-99, -99, -99)
CELL = (1, 2)
"""Shape of a terminal's cell when it does not tell: half as wide as high."""


class Drawing(Enum):
    """How a picture becomes characters."""

    BLOCKS = "blocks"
    """Two pixels a cell: its upper half in the colour of the letter, its lower in that of the ground."""
    CELLS = "cells"
    """One pixel a cell, for terminals that have colours and no block characters."""
    RAMP = "ramp"
    """One pixel a cell, as a denser or thinner character, for terminals without colours."""


def drawing_for(color_system: str | None, *, no_color: bool, ascii_only: bool) -> Drawing:
    """What suits a terminal.

    Args:
        color_system: As Rich names it: ``truecolor``, ``256``, ``standard``, ``windows``; None: no colours.
        no_color: The user wants none.
        ascii_only: The locale promises no more than ASCII.
    """
    if no_color or color_system not in ("truecolor", "256"):
        return Drawing.RAMP  # sixteen colours make a carnival of a photograph
    return Drawing.CELLS if ascii_only else Drawing.BLOCKS


def box_for(columns: int, lines: int, drawing: Drawing, cell: tuple[int, int], ground: Colour) -> Box:
    """The box of pixels that so many cells are.

    Args:
        columns: Cells across, 1 or more.
        lines: Cells down, 1 or more.
        drawing: How they are drawn.
        cell: Width and height of a cell, in any unit.
        ground: Shines through where a picture is transparent.
    """
    down = 2 if drawing is Drawing.BLOCKS else 1
    return Box(columns, lines * down, cell[0] * down / cell[1], ground)


def draw(
    picture: Thumbnail, drawing: Drawing, ground: Colour, *, dark: bool, columns: int, around: Style
) -> list[Strip]:
    """Lines of a picture, centred.

    Args:
        picture: Its pixels, made for a box of :func:`box_for`.
        drawing: How.
        ground: What is below the last line when the picture ends in the middle of a cell.
        dark: The terminal writes light on dark: a dense character is light.
        columns: Cells of a line, as many as the picture has pixels or more.
        around: Style of the cells left and right of the picture.
    """
    width, rgb = picture.width, picture.rgb
    left = max(0, columns - width) // 2
    margins = (left, max(0, columns - width - left), around)
    row = 3 * width
    if drawing is Drawing.BLOCKS:
        if picture.height % 2:
            rgb += bytes(ground) * width
        return [HalfBlocks(rgb[start : start + row], rgb[start + row : start + 2 * row], margins)
                for start in range(0, len(rgb), 2 * row)]  # fmt: skip
    lines = [rgb[start : start + row] for start in range(0, len(rgb), row)]
    if drawing is Drawing.CELLS:
        return [_strip(_cells(line, width), width, margins) for line in lines]
    ramp = _RAMP if dark else _RAMP[::-1]
    return [_strip([Segment(_greys(line, ramp), around)], width, margins) for line in lines]


_Margins = tuple[int, int, Style]


class HalfBlocks(Strip):
    """A line of half-blocks, two rows of pixels.

    Nearly every cell has colours of its own. Made of segments and styles, as other lines are, a picture would
    cost more than all the rest of the screen; so what a truecolor terminal is sent is put together from the
    pixels, and segments are made only for whoever cuts, filters or looks at the line.
    """

    __slots__ = ("_lower", "_made", "_margins", "_upper")

    def __init__(self, upper: bytes, lower: bytes, margins: _Margins) -> None:
        self._upper = upper
        self._lower = lower
        self._margins = margins
        self._made: list[Segment] | None = None
        super().__init__((), margins[0] + len(upper) // 3 + margins[1])
        self._made = None

    @property
    def _segments(self) -> list[Segment]:
        if self._made is None:
            width = len(self._upper) // 3
            self._made = list(_strip(_halves(self._upper, self._lower), width, self._margins))
        return self._made

    @_segments.setter
    def _segments(self, segments: list[Segment]) -> None:
        self._made = segments

    def apply_filter(self, filter: LineFilter, background: TextualColor) -> Strip:
        """The same line where the filter has nothing to change."""
        # It gives ANSI colours their values; here is none.
        return self if isinstance(filter, ANSIToTruecolor) else super().apply_filter(filter, background)

    def render(self, console: Console) -> str:
        """What the terminal is sent."""
        if console.color_system != "truecolor":
            return super().render(console)
        if self._render_cache is None:
            left, right, around = self._margins
            self._render_cache = (
                self.render_style(around, " " * left, ColorSystem.TRUECOLOR)
                + _sequences(self._upper, self._lower)
                + self.render_style(around, " " * right, ColorSystem.TRUECOLOR)
            )
        return self._render_cache


def _sequences(upper: bytes, lower: bytes) -> str:
    """What draws the line with the fewest bytes: a line to a far terminal is slow, and a picture is long.

    A colour that nobody could tell from the one in force is not sent anew, and where letter and ground have
    the right colours the wrong way round the lower half-block is drawn instead of the upper one.
    """
    parts: list[str] = []
    letter = ground = _NO_COLOUR
    rows = (upper[::3], upper[1::3], upper[2::3], lower[::3], lower[1::3], lower[2::3])
    for r, g, b, low_r, low_g, low_b in zip(*rows, strict=True):
        over, under = (r, g, b), (low_r, low_g, low_b)
        if _alike(over, under):
            if _alike(over, letter) and _alike(under, letter):
                parts.append("█")
                continue
            if not (_alike(over, ground) and _alike(under, ground)):
                ground = over
                parts.append(f"\x1b[48;2;{r};{g};{b}m")
            parts.append(" ")
            continue
        block = "▀"
        # Booleans count: how many of the two colours are in force already.
        if _alike(under, letter) + _alike(over, ground) > _alike(over, letter) + _alike(under, ground):
            over, under, block = under, over, "▄"
        if not _alike(over, letter):
            letter = over
            parts.append(f"\x1b[38;2;{over[0]};{over[1]};{over[2]}m")
        if not _alike(under, ground):
            ground = under
            parts.append(f"\x1b[48;2;{under[0]};{under[1]};{under[2]}m")
        parts.append(block)
    parts.append("\x1b[0m")
    return "".join(parts)


def _alike(one: Colour, other: Colour) -> bool:
    return (
        -_ALIKE <= one[0] - other[0] <= _ALIKE
        and -_ALIKE <= one[1] - other[1] <= _ALIKE
        and -_ALIKE <= one[2] - other[2] <= _ALIKE
    )


def _strip(segments: list[Segment], width: int, margins: _Margins) -> Strip:
    left, right, around = margins
    return Strip(
        [
            *([Segment(" " * left, around)] if left else []),
            *segments,
            *([Segment(" " * right, around)] if right else []),
        ],
        left + width + right,
    )


def _halves(upper: bytes, lower: bytes) -> list[Segment]:
    return [
        Segment("▀", Style.from_color(_colour(upper[at : at + 3]), _colour(lower[at : at + 3])))
        for at in range(0, len(upper), 3)
    ]


def _cells(rgb: bytes, width: int) -> list[Segment]:
    colours = [_colour(rgb[start : start + 3]) for start in range(0, 3 * width, 3)]
    return [Segment(" ", Style.from_color(None, colour)) for colour in colours]


def _colour(rgb: bytes) -> Color:
    return Color("", ColorType.TRUECOLOR, triplet=ColorTriplet(*rgb))


def _greys(rgb: bytes, ramp: str) -> str:
    # Rec. 601: what the eye makes of the three.
    return "".join(
        ramp[(299 * rgb[at] + 587 * rgb[at + 1] + 114 * rgb[at + 2]) * len(ramp) // 256_000]
        for at in range(0, len(rgb), 3)
    )

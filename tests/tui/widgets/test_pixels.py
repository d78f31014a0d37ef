import random
import re

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.style import Style

from stillroom.pictures.thumbnails import Thumbnail
from stillroom.tui.widgets.pixels import CELL, Drawing, box_for, draw, drawing_for

BLACK = (0, 0, 0)
NEAR = 4
"""How far a colour may be from the one that is asked for."""
TRUE = Console(color_system="truecolor", force_terminal=True)


def pictures(most: int = 12) -> st.SearchStrategy[Thumbnail]:
    @st.composite
    def make(give: st.DrawFn) -> Thumbnail:
        width, height = give(st.integers(1, most)), give(st.integers(1, most))
        rng = random.Random(give(st.integers(0, 10**6)))
        # Few colours that lie close together, so that all ways to draw a cell come up.
        colours = [bytes(rng.choice((0, 3, 5, 120, 124, 255)) for _ in range(3)) for _ in range(4)]
        return Thumbnail(width, height, b"".join(rng.choice(colours) for _ in range(width * height)))

    return make()


def pixels_of(sent: str) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    """What a terminal would show: colours of the upper and of the lower halves."""
    upper, lower = [], []
    letter = ground = (-1, -1, -1)
    for codes, text in re.findall(r"\x1b\[([\d;]*)m|([^\x1b])", sent):
        if text:
            halves = {
                "▀": (letter, ground),
                "▄": (ground, letter),
                "█": (letter, letter),
                " ": (ground, ground),
            }
            upper.append(halves[text][0])
            lower.append(halves[text][1])
        elif codes != "0":
            numbers = [int(code) for code in codes.split(";")]
            for at in range(0, len(numbers), 5):
                colour = tuple(numbers[at + 2 : at + 5])
                letter, ground = (colour, ground) if numbers[at] == 38 else (letter, colour)
    return upper, lower


@given(picture=pictures())
def test_a_terminal_shows_the_pixels(picture: Thumbnail) -> None:
    lines = draw(picture, Drawing.BLOCKS, BLACK, dark=True, columns=picture.width, around=Style())
    assert len(lines) == (picture.height + 1) // 2
    rgb = picture.rgb + bytes(3 * picture.width * (picture.height % 2))
    shown = [row for line in lines for row in pixels_of(line.render(TRUE))]
    flat = [value for row in shown for pixel in row for value in pixel]
    assert len(flat) == len(rgb)
    assert all(abs(one - other) <= NEAR for one, other in zip(flat, rgb, strict=True))


@given(picture=pictures(), columns=st.integers(12, 30), drawing=st.sampled_from(Drawing))
def test_lines_are_as_wide_as_they_must_be(picture: Thumbnail, columns: int, drawing: Drawing) -> None:
    for line in draw(picture, drawing, BLACK, dark=False, columns=columns, around=Style()):
        assert line.cell_length == len(line.text) == columns
        assert sum(len(piece.text) for piece in line.crop(0, columns - 2)) == columns - 2


def test_what_is_cut_or_filtered_has_the_same_colours() -> None:
    picture = Thumbnail(2, 2, bytes((255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9)))
    (line,) = draw(picture, Drawing.BLOCKS, BLACK, dark=True, columns=2, around=Style())
    upper, lower = pixels_of(line.crop(1, 2).render(TRUE))
    assert (upper, lower) == ([(0, 255, 0)], [(9, 9, 9)])
    coarse = line.render(Console(color_system="256", force_terminal=True))
    assert "38;5;" in coarse or "38;2" not in coarse


def test_without_colours_light_is_dense_on_dark_ground() -> None:
    picture = Thumbnail(2, 1, bytes((0, 0, 0, 255, 255, 255)))
    (dark,) = draw(picture, Drawing.RAMP, BLACK, dark=True, columns=2, around=Style())
    (light,) = draw(picture, Drawing.RAMP, BLACK, dark=False, columns=2, around=Style())
    assert (dark.text, light.text) == (" @", "@ ")


def test_the_terminal_decides_how_it_is_drawn() -> None:
    def chosen(system: str | None, *, no_color: bool = False, ascii_only: bool = False) -> Drawing:
        return drawing_for(system, no_color=no_color, ascii_only=ascii_only)

    assert chosen("truecolor") is chosen("256") is Drawing.BLOCKS
    assert chosen("truecolor", ascii_only=True) is Drawing.CELLS
    assert chosen("standard") is chosen(None) is chosen("truecolor", no_color=True) is Drawing.RAMP


def test_a_pixel_is_as_wide_as_the_terminal_says() -> None:
    assert box_for(30, 10, Drawing.BLOCKS, CELL, BLACK).stretch == 1.0
    assert box_for(30, 10, Drawing.RAMP, CELL, BLACK).stretch == 0.5
    wide = box_for(30, 10, Drawing.BLOCKS, (10, 16), BLACK)
    assert (wide.width, wide.height, wide.stretch) == (30, 20, 1.25)

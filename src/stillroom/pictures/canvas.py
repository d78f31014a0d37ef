"""What demo scenes are drawn on: soft grounds first, then crisp shapes, then light and grain.

Coordinates are shares of the width and height, 0–1, from the top left. Randomness comes from the scene's own
generator, so that a scene depends on nothing but its seed.
"""

from __future__ import annotations

import colorsys
import io
import math
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]

_FINE = 2
"""Shapes are drawn so many times larger and reduced, which smooths their edges."""
_COARSE = 2
"""Grounds are laid so many times smaller: they have no edges, and it is four times quicker."""


def hsv(hue: float, saturation: float, value: float) -> Colour:
    """A colour; hue in turns (any number), the others are clipped to 0–1."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, min(1.0, max(0.0, saturation)), min(1.0, max(0.0, value)))
    return round(red * 255), round(green * 255), round(blue * 255)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`share` of the other colour, 0–1, the rest of the one."""
    return (
        round(one[0] + (other[0] - one[0]) * share),
        round(one[1] + (other[1] - one[1]) * share),
        round(one[2] + (other[2] - one[2]) * share),
    )


class Canvas:
    """One picture while it is drawn."""

    def __init__(self, size: tuple[int, int], rng: Random) -> None:
        self.rng = rng
        self.size = size
        self._soft = Image.new("RGB", (size[0] // _COARSE, size[1] // _COARSE))
        self._crisp: Image.Image | None = None
        self._pen: ImageDraw.ImageDraw | None = None

    @property
    def wide(self) -> float:
        """Width over height."""
        return self.size[0] / self.size[1]

    # Soft grounds; they come before the first crisp shape.

    def wash(self, stops: Sequence[Colour], top: float = 0.0, bottom: float = 1.0) -> None:
        """Fill from side to side with a vertical run of colours."""
        width, height = self._soft.size
        high, low = round(top * height), round(bottom * height)
        run = Image.new("RGB", (1, len(stops)))
        for at, colour in enumerate(stops):
            run.putpixel((0, at), colour)
        run = run.resize((1, max(1, low - high)), Image.Resampling.BILINEAR)
        self._soft.paste(run.resize((width, run.height), Image.Resampling.NEAREST), (0, high))

    def clouds(
        self, colour: Colour, amount: float, top: float, bottom: float, grain: tuple[int, int] = (5, 4)
    ) -> None:
        """Lay soft patches of a colour over a band; `grain` is the number of patches across and down."""
        width, height = self._soft.size
        high, low = round(top * height), round(bottom * height)
        coarse = self._noise(grain, (width, low - high))
        fine = self._noise((grain[0] * 4, grain[1] * 3), (width, low - high))
        floor = round(255 * (1 - amount) * 0.85)
        table = [min(255, max(0, (value - floor) * 4)) for value in range(256)]
        self._soft.paste(colour, (0, high), Image.blend(coarse, fine, 0.3).point(table))

    def glow(self, colour: Colour, centre: Point, radius: float, strength: float = 1.0) -> None:
        """Lay a round light over the ground; the radius is a share of the width."""
        width, height = self._soft.size
        reach = max(2, round(radius * width))
        disc = Image.radial_gradient("L").resize((reach * 2, reach * 2), Image.Resampling.BILINEAR)
        disc = disc.point([round(max(0.0, 1 - value / 255) ** 2 * 255 * strength) for value in range(256)])
        place = (round(centre[0] * width) - reach, round(centre[1] * height) - reach)
        self._soft.paste(colour, place, disc)

    def mirror(self, line: float, tint: Colour, share: float) -> None:
        """Reflect what is above the line below it, tinted: still water. Shapes drawn so far take part."""
        self.settle()
        width, height = self._soft.size
        edge = round(line * height)
        depth = height - edge
        above = self._soft.crop((0, max(0, edge - depth), width, edge)).transpose(
            Image.Transpose.FLIP_TOP_BOTTOM
        )
        above = above.resize((width, depth), Image.Resampling.BILINEAR)
        self._soft.paste(Image.blend(above, Image.new("RGB", above.size, tint), share), (0, edge))

    def _noise(self, cells: tuple[int, int], size: tuple[int, int]) -> Image.Image:
        """Smooth noise, grey."""
        raw = Image.frombytes("L", cells, self.rng.randbytes(cells[0] * cells[1]))
        return raw.resize((max(1, size[0]), max(1, size[1])), Image.Resampling.BICUBIC)

    # Crisp shapes.

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        """Draws at the fine size; see `at`."""
        if self._pen is None:
            width, height = self.size
            if self._soft.size != self.size:
                self._soft = self._soft.resize(self.size, Image.Resampling.NEAREST)
            self._crisp = self._soft.resize((width * _FINE, height * _FINE), Image.Resampling.NEAREST)
            self._pen = ImageDraw.Draw(self._crisp)
        return self._pen

    def settle(self) -> None:
        """Bring the crisp shapes back to the ground, so that soft things can follow."""
        if self._crisp is not None:
            self._soft = self._crisp.reduce(_FINE)
            self._crisp = self._pen = None

    def at(self, x: float, y: float) -> Point:
        """Fine pixels of a place."""
        return x * self.size[0] * _FINE, y * self.size[1] * _FINE

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        self.pen.polygon([self.at(x, y) for x, y in points], fill=colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        self.pen.rectangle([self.at(left, top), self.at(max(left, right), max(top, bottom))], fill=colour)

    def disc(self, centre: Point, radius: float, colour: Colour, flat: float = 1.0) -> None:
        """A disc; the radius is a share of the width, `flat` squeezes it from above."""
        x, y = centre
        tall = radius * self.wide * flat
        self.pen.ellipse([self.at(x - radius, y - tall), self.at(x + radius, y + tall)], fill=colour)

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A line; its width is a share of the picture's width."""
        thick = max(1, round(width * self.size[0] * _FINE))
        self.pen.line([self.at(x, y) for x, y in points], fill=colour, width=thick, joint="curve")

    def ridge(self, height: float, swing: float, colour: Colour, rough: float = 0.0) -> list[Point]:
        """A range of hills from the left edge to the right, filled down to the bottom.

        Args:
            height: Mean height of the line, a share from the top.
            swing: How far it goes up and down.
            colour: Its fill.
            rough: 0: rolling; 1: jagged as mountains.

        Returns:
            The points of its line.
        """
        rng = self.rng
        waves = [
            (rng.uniform(0.5, 1.0) * swing / order, order * rng.uniform(0.8, 1.8), rng.uniform(0, math.tau))
            for order in (1, 2, 4)
        ]
        steps = 60
        points = []
        for step in range(steps + 1):
            x = step / steps
            y = (
                height
                - sum(size * math.sin(math.tau * turns * x + phase) for size, turns, phase in waves) / 2
            )
            points.append((x, y + rng.uniform(-1, 1) * swing * rough * 0.35))
        self.polygon([(0, 1.02), *points, (1, 1.02)], colour)
        return points

    # The finish.

    def finished(self, *, light: float, contrast: float, grain: float, shade: float) -> Image.Image:
        """Add uneven light, contrast, grain and a darker edge.

        Args:
            light: Strength of light and dark patches, 0–1; no two walls or skies are lit alike.
            contrast: 1 leaves it.
            grain: Strength of fine noise, 0–1.
            shade: How much darker the corners are, 0–1.
        """
        self.settle()
        picture = self._soft
        if picture.size != self.size:
            picture = picture.resize(self.size, Image.Resampling.NEAREST)
        cells = (self.rng.randint(4, 7), self.rng.randint(4, 7))
        around = self._noise(cells, (self.size[0] // _COARSE, self.size[1] // _COARSE))
        patches = around.point([round(255 - (255 - value) * light) for value in range(256)])
        if shade:
            corners = Image.radial_gradient("L").resize(patches.size, Image.Resampling.BILINEAR)
            table = [round(255 - max(0, value - 110) * shade) for value in range(256)]
            patches = ImageChops.multiply(patches, corners.point(table))
        patches = patches.resize(self.size, Image.Resampling.NEAREST)
        if grain:
            strip = self.rng.randbytes(self.size[0] * 60)
            noise = Image.frombytes("L", self.size, strip * (self.size[1] // 60 + 1))
            noise = noise.point([round(255 - (255 - value) * grain) for value in range(256)])
            patches = ImageChops.multiply(patches, noise)
        lit = ImageChops.multiply(picture, Image.merge("RGB", (patches, patches, patches)))
        lift = 1 + light * 0.25
        table = [min(255, max(0, round((value * lift - 128) * contrast + 128))) for value in range(256)]
        return lit.point(table * 3)


def encoded(image: Image.Image, quality: int) -> bytes:
    """As JPEG."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()

"""Small RGB pictures for a screen: fitted into a box, upright, and never fatal.

Pillow is imported when the first one is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stillroom.pictures.reading import read_file
from stillroom.pictures.values import Flag, PictureFlagged

if TYPE_CHECKING:
    from PIL import Image, ImageFile

MOST_DECODED = 50_000_000
"""Pixels that are decoded for the sake of a thumbnail; a JPEG is decoded at 1/2 to 1/8 of its size first."""
LARGEST_SIDE = 8_192
"""Pixels of a box; no screen has more."""

Colour = tuple[int, int, int]
"""Red, green and blue, 0–255."""


@dataclass(frozen=True, slots=True)
class Box:
    """What a picture is fitted into. It is enlarged, too, when it is smaller."""

    width: int
    """Pixels of the box, 1 or more."""
    height: int
    stretch: float = 1.0
    """Width of the box's pixels over their height: half of a terminal cell is seldom square."""
    ground: Colour = (0, 0, 0)
    """Shines through where a picture is transparent."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """Pixels to draw."""

    width: int
    height: int
    rgb: bytes
    """Three bytes a pixel, row by row from the top."""


def fitted(size: tuple[int, int], box: Box) -> tuple[int, int]:
    """Width and height, in the box's pixels, of a picture that fills the box as far as its shape allows.

    Args:
        size: Width and height of the picture, 1 or more each.
        box: Where it goes.
    """
    width, height = size[0], size[1] * box.stretch
    scale = min(box.width / width, box.height / height)
    return (
        min(box.width, max(1, round(width * scale))),
        min(box.height, max(1, round(height * scale))),
    )


def thumbnail(path: Path, box: Box) -> Thumbnail:
    """Read a picture and make it fit; see `thumbnail_of`.

    Raises:
        PictureFlagged: It is gone, unreadable, damaged or too large; carries flag and reason.
    """
    return thumbnail_of(read_file(path).data, box)


def thumbnail_of(data: bytes, box: Box) -> Thumbnail:
    """Make a picture fit into a box: upright as EXIF asks, transparency laid over the box's ground.

    Colour profiles are left aside: a screen of characters shows nothing of them, and they cost time.

    Args:
        data: The whole file.
        box: Where it goes.

    Raises:
        PictureFlagged: It is unreadable, damaged or too large; carries flag and reason.
        ValueError: The box is empty or absurdly large.
    """
    from stillroom.pictures import opening
    from stillroom.pictures.formats import sniff

    if not (0 < box.width <= LARGEST_SIDE and 0 < box.height <= LARGEST_SIDE and box.stretch > 0):
        raise ValueError(f"no box to draw in: {box}")
    format = sniff(data)
    image = opening.open_picture(data, format)
    opening.refuse_bomb(image.size, opening.MOST_PIXELS)
    shape = image.size
    # It may have to be turned yet, and the decoder must not make it smaller than it is drawn.
    longest = max(box.width, box.height)
    try:
        drafted = image.draft(image.mode, (min(longest, shape[0]), min(longest, shape[1]))) is not None
    except opening.DAMAGE as error:
        raise opening.damaged(data, format, error) from error
    if image.width * image.height > MOST_DECODED:
        raise PictureFlagged(
            Flag.BOMB, f"{image.width:,} × {image.height:,} px: too large to be decoded for a small picture"
        )
    opening.decode(image, data, format)
    try:
        # Decoding may have turned a TIFF; the size of a draft is rounded.
        return _drawn(image, shape if drafted else image.size, opening.orientation_of(image), box)
    except opening.DAMAGE as error:
        raise opening.damaged(data, format, error) from error


def _drawn(image: ImageFile.ImageFile, shape: tuple[int, int], orientation: int, box: Box) -> Thumbnail:
    from PIL import Image

    from stillroom.pictures.opening import plain, turned, upright

    size = fitted(turned(shape, orientation), box)
    made = plain(image)
    if made.mode not in ("L", "RGB", "RGBA"):
        made = made.convert("RGB")
    before = turned(size, orientation)
    if made.size != before:
        made = made.resize(before, Image.Resampling.BILINEAR, reducing_gap=2.0)
    made = upright(made, orientation)
    if made.mode == "RGBA":
        made = _over(made, box.ground)
    return Thumbnail(*size, made.convert("RGB").tobytes())


def _over(image: Image.Image, ground: Colour) -> Image.Image:
    from PIL import Image

    below = Image.new("RGB", image.size, ground)
    below.paste(image, mask=image.getchannel("A"))
    return below

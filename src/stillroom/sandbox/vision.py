"""What a model sees of a picture: a small array of its pixels and its shape. Nothing else gets in.

Bytes are decoded, shrunk and forgotten: no file name, no metadata and no hash of the bytes reaches a model.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

Floats = npt.NDArray[np.float32]

MOST_PIXELS = 8000 * 8000
"""No picture that the service takes has more; more are not decoded."""
# Imported by name: Pillow finds its readers on the first use otherwise, and many threads begin at once.
_READERS = tuple(
    reader.format
    for reader in (
        JpegImagePlugin.JpegImageFile,
        PngImagePlugin.PngImageFile,
        GifImagePlugin.GifImageFile,
        WebPImagePlugin.WebPImageFile,
    )
)
_FORMATS = {"JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "GIF": "gif", "WEBP": "webp"}
_DRAFT_SIDE = 128
"""JPEGs are decoded at the coarsest of the decoder's own scales that keeps both sides at least so long."""


class UnreadablePicture(ValueError):
    """The bytes are no picture that a model could see."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the first bytes of a picture say."""

    format: str
    """``jpeg``, ``png``, ``gif`` or ``webp``."""
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sight:
    """A picture as a model sees it."""

    rgb: Floats
    """(side, side, 3), 0–1; the picture squeezed into a square."""
    aspect: float
    """Width / height of the picture itself."""

    @property
    def side(self) -> int:
        return int(self.rgb.shape[0])

    def coarser(self, side: int) -> Sight:
        """The same picture through weaker eyes: means over a ``side`` x ``side`` grid."""
        return Sight(means_on_grid(self.rgb, side), self.aspect)


def header(data: bytes) -> Header:
    """Read format and size without decoding the pixels.

    Raises:
        UnreadablePicture: It is none of the four formats.
    """
    with _opened(data) as image:
        return Header(_FORMATS[str(image.format)], image.width, image.height)


def see(data: bytes, side: int) -> Sight:
    """Decode a picture and squeeze it into a square.

    Args:
        data: Encoded bytes; of an animation the first frame counts.
        side: Side of the square, in pixels.

    Raises:
        UnreadablePicture: It is none of the four formats, cut off, broken, or larger than the service takes.
    """
    with _opened(data) as image:
        if image.width * image.height > MOST_PIXELS:
            raise UnreadablePicture(f"a picture of {image.width}x{image.height} pixels is too large")
        aspect = image.width / image.height
        try:
            image.draft("RGB", (max(side, _DRAFT_SIDE), max(side, _DRAFT_SIDE)))
            square = _as_rgb(image).resize((side, side), Image.Resampling.BOX)
        except (OSError, ValueError, SyntaxError, EOFError, IndexError) as broken:
            raise UnreadablePicture(f"the picture cannot be decoded: {broken}") from broken
    return Sight(np.asarray(square, dtype=np.float32) / np.float32(255), aspect)


def means_on_grid(pixels: Floats, side: int) -> Floats:
    """Mean of each cell of a ``side`` x ``side`` grid over a square array (n, n, channels)."""
    edges = np.linspace(0, pixels.shape[0], side + 1).astype(int)
    starts = edges[:-1]
    sums = np.add.reduceat(np.add.reduceat(pixels, starts, axis=0), starts, axis=1)
    heights = np.diff(edges).astype(np.float32)
    return np.asarray(sums / (heights[:, None, None] * heights[None, :, None]), dtype=np.float32)


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(data), formats=_READERS)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as broken:
        raise UnreadablePicture("the bytes are no JPEG, PNG, GIF or WebP picture") from broken


def _as_rgb(image: Image.Image) -> Any:
    """RGB pixels; what is transparent becomes white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        white = Image.new("RGBA", layered.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, layered).convert("RGB")
    return image.convert("RGB")

"""Opening picture bytes with Pillow so that faults become flags and limits are ours."""

from __future__ import annotations

import importlib
import importlib.util
import io
import struct
import warnings
import zlib
from contextlib import suppress
from functools import cache
from typing import cast

from PIL import ExifTags, Image, ImageFile, UnidentifiedImageError

from stillroom.pictures.formats import READABLE, ends_early, spoken
from stillroom.pictures.values import Flag, PictureFlagged

MOST_PIXELS = 120_000_000
"""Default limit; above the 108-megapixel cameras of today, below what hurts (480 MB as RGBA)."""
LEAST_SIDE = 25
"""Pixels of the shorter side below which a picture is flagged (AWS nova-forge-sdk, dataset validators)."""

# Our own limit is checked before anything is decoded, and it may lie above Pillow's, which is global.
Image.MAX_IMAGE_PIXELS = None
# Pillow warns about odd metadata on stderr, where a progress bar lives. What matters becomes a flag.
warnings.filterwarnings("ignore", module=r"PIL\.")

_PLUGINS = {
    "jpeg": ("JPEG", "MPO"),
    "png": ("PNG",),
    "webp": ("WEBP",),
    "gif": ("GIF",),
    "bmp": ("BMP", "DIB"),
    "tiff": ("TIFF",),
    "heic": ("HEIF",),
}

# What Pillow's decoders raise on damaged files; found by cutting and flipping bytes of every format.
DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)

_ORIENTATIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIXTEEN_TO_EIGHT = [value >> 8 for value in range(65536)]


def open_picture(data: bytes, format: str) -> ImageFile.ImageFile:
    """Open without decoding.

    Args:
        data: The whole file.
        format: As `formats.sniff` told.

    Raises:
        PictureFlagged: Unsupported, unreadable or truncated.
    """
    if not format:
        raise PictureFlagged(Flag.UNREADABLE, "not a picture: its content is of no known picture format")
    if format not in READABLE:
        raise PictureFlagged(Flag.UNSUPPORTED, f"{spoken(format)}, which is not supported")
    if format == "heic" and not _heic_is_available():
        raise PictureFlagged(Flag.UNSUPPORTED, "a HEIC; reading it needs: pip install 'stillroom[heic]'")
    if format == "tiff":
        _silence_libtiff()
    try:
        image = Image.open(io.BytesIO(data), formats=_PLUGINS[format])
    except DAMAGE as error:
        raise damaged(data, format, error) from error
    # One pass of the decoder over all bytes instead of one for each 64 KiB: fewer waits for the interpreter.
    image.decodermaxblock = max(len(data), ImageFile.MAXBLOCK)
    return image


def refuse_bomb(size: tuple[int, int], most_pixels: int) -> None:
    """Refuse a picture that must not be decoded.

    Raises:
        PictureFlagged: Width times height exceeds the limit.
    """
    width, height = size
    if width * height > most_pixels:
        raise PictureFlagged(
            Flag.BOMB, f"{width:,} × {height:,} px: more than {most_pixels:,} pixels; it was not decoded"
        )


def damaged(data: bytes, format: str, error: BaseException) -> PictureFlagged:
    """Turn what a decoder said into a flag."""
    said = " ".join(str(error).split())[:120]
    if "truncated" in said.lower() or ends_early(data, format):
        return PictureFlagged(Flag.TRUNCATED, f"{spoken(format)} that ends too early")
    if isinstance(error, UnidentifiedImageError):
        return PictureFlagged(
            Flag.UNREADABLE, f"{spoken(format)} that cannot be decoded: its header is damaged"
        )
    if isinstance(error, MemoryError):
        return PictureFlagged(Flag.UNREADABLE, "not enough memory to decode it")
    return PictureFlagged(Flag.UNREADABLE, f"{spoken(format)} that cannot be decoded: {said}")


def decode(image: ImageFile.ImageFile, data: bytes, format: str) -> None:
    """Decode the first frame, all of it.

    Raises:
        PictureFlagged: Truncated or unreadable.
    """
    try:
        image.load()
    except DAMAGE as error:
        raise damaged(data, format, error) from error
    # A JPEG that decodes is whole; a TIFF that decodes may still point astray in some tag nobody needs.
    if format not in ("jpeg", "tiff") and ends_early(data, format):
        raise PictureFlagged(Flag.TRUNCATED, f"{spoken(format)} that ends too early")


def orientation_of(image: ImageFile.ImageFile) -> int:
    """The EXIF orientation, 1–8, of a decoded picture; 1 when absent or nonsense.

    After decoding, because PNG may carry it behind the pixels, and Pillow turns TIFF upright by itself.
    """
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except DAMAGE:
        return 1
    return orientation if orientation in _ORIENTATIONS else 1


def turned(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Width and height after (or, the same, before) rotation."""
    return (size[1], size[0]) if orientation >= 5 else size


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Rotate and mirror as EXIF asks."""
    method = _ORIENTATIONS.get(orientation)
    return image if method is None else image.transpose(method)


def plain(image: Image.Image) -> Image.Image:
    """Bring any mode to L, RGB, RGBA or CMYK, with eight bits a channel.

    Raises:
        ValueError: Pillow has no conversion for the mode.
    """
    mode = image.mode
    if "transparency" in image.info and mode in ("P", "L", "RGB"):
        return image.convert("RGBA")
    if mode in ("L", "RGB", "RGBA", "CMYK"):
        return image
    if mode in ("LA", "La", "PA", "RGBa"):
        return image.convert("RGBA")
    if mode == "1":
        return image.convert("L")
    if mode.startswith("I"):
        return image.convert("I").point(_SIXTEEN_TO_EIGHT, "L")
    if mode == "F":
        highest = cast("float", image.getextrema()[1])  # a pair of pairs only with several bands
        scale = 255.0 if highest <= 1 else 1.0 if highest <= 255 else 1 / 256
        return image.point(lambda value: value * scale + 0).convert("L")
    return image.convert("RGB")


def on_white(image: Image.Image) -> Image.Image:
    """Flatten transparency on white."""
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


@cache
def _silence_libtiff() -> None:
    """Keep libtiff from writing straight to the terminal: its errors become flags as it is.

    Pillow takes libtiff's handler of warnings away in the same manner, and leaves that of errors. Where
    libtiff is a part of Pillow's own library, it cannot be reached from here, and goes on writing.

    Source: libtiff's manual page TIFFError: NULL as handler suppresses the messages.
    """
    with suppress(ImportError, OSError, AttributeError):
        import ctypes  # late: hardly any picture is a TIFF

        pillow = ctypes.CDLL(importlib.import_module("PIL._imaging").__file__)
        pillow.TIFFSetErrorHandler.restype = ctypes.c_void_p
        pillow.TIFFSetErrorHandler(ctypes.c_void_p(None))


@cache
def _heic_is_available() -> bool:
    if importlib.util.find_spec("pillow_heif") is None:
        return False
    importlib.import_module("pillow_heif").register_heif_opener()
    return True

"""Format and pixel size of a picture, from its first bytes alone.

Nothing is decoded. The layouts are those of the PNG specification (section 11.2.1, IHDR), the GIF89a
specification (logical screen descriptor), ITU-T T.81 (JPEG markers) and RFC 9649 (WebP).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

_SOF = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG markers without a length."""
_MOST_MARKERS = 5000
"""A JPEG with more segments before its first frame is not followed further."""

_OTHERS = (
    (b"%PDF-", "pdf"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"\x1aE\xdf\xa3", "mkv"),
)


@dataclass(frozen=True, slots=True)
class Header:
    """What the first bytes say."""

    format: str
    """``jpeg``, ``png``, ``gif``, ``webp``, another name that was recognised, or empty."""
    width: int | None = None
    """Pixels as stored, before any EXIF rotation; None where the header is damaged or has none."""
    height: int | None = None


def read_header(file: BinaryIO) -> Header:
    """Read format and size; of a JPEG the markers are walked, everything else needs 30 bytes.

    Args:
        file: At its start; needs ``read`` and ``seek``.
    """
    head = file.read(32)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _sized("png", head[16:24], "big") if head[12:16] == b"IHDR" else Header("png")
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return _sized("gif", head[6:10], "little")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(file)
    if head[4:8] == b"ftyp":
        return Header(
            {b"heic": "heic", b"heix": "heic", b"mif1": "heic", b"avif": "avif"}.get(head[8:12], "mp4")
        )
    for magic, name in _OTHERS:
        if head.startswith(magic):
            return Header(name)
    return Header("")


def _sized(name: str, sides: bytes, order: str) -> Header:
    half = len(sides) // 2
    if half not in (2, 4):
        return Header(name)
    big = order == "big"
    width = int.from_bytes(sides[:half], "big" if big else "little")
    height = int.from_bytes(sides[half:], "big" if big else "little")
    return Header(name, width, height) if width and height else Header(name)


def _webp(head: bytes) -> Header:
    kind = head[12:16]
    if len(head) < 30:
        return Header("webp")
    if kind == b"VP8X":
        width = int.from_bytes(head[24:27], "little") + 1
        height = int.from_bytes(head[27:30], "little") + 1
        return Header("webp", width, height)
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width = int.from_bytes(head[26:28], "little") & 0x3FFF
        height = int.from_bytes(head[28:30], "little") & 0x3FFF
        return Header("webp", width, height) if width and height else Header("webp")
    if kind == b"VP8L" and head[20] == 0x2F:
        bits = int.from_bytes(head[21:25], "little")
        return Header("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    return Header("webp")


def _jpeg(file: BinaryIO) -> Header:
    """Walk from marker to marker until the first frame header."""
    file.seek(2)
    for _ in range(_MOST_MARKERS):
        marker = file.read(2)
        if len(marker) < 2 or marker[0] != 0xFF:
            return Header("jpeg")
        kind = marker[1]
        while kind == 0xFF:  # fill bytes
            kind = (file.read(1) or b"\0")[0]
        if kind in _ALONE:
            continue
        length = int.from_bytes(file.read(2), "big")
        if kind in _SOF:
            return _frame(file.read(5))
        if length < 2 or kind in (0xD9, 0xDA):
            return Header("jpeg")
        file.seek(length - 2, 1)
    return Header("jpeg")


def _frame(segment: bytes) -> Header:
    """Sample precision, height, width."""
    height, width = int.from_bytes(segment[1:3], "big"), int.from_bytes(segment[3:5], "big")
    return Header("jpeg", width, height) if len(segment) == 5 and width and height else Header("jpeg")

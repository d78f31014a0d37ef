"""What a file's first bytes, its last bytes and its name say about its format. No decoding."""

from __future__ import annotations

from typing import Literal

READABLE = ("jpeg", "png", "webp", "gif", "bmp", "tiff", "heic")
"""Formats that can be prepared; heic only with the extra ``stillroom[heic]``."""

EXTENSIONS = {
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "jpe": "jpeg",
    "jfif": "jpeg",
    "png": "png",
    "apng": "png",
    "webp": "webp",
    "gif": "gif",
    "bmp": "bmp",
    "dib": "bmp",
    "tif": "tiff",
    "tiff": "tiff",
    "heic": "heic",
    "heif": "heic",
    "avif": "avif",
    "jxl": "jpeg xl",
    "jp2": "jpeg 2000",
    "psd": "photoshop",
    "svg": "svg",
    "ico": "icon",
    "dng": "raw",
    "cr2": "raw",
    "cr3": "raw",
    "nef": "raw",
    "arw": "raw",
    "raf": "raw",
}
"""Extension, lower case, to the format it promises. Those that are not readable are found and flagged, so
that nobody wonders where their pictures went."""

_MAGIC = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"8BPS", "photoshop"),
    (b"\xff\x0a", "jpeg xl"),
    (b"\0\0\0\x0cJXL ", "jpeg xl"),
    (b"\0\0\0\x0cjP  ", "jpeg 2000"),
    (b"\0\0\x01\0", "icon"),
)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}

_TIFF_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}

_NAMES = {
    "jpeg": "a JPEG",
    "png": "a PNG",
    "webp": "a WebP",
    "gif": "a GIF",
    "bmp": "a BMP",
    "tiff": "a TIFF",
    "heic": "a HEIC",
    "avif": "an AVIF",
    "jpeg xl": "a JPEG XL",
    "jpeg 2000": "a JPEG 2000",
    "photoshop": "a Photoshop file",
    "icon": "an icon",
    "svg": "an SVG",
    "raw": "a camera raw file",
}


def spoken(format: str) -> str:
    """The format with its article, for a sentence."""
    return _NAMES.get(format, f"a {format}")


def extension_of(name: str) -> str:
    """The extension of a file name or path, lower case, without the dot; empty when there is none."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem and "/" not in extension else ""


def sniff(data: bytes) -> str:
    """Tell the format from the first bytes.

    Returns:
        A value of `EXTENSIONS`; empty when the bytes are of no known format.
    """
    for magic, format in _MAGIC:
        if data.startswith(magic):
            return format
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp":
        brands = {data[8:12], *(data[at : at + 4] for at in range(16, min(64, len(data)), 4))}
        if brands & _AVIF_BRANDS:
            return "avif"
        if brands & _HEIF_BRANDS:
            return "heic"
    return "svg" if b"<svg" in data[:1024] else ""


def ends_early(data: bytes, format: str) -> bool:
    """Whether the file's own structure says that bytes are missing at its end.

    Pillow finds a JPEG cut at any byte by itself (it wants the end-of-image marker), but lets PNG and GIF
    files pass that lost only their last bytes, or, for GIF, later frames. Other formats: what the header
    promises is compared with the length.
    """
    if format == "jpeg":
        return b"\xff\xd9" not in data[-65536:]
    if format == "png":
        end = data.rfind(b"IEND")
        return end < 8 or end + 8 > len(data)
    if format == "webp":
        return int.from_bytes(data[4:8], "little") + 8 > len(data)
    if format == "gif":
        return not _gif_is_whole(data)
    if format == "tiff":
        return data[2:4] in (b"*\0", b"\0*") and not _tiff_directory_is_whole(data)
    if format == "heic":
        return not _boxes_are_whole(data)
    return False


def _boxes_are_whole(data: bytes) -> bool:
    """Step over the top-level boxes (ISO/IEC 14496-12, section 4.2); the last must end within the file."""
    at = 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        if length < 8:
            return True  # 0: reaches to the end of the file, whatever that is
        at += length
    return at <= len(data)


def _tiff_directory_is_whole(data: bytes) -> bool:
    """Whether the first directory, often at the end, is there with its values (TIFF 6.0, section 2)."""
    order: Literal["little", "big"] = "little" if data[:1] == b"I" else "big"

    def number(at: int, length: int) -> int:
        return int.from_bytes(data[at : at + length], order)

    start = number(4, 4) + 2
    end = start + 12 * number(start - 2, 2)
    if end + 4 > len(data):
        return False
    for entry in range(start, end, 12):
        length = _TIFF_TYPE_BYTES.get(number(entry + 2, 2), 0) * number(entry + 4, 4)
        if length > 4 and number(entry + 8, 4) + length > len(data):
            return False
    return True


def _gif_is_whole(data: bytes) -> bool:
    """Step from block to block until the trailer (GIF89a specification, appendix A)."""
    try:
        at = 13 + _colour_table(data[10])
        while True:
            kind = data[at]
            if kind == 0x3B:
                return True
            if kind == 0x21:
                at += 2
            elif kind == 0x2C:
                at += 11 + _colour_table(data[at + 9])
            else:
                at += 1  # padding between blocks: decoders skip it, and so do we
                continue
            while data[at]:
                at += 1 + data[at]
            at += 1
    except IndexError:
        return False


def _colour_table(packed: int) -> int:
    """Bytes of the colour table that a packed field announces."""
    return 3 * (2 << (packed & 7)) if packed & 0x80 else 0

"""Making the bytes that teacher, training and student all see.

Nothing of the original survives but its pixels: upright, in sRGB, without metadata, within every limit of the
service (Converse: 3.75 MB and 8,000 px a side; Bedrock user guide and Message documentation).
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PIL import Image, ImageCms, ImageFile

from stillroom.pictures.formats import sniff
from stillroom.pictures.opening import (
    DAMAGE,
    LEAST_SIDE,
    MOST_PIXELS,
    damaged,
    decode,
    on_white,
    open_picture,
    orientation_of,
    plain,
    refuse_bomb,
    turned,
    upright,
)
from stillroom.pictures.reading import read_file
from stillroom.pictures.settings import PrepareSettings
from stillroom.pictures.storing import Write, store_file
from stillroom.pictures.values import Flag, PictureFlagged, PreparedFile
from stillroom.pictures.working import in_order

MOST_PREPARED_BYTES = 3_932_160
"""What 5 MB of base64 hold; the lowest limit of the models on offer (aws-sdk-js-v3 issue 6785)."""
LONGEST_SIDE = 8_000
"""Pixels (bedrock-runtime Message documentation)."""

EXTENSION = {"jpeg": "jpg", "png": "png", "webp": "webp"}

_QUALITIES = (75, 65, 55, 45)
"""What is tried, below the quality asked for, before pixels are given up."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One prepared picture in memory."""

    data: bytes
    format: str
    """jpeg, png or webp."""
    width: int
    height: int
    remark: str
    """What had to be done to respect a limit; empty when nothing."""


def prepare_many(
    jobs: Iterable[tuple[str, Path]],
    settings: PrepareSettings,
    target: Path,
    workers: int | None = None,
    *,
    most_pixels: int = MOST_PIXELS,
    write: Write = os.write,
) -> Iterator[PreparedFile]:
    """Prepare (content, path of the original) on all cores, in the order given.

    Writes ``target/<first two of content>/<content>.<jpg|png|webp>`` atomically. A file whose bytes no longer
    hash to its content is flagged `changed`. Closing the iterator stops the work.

    Args:
        jobs: Content hash and path of each original.
        settings: What to make of them.
        target: Folder of the prepared files; made when missing.
        workers: Threads; None: one for each usable core.
        most_pixels: As in inspecting.
        write: The system call that writes; tests pass one that meets a full disk.

    Raises:
        StorageFull: The disk is full or the target cannot be written.
    """
    work = partial(_prepare_file, settings=settings, target=target, most_pixels=most_pixels, write=write)
    return in_order(work, jobs, workers)


def prepare_bytes(data: bytes, settings: PrepareSettings) -> tuple[bytes, str, int, int]:
    """Prepare one picture; see `prepare`.

    Returns:
        The bytes, their format (jpeg, png, webp), width and height in pixels.

    Raises:
        PictureFlagged: The picture cannot be sent.
    """
    prepared = prepare(data, settings)
    return prepared.data, prepared.format, prepared.width, prepared.height


def prepare(
    data: bytes,
    settings: PrepareSettings,
    *,
    most_pixels: int = MOST_PIXELS,
    most_bytes: int = MOST_PREPARED_BYTES,
) -> Prepared:
    """Prepare one picture. The same bytes and settings (and Pillow) give the same bytes.

    Args:
        data: The whole original file.
        settings: Size, format and quality.
        most_pixels: Limit on the original's width times height.
        most_bytes: Limit on the prepared file.

    Raises:
        PictureFlagged: The picture cannot be sent; carries flag and reason.
    """
    format = sniff(data)
    image = open_picture(data, format)
    refuse_bomb(image.size, most_pixels)
    longest = min(settings.longest_side or LONGEST_SIDE, LONGEST_SIDE)
    # The JPEG decoder makes 1/2, 1/4 or 1/8 of the size at a fraction of the cost; never below what we want.
    size = fitting(image.size, longest)
    drafted = image.draft(image.mode, size) is not None
    decode(image, data, format)
    orientation = orientation_of(image)
    if not drafted:
        size = fitting(image.size, longest)  # decoding may have turned a TIFF
    if min(size) < LEAST_SIDE:
        width, height = turned(size, orientation)
        raise PictureFlagged(
            Flag.TOO_THIN,
            f"{width} × {height} px when prepared: the shorter side must be at least {LEAST_SIDE} px",
        )
    try:
        return _encode(_sent_pixels(image, size, orientation, settings.format), settings, most_bytes)
    except DAMAGE as error:
        raise damaged(data, format, error) from error


def fitting(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Width and height that keep the proportions with no side above `longest`; never larger than before."""
    width, height = size
    if max(size) <= longest:
        return size
    scale = longest / max(size)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _sent_pixels(
    image: ImageFile.ImageFile, size: tuple[int, int], orientation: int, format: str
) -> Image.Image:
    """Shrink, turn upright, bring to sRGB, and drop everything that is not pixels."""
    profile = image.info.get("icc_profile")
    made = plain(image)
    if made.size != size:
        made = made.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    made = upright(made, orientation)
    made = _in_srgb(made, profile if isinstance(profile, bytes) else b"")
    if made.mode == "RGBA":
        if made.getchannel("A").getextrema() == (255, 255):
            made = made.convert("RGB")
        elif format == "jpeg":
            made = on_white(made)
    made = made.copy() if made is image else made
    made.info = {}  # Pillow would write comments, profiles and XMP from here
    return made


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert to RGB or RGBA in sRGB, with the picture's colour profile where it has one that fits."""
    colours = "RGB" if image.mode == "RGBA" else image.mode
    fits = profile[16:20] == {"RGB": b"RGB ", "CMYK": b"CMYK"}.get(colours)
    if fits and not _names_srgb(profile):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            bare = image.convert("RGB") if image.mode == "RGBA" else image
            made = ImageCms.profileToProfile(bare, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            made = None  # a broken profile is no reason to lose a picture that has its pixels
        if made is not None:
            if image.mode == "RGBA":
                made.putalpha(image.getchannel("A"))
            return made
    return image if image.mode in ("RGB", "RGBA") else image.convert("RGB")


def _names_srgb(profile: bytes) -> bool:
    """Whether the profile calls itself sRGB, in ASCII (version 2) or UTF-16 (version 4)."""
    return b"sRGB" in profile or "sRGB".encode("utf-16-be") in profile


def _encode(image: Image.Image, settings: PrepareSettings, most_bytes: int) -> Prepared:
    """Encode within the limit of bytes: lower quality first, then fewer pixels."""
    asked_size = image.size
    quality = settings.quality
    lower = [value for value in _QUALITIES if value < quality] if settings.format != "png" else []
    while True:
        data = _encoded(image, settings.format, quality)
        if len(data) <= most_bytes or max(image.size) <= LEAST_SIDE:
            break
        if lower:
            quality = lower.pop(0)
            continue
        scale = min(0.9, (most_bytes / len(data)) ** 0.5 * 0.97)
        longest = max(LEAST_SIDE, int(max(image.size) * scale))
        image = image.resize(fitting(image.size, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    remarks = []
    if quality != settings.quality:
        remarks.append(f"quality {quality} instead of {settings.quality}")
    if image.size != asked_size:
        remarks.append("{} × {} px instead of {} × {} px".format(*image.size, *asked_size))
    remark = f"{', '.join(remarks)}: to stay within {most_bytes:,} bytes" if remarks else ""
    return Prepared(data, settings.format, *image.size, remark)


def _encoded(image: Image.Image, format: str, quality: int) -> bytes:
    file = io.BytesIO()
    if format == "png":
        image.save(file, "PNG")
    elif format == "webp":
        image.save(file, "WEBP", quality=quality, method=4)
    else:
        image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _prepare_file(
    job: tuple[str, Path], *, settings: PrepareSettings, target: Path, most_pixels: int, write: Write
) -> PreparedFile:
    content, original = job
    path = f"{content[:2]}/{content}.{EXTENSION[settings.format]}"
    try:
        data = read_file(original).data
        if hashlib.sha256(data).hexdigest() != content:
            raise PictureFlagged(Flag.CHANGED, "was replaced since it was scanned; scan again")  # noqa: TRY301
        prepared = prepare(data, settings, most_pixels=most_pixels)
    except PictureFlagged as flagged:
        return PreparedFile(content, "", "", "", 0, 0, 0, flagged.flag, flagged.reason)
    store_file(target / path, prepared.data, write=write)
    return PreparedFile(
        content=content,
        path=path,
        sha256=hashlib.sha256(prepared.data).hexdigest(),
        format=prepared.format,
        width=prepared.width,
        height=prepared.height,
        size=len(prepared.data),
        flag=None,
        reason="",
        remark=prepared.remark,
    )

"""Reading each file once: hash, real format, size, difference hash, faults."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from PIL import Image, ImageFile

from stillroom.pictures.formats import EXTENSIONS, extension_of, sniff, spoken
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
from stillroom.pictures.values import Flag, FoundFile, Inspection, PictureFlagged
from stillroom.pictures.working import in_order

_HASH_SIZE = (9, 8)


def inspect_many(
    folder: Path, files: Sequence[FoundFile], workers: int | None = None, *, most_pixels: int = MOST_PIXELS
) -> Iterator[Inspection]:
    """Inspect files on all cores, in the order given. Faults are flags, never exceptions.

    Threads, because Pillow's decoders and hashlib work outside the interpreter's lock. Closing the iterator
    stops the work.

    Args:
        folder: The folder that was walked.
        files: What `finding.find_files` found there.
        workers: Threads; None: one for each usable core.
        most_pixels: Pictures with more pixels are flagged as bombs without being decoded.
    """
    return in_order(partial(inspect, folder, most_pixels=most_pixels), files, workers)


def inspect(folder: Path, file: FoundFile, *, most_pixels: int = MOST_PIXELS) -> Inspection:
    """Inspect one file."""
    facts = _Facts()
    size, mtime_ns = file.size, file.mtime_ns
    try:
        path: str | bytes = os.path.join(folder, file.path)  # noqa: PTH118 - one of many thousands
        if file.undecodable is not None:
            path = os.path.join(os.fsencode(folder), file.undecodable)  # noqa: PTH118
        read = read_file(path)
        size, mtime_ns = read.size, read.mtime_ns
        facts.content = hashlib.sha256(read.data).hexdigest()
        facts.measure(read.data, most_pixels)
        facts.judge(file)
    except PictureFlagged as flagged:
        facts.flag, facts.reason = flagged.flag, flagged.reason
    return Inspection(
        path=file.path,
        size=size,
        mtime_ns=mtime_ns,
        content=facts.content,
        format=facts.format,
        width=facts.width,
        height=facts.height,
        dhash=facts.dhash,
        flag=facts.flag,
        reason=facts.reason,
    )


class _Facts:
    """What is known of a file so far; a flag may end the search at any point."""

    def __init__(self) -> None:
        self.content: str | None = None
        self.format = ""
        self.width = 0
        self.height = 0
        self.dhash: int | None = None
        self.flag: Flag | None = None
        self.reason = ""

    def measure(self, data: bytes, most_pixels: int) -> None:
        """Decode."""
        self.format = sniff(data)
        image = open_picture(data, self.format)
        self.width, self.height = image.size
        refuse_bomb(image.size, most_pixels)
        original = image.size
        drafted = image.draft("L", (64, 64)) is not None
        decode(image, data, self.format)
        orientation = orientation_of(image)
        self.width, self.height = turned(original if drafted else image.size, orientation)
        try:
            self.dhash = dhash(image, orientation)
        except DAMAGE as error:
            raise damaged(data, self.format, error) from error

    def judge(self, file: FoundFile) -> None:
        """Find what is wrong with a picture that can be decoded."""
        promised = extension_of(file.path)
        if file.undecodable is not None:
            raise PictureFlagged(Flag.BAD_NAME, "the file name is no valid UTF-8; rename it")
        if EXTENSIONS.get(promised, self.format) != self.format:
            raise PictureFlagged(Flag.WRONG_EXTENSION, f"is {spoken(self.format)}, named .{promised}")
        if min(self.width, self.height) < LEAST_SIDE:
            raise PictureFlagged(
                Flag.TOO_THIN,
                f"{self.width} × {self.height} px: the shorter side must be at least {LEAST_SIDE} px",
            )


def dhash(image: Image.Image | ImageFile.ImageFile, orientation: int = 1) -> int:
    """The 64-bit difference hash of a decoded picture, seen upright.

    Each of 8 rows of 9 mean grey values gives 8 bits: whether it gets brighter to the right. The first bit of
    the first row is the highest.

    Raises:
        ValueError: Pillow cannot convert the picture's mode.
    """
    small = plain(image).resize(turned(_HASH_SIZE, orientation), Image.Resampling.BOX)
    if small.mode == "RGBA":
        small = on_white(small)
    grey = upright(small.convert("L"), orientation).tobytes()
    bits = 0
    for row in range(0, 72, 9):
        for at in range(row, row + 8):
            bits = bits << 1 | (grey[at] < grey[at + 1])
    return bits

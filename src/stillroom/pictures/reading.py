"""Reading one file, once, and noticing when it is not what it was."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass

from stillroom.pictures.values import Flag, PictureFlagged

MOST_BYTES = 512 * 1024 * 1024
"""Larger files are not read: two workers hold one each in memory."""


@dataclass(frozen=True, slots=True)
class FileBytes:
    """A file as it was read."""

    data: bytes
    size: int
    """Bytes."""
    mtime_ns: int


def read_file(path: str | bytes | os.PathLike[str]) -> FileBytes:
    """Read a regular file.

    Raises:
        PictureFlagged: It is gone, empty, too large, unreadable, or was written to meanwhile.
    """
    try:
        # Unbuffered: one read of the whole. Not blocking: a pipe put in the file's place must not hang us.
        with open(path, "rb", buffering=0, opener=_open_without_waiting) as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise PictureFlagged(Flag.UNREADABLE, "not a regular file")
            if before.st_size > MOST_BYTES:
                size = before.st_size // (1024 * 1024)
                raise PictureFlagged(Flag.UNSUPPORTED, f"{size:,} MiB: larger than 512 MiB")
            data = file.read()
            after = os.fstat(file.fileno())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PictureFlagged(Flag.GONE, "vanished before it was read") from error
    except OSError as error:
        raise PictureFlagged(Flag.UNREADABLE, f"cannot be read: {error.strerror}") from error
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns) or len(
        data
    ) != after.st_size:
        raise PictureFlagged(Flag.CHANGED, "was written to while it was read; scan again")
    if not data:
        raise PictureFlagged(Flag.EMPTY, "zero bytes")
    return FileBytes(data=data, size=before.st_size, mtime_ns=before.st_mtime_ns)


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)

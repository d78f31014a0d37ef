"""Writing files so that a reader sees all of one or nothing."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

from stillroom.errors import StorageFull

Write = Callable[[int, bytes], int]
"""As ``os.write``: writes some of the bytes and says how many."""

_TODO = {
    errno.ENOSPC: "Free some space; what was finished is kept, and the same command does the rest.",
    errno.EDQUOT: "Your quota is used up: free some space, and the same command does the rest.",
    errno.EROFS: "The file system is read-only; use a folder that can be written.",
    errno.EACCES: "Give yourself write access to the folder, or use another.",
    errno.EPERM: "Give yourself write access to the folder, or use another.",
}


def store_file(path: Path, data: bytes, *, write: Write = os.write) -> None:
    """Write a file next to its place and move it there; folders are made as needed.

    Args:
        path: Where the file is to be.
        data: All of it.
        write: The system call; tests pass one that meets a full disk.

    Raises:
        StorageFull: The disk is full or the folder cannot be written.
    """
    waiting = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        try:
            _write_all(waiting, data, write)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_all(waiting, data, write)
        waiting.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            waiting.unlink()
        raise StorageFull(
            f"{str(path)!r} cannot be written: {error.strerror}.",
            _TODO.get(error.errno or 0, "Look at the disk, and run the same command again."),
        ) from error


def _write_all(path: Path, data: bytes, write: Write) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        rest = data
        while rest:
            rest = rest[write(descriptor, rest) :]
    finally:
        os.close(descriptor)

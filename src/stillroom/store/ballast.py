"""Room on the disk that is kept free for the answers under way, for the moment when the disk is full."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from stillroom.errors import StorageFull

_BASE = 2**20
"""Bytes for the end of a run, whatever it has under way."""
_ONE = 2**16
"""Bytes for one answer: some ten pages of tables and indexes, written twice, and its text."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def set_aside(folder: Path, calls: int) -> Iterator[Callable[[], None]]:
    """Occupy as much room as answers take that are under way at the same time.

    Where a folder cannot hold such a file for another reason than lack of room, nothing is set aside.

    Args:
        folder: Where the store lies.
        calls: Calls that may be under way.

    Yields:
        What gives the room back; so does leaving the block.

    Raises:
        StorageFull: There is no such room: nothing should be paid for that may not be stored.
    """
    file = None
    try:
        file = _occupy(folder, _BASE + calls * _ONE)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull(
                f"The disk of {folder} has no room for answers: {error.strerror}.",
                "Free disk space, then do the same again; nothing was asked.",
            ) from error

    def give_back() -> None:
        if file is not None:
            file.close()

    try:
        yield give_back
    finally:
        give_back()


def _occupy(folder: Path, size: int) -> IO[bytes]:
    """An open file of this size without a name: it goes with the process, however that dies."""
    from tempfile import TemporaryFile

    file = TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - whoever asked for it closes it
    try:
        block = os.urandom(_BASE)  # zeros would take no room where the file system compresses
        while size > 0:
            size -= file.write(block[:size])
    except OSError:
        file.close()
        raise
    return file

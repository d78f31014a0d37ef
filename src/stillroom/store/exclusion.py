"""Work that one process does at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stillroom.errors import StorageFull, StoreBusy
from stillroom.store import locks


def busy(pid: int, doing: str) -> StoreBusy:
    """What to say of a block that a process is in; ``doing`` as for :func:`alone`."""
    if pid == os.getpid():
        # Such as a plan of the workbench that another of its plans waits for: nobody is to stop himself.
        return StoreBusy(f"Another part of this process {doing}.", "Wait for it.", pid=pid)
    return StoreBusy(f"Process {pid} {doing}.", "Wait for it, or stop it.", pid=pid)


def refuse_held(lock: Path, doing: str) -> None:
    """Say that somebody, maybe of this process, is in the block that ``alone`` keeps others out of.

    Raises:
        StoreBusy: Somebody is.
    """
    held = locks.holder(lock)
    if held is not None:
        raise busy(held, doing)


@contextmanager
def alone(lock: Path, doing: str, *, shared: bool = False) -> Iterator[None]:
    """Keep all others out while the block runs. The hold ends with the process, however it dies.

    Args:
        lock: File of the lock; its folder is made when missing.
        doing: What the holder does, for the message of those who come: ``is labeling this run``.
        shared: Keep only those out who want to be alone: other processes may share the hold.

    Raises:
        StoreBusy: Another process (or another part of this one) is in the block.
        StorageFull: The lock's folder cannot be written.
    """
    try:
        lock.parent.mkdir(exist_ok=True)
        locks.acquire(lock, doing, shared=shared)
    except locks.Held as held:
        # The same hold may be had for more than one purpose.
        raise busy(held.pid, held.doing or doing) from held
    except OSError as error:
        raise StorageFull(
            f"{lock} cannot be written: {error.strerror or error}.",
            "Free disk space, or make the project folder writable.",
        ) from error
    try:
        yield
    finally:
        locks.release(lock)

"""Locks between processes that end with their process, however it dies.

POSIX record locks: the kernel drops them at the owner's death, and a forked child does not inherit them
(``flock`` would stay held by a pool's children). Two traits need care: they never exclude the same process,
and closing *any* descriptor of the file drops them. So this process's own locks are kept in a table, and a
file that it holds is never opened again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import sys
import threading
from pathlib import Path
from typing import Final

_HELD: Final[dict[tuple[int, Path], int]] = {}
"""Descriptor by process id (a forked child has no locks) and path."""
_TABLE = threading.Lock()

# struct flock of F_GETLK: Linux has type, whence, start, len, pid; macOS has start, len, pid, type, whence.
_LINUX, _MACOS = "hhqqi4x", "qqihh"


class Held(Exception):
    """Somebody else has the lock.

    Attributes:
        pid: Its process id; 0 when it cannot be told.
        doing: What it does, as it has said itself; empty when it cannot be told.
    """

    def __init__(self, pid: int, doing: str = "") -> None:
        super().__init__(f"held by process {pid}")
        self.pid = pid
        self.doing = doing


def acquire(path: Path, doing: str = "", *, shared: bool = False) -> None:
    """Take the lock at ``path`` and write our process id, and what we do, into the file.

    Args:
        path: Of the lock.
        doing: For those who are turned away: one line. What is shared has no room for it.
        shared: Let other processes share it, and keep out those who want it for themselves.

    Raises:
        Held: Another process, or another part of this one, has it.
        OSError: The file cannot be written.
    """
    path = path.resolve()
    with _TABLE:
        if (os.getpid(), path) in _HELD:
            raise Held(os.getpid(), _doing_of(_HELD[os.getpid(), path], os.getpid()))
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.lockf(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            if not shared:
                os.ftruncate(descriptor, 0)
                os.pwrite(
                    descriptor, "".join(f"{line}\n" for line in (os.getpid(), doing) if line).encode(), 0
                )
        except (BlockingIOError, PermissionError):
            pid = _pid_of(descriptor)
            held = Held(pid, _doing_of(descriptor, pid))
            os.close(descriptor)
            raise held from None
        except OSError:
            os.close(descriptor)
            raise
        _HELD[os.getpid(), path] = descriptor


def release(path: Path) -> None:
    """Give the lock back; nothing happens when this process does not have it."""
    with _TABLE:
        descriptor = _HELD.pop((os.getpid(), path.resolve()), None)
        if descriptor is not None:
            os.close(descriptor)


def holder(path: Path) -> int | None:
    """Process id of the owner (0 when it cannot be told), or None when the lock is free."""
    path = path.resolve()
    with _TABLE:
        if (os.getpid(), path) in _HELD:
            return os.getpid()
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            return _pid_of(descriptor) if _is_locked(descriptor) else None
        finally:
            os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    return _query(descriptor)[0] != fcntl.F_UNLCK


def _pid_of(descriptor: int) -> int:
    kind, pid = _query(descriptor)
    if kind != fcntl.F_UNLCK and pid > 0:
        return pid
    # The kernel tells no pid across a network or between containers; the owner has written it down.
    with contextlib.suppress(OSError, ValueError):
        return int(_written(descriptor)[0])
    return 0


def _doing_of(descriptor: int, pid: int) -> str:
    """What the owner has written down; empty while the file is still that of an earlier one."""
    with contextlib.suppress(OSError):
        owner, doing, *_ = _written(descriptor)
        return doing if owner == str(pid) else ""
    return ""


def _written(descriptor: int) -> list[str]:
    """The lines of a lock file, two at least."""
    return [*os.pread(descriptor, 400, 0).decode("utf-8", "replace").split("\n"), "", ""]


def _query(descriptor: int) -> tuple[int, int]:
    if sys.platform == "darwin":
        asked = struct.pack(_MACOS, 0, 0, 0, fcntl.F_WRLCK, 0)
        answer = struct.unpack(_MACOS, fcntl.fcntl(descriptor, fcntl.F_GETLK, asked))
        return answer[3], answer[2]
    asked = struct.pack(_LINUX, fcntl.F_WRLCK, 0, 0, 0, 0)
    answer = struct.unpack(_LINUX, fcntl.fcntl(descriptor, fcntl.F_GETLK, asked))
    return answer[0], answer[4]

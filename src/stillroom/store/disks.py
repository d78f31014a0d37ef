"""Where the store lies, and what can be done there: SQLite's write-ahead log does not work on every disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

FOLDER = ".stillroom"
FILE = "store.db"
MOUNTS = Path("/proc/self/mounts")

_NETWORK = frozenset(
    {"9p", "cifs", "smb3", "smbfs", "ncpfs", "afs", "fuse.sshfs", "fuse.rclone", "fuse.s3fs"}
)


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK)


def is_writable(project: Path, may_write: Callable[[Path], bool] = _may_write) -> bool:
    """Whether the store of a project can be written, or made when there is none.

    Args:
        project: The project's folder; it may be missing.
        may_write: Tells it of one file or folder that exists.
    """
    home = project / FOLDER
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    file = home / FILE
    return may_write(place) and (not file.exists() or may_write(file))


def is_network(kind: str) -> bool:
    """Whether a file system lacks the shared memory that the write-ahead log needs (sqlite.org/wal.html)."""
    return kind in _NETWORK or kind.startswith("nfs")


def fs_type(folder: Path) -> str:
    """Type of the file system that holds ``folder``; empty where the system does not tell (macOS)."""
    try:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
    return type_in(mounts, folder.resolve())


def type_in(mounts: str, folder: Path) -> str:
    """Find the type of the deepest mount above ``folder``.

    Args:
        mounts: Text of ``/proc/self/mounts``: device, mount point, type …; blanks are ``\\040``.
        folder: Absolute path without symbolic links.

    Returns:
        The type, or empty when no line fits.
    """
    best, kind = -1, ""
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1]
        for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
            point = point.replace(code, char)
        # A later line covers an earlier one at the same point.
        if len(point) >= best and folder.is_relative_to(point):
            best, kind = len(point), parts[2]
    return kind

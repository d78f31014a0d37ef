"""Which file system a folder lies on, because SQLite's write-ahead log does not work on all of them."""

from __future__ import annotations

from pathlib import Path

MOUNTS = Path("/proc/self/mounts")

_NETWORK = frozenset(
    {"9p", "cifs", "smb3", "smbfs", "ncpfs", "afs", "fuse.sshfs", "fuse.rclone", "fuse.s3fs"}
)


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

"""Names for a shell to complete: read at once or not at all, and never an error.

Nothing is opened for long, written or migrated: a store that another program holds, that is older or newer
than this one or that is not there at all has no names.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from stillroom.store.disks import FILE, FOLDER

_PATIENCE = 0.1
"""Seconds to wait for a writer; somebody has pressed a key."""
_MOST = 100
"""Names that are offered at a time."""

_NEXT = "SELECT path FROM files WHERE path >= ? AND flag IS NULL ORDER BY path LIMIT 1"


def students(root: Path) -> list[str]:
    """Students that are not deleted."""
    return _column(root, "SELECT name FROM students WHERE deleted IS NULL ORDER BY size, name")


def deployed(root: Path) -> list[str]:
    """Students with a deployment."""
    return _column(root, "SELECT DISTINCT student FROM deployments WHERE deleted IS NULL ORDER BY student")


def training(root: Path) -> list[str]:
    """Students whose job is under way."""
    sql = "SELECT student FROM jobs WHERE arn IS NOT NULL AND ended IS NULL ORDER BY created"
    return _column(root, sql)


def runs(root: Path) -> list[str]:
    """Names of labeling runs; imported labels are none, and prompts that were tried are no lasting ones."""
    return _column(
        root,
        "SELECT name FROM runs WHERE role <> 'ask' AND name <> 'imported' GROUP BY name ORDER BY min(id)",
    )


def pictures(root: Path, beginning: str) -> list[str]:
    """Paths of pictures that begin so, folder by folder: a folder with more in it ends in a slash.

    Each name is one look into the index, so that a million pictures take no longer than a hundred.
    """
    found = _level(root, beginning)
    while len(found) == 1 and found[0].endswith("/"):
        found = _level(root, found[0])
    return found


def _level(root: Path, beginning: str) -> list[str]:
    found: list[str] = []
    cursor = beginning
    with _Reader(root) as read:
        while len(found) < _MOST:
            rows = read(_NEXT, (cursor,))
            if not rows or not rows[0].startswith(beginning):
                break
            folder, slash, _ = rows[0][len(beginning) :].partition("/")
            found.append(beginning + folder + slash)
            # Behind everything in this folder, or behind this very file.
            cursor = beginning + folder + (chr(ord("/") + 1) if slash else "\0")
    return found


def _column(root: Path, sql: str) -> list[str]:
    with _Reader(root) as read:
        return read(sql, ())[:_MOST]


class _Reader:
    """Reads the first column of queries; empty where that cannot be done at once."""

    def __init__(self, root: Path) -> None:
        self._file = root.absolute() / FOLDER / FILE
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> _Reader:
        try:
            self._connection = sqlite3.connect(
                f"{self._file.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE, isolation_level=None
            )
        except (sqlite3.Error, UnicodeError):
            self._connection = None
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()

    def __call__(self, sql: str, values: tuple[str, ...]) -> list[str]:
        if self._connection is None:
            return []
        try:
            return [str(row[0]) for row in self._connection.execute(sql, values)]
        except (sqlite3.Error, UnicodeError):
            return []

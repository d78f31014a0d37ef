"""Ids of files: what has marked a picture by its id must never come to mean another one.

SQLite counts on from the highest id that there is: that of the last row, once deleted, it would give again. A
table that remembers what it gave can only be made anew, a million rows copied; so the highest id is written
down here, whenever files are about to go.
"""

from __future__ import annotations

import sqlite3
from typing import Final

_HIGHEST: Final = """
SELECT max(coalesce((SELECT max(id) FROM files), 0),
           coalesce((SELECT CAST(value AS INTEGER) FROM facts WHERE key = 'highest_file'), 0))
"""


def highest(connection: sqlite3.Connection) -> int:
    """The highest id that a file has, or had; 0: there never was one."""
    return int(connection.execute(_HIGHEST).fetchone()[0])


def keep_highest(connection: sqlite3.Connection) -> None:
    """Remember the highest id; to be called before files are deleted, in the same transaction."""
    connection.execute("INSERT OR REPLACE INTO facts VALUES ('highest_file', ?)", (str(highest(connection)),))

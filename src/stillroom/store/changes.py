"""Whether anybody has written to the store since the last look."""

from __future__ import annotations

from stillroom.store.database import Database


class Changes:
    """A number that changes when another thread or process commits."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def version(self) -> int:
        """Ask SQLite (``PRAGMA data_version``); only numbers that one thread was given compare.

        Where one connection serves all threads that number stands still, because it leaves a connection's own
        commits out. Nobody else can write then: ours are counted, without waiting for whoever is writing.
        """
        if self._database.is_shared:
            return self._database.commits
        with self._database.reading() as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])

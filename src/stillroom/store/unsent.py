"""Contents that could not be sent because of their files: remembered until the folder is looked at."""

from __future__ import annotations

from collections.abc import Mapping

from stillroom.store.database import Database


class Unsent:
    """What is wrong with a file may pass, so nobody is kept from trying again; but next comes a look."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, tried: Mapping[str, bool]) -> None:
        """Remember contents that could not be sent, and forget the others.

        Args:
            tried: Whether each could not be sent.
        """
        if not any(tried.values()) and not self.all():
            return
        with self._database.writing() as connection:
            connection.executemany(
                "DELETE FROM unsent WHERE content_id = (SELECT id FROM contents WHERE hash = ?)",
                [(content,) for content, could_not in tried.items() if not could_not],
            )
            connection.executemany(
                "INSERT OR IGNORE INTO unsent SELECT id FROM contents WHERE hash = ?",
                [(content,) for content, could_not in tried.items() if could_not],
            )

    def forget(self) -> None:
        """The folder has been looked at: what was missing or changed is known now."""
        if self.all():
            with self._database.writing() as connection:
                connection.execute("DELETE FROM unsent")

    def all(self) -> frozenset[str]:
        """Every content that is remembered."""
        sql = "SELECT hash FROM unsent JOIN contents ON id = content_id"
        with self._database.reading() as connection:
            return frozenset(row[0] for row in connection.execute(sql))

"""Small facts by name: the account that was last seen, the latest look at AWS."""

from __future__ import annotations

from stillroom.store.database import Database, storable


class Facts:
    """Text by key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> str | None:
        """The text, or None when there is none."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, key: str, value: str) -> None:
        """Store the text in place of an earlier one."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO facts VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, storable(value)),
            )

    def drop(self, key: str) -> None:
        """Forget the text; nothing happens when there is none."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM facts WHERE key = ?", (key,))

"""The store's shape: numbered SQL files, applied in order, each in one transaction with its number."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from stillroom.errors import StoreError, StoreTooNew


def migrations() -> list[tuple[int, str]]:
    """The SQL of each version, from the package, in order."""
    folder = resources.files("stillroom.store") / "migrations"
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return sorted(
        (int(entry.name.removesuffix(".sql")), entry.read_text(encoding="utf-8")) for entry in found
    )


def migrate(connection: sqlite3.Connection, file: Path, *, read_only: bool = False) -> None:
    """Bring the store to the newest version.

    Args:
        connection: Not in a transaction.
        file: For messages.
        read_only: Refuse instead of changing anything.

    Raises:
        StoreTooNew: The store comes from a newer Stillroom.
        StoreError: It is older and may not be changed.
    """
    steps = migrations()
    newest = steps[-1][0]
    if _version(connection, file, newest) == newest:
        return
    if read_only:
        raise StoreError(
            f"The store {file} is of an older version and cannot be changed here.",
            "Make the project folder writable and run stillroom status once.",
        )
    for number, sql in steps:
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Asked again under the lock: another process may have been faster.
            if _version(connection, file, newest) < number:
                for statement in statements(sql):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number:d}")
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def statements(sql: str) -> Iterator[str]:
    """Split a script; ``executescript`` would commit behind our back."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def _version(connection: sqlite3.Connection, file: Path, newest: int) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > newest:
        raise StoreTooNew(
            f"The store {file} was written by a newer Stillroom: version {version}, this one knows {newest}.",
            "Update Stillroom.",
        )
    return version

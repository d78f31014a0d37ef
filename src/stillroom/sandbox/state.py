"""The sandbox's memory: one SQLite file. A change is on disk before the answer that reports it leaves."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY, region TEXT NOT NULL, created REAL NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL, key TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
    modified REAL NOT NULL, file TEXT NOT NULL, doc TEXT NOT NULL,
    PRIMARY KEY (bucket, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, started REAL NOT NULL,
    doc TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parts (
    upload TEXT NOT NULL, number INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
    modified REAL NOT NULL, file TEXT NOT NULL, doc TEXT NOT NULL,
    PRIMARY KEY (upload, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS roles (name TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS things (
    arn TEXT PRIMARY KEY, kind TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
    created REAL NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS things_by_name ON things (kind, region, name);
CREATE TABLE IF NOT EXISTS tokens (
    kind TEXT NOT NULL, region TEXT NOT NULL, token TEXT NOT NULL, request TEXT NOT NULL, arn TEXT NOT NULL,
    PRIMARY KEY (kind, region, token)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS weights (arn TEXT PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS calls (
    model TEXT NOT NULL, priced_as TEXT NOT NULL, custom INTEGER NOT NULL, served INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
    PRIMARY KEY (model, priced_as, custom)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS trained (
    job TEXT PRIMARY KEY, base TEXT NOT NULL, tokens INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (
    what TEXT PRIMARY KEY, kind TEXT NOT NULL, base TEXT NOT NULL, commitment TEXT NOT NULL,
    units INTEGER NOT NULL, since REAL NOT NULL, until REAL) WITHOUT ROWID;
"""
_VERSION = 1


class State:
    """One connection, used by the server's own thread only."""

    def __init__(self, folder: Path) -> None:
        """Open the state of a folder, making it when there is none.

        Raises:
            RuntimeError: A newer Stillroom wrote it, or it cannot be read or written.
        """
        self.folder = folder
        path = folder / "sandbox.db"
        try:
            self.db = sqlite3.connect(path, isolation_level=None)
            self.db.row_factory = sqlite3.Row
            self.db.execute("PRAGMA journal_mode = WAL")
            # Survives the death of the process; only a power cut may lose the last moments.
            self.db.execute("PRAGMA synchronous = NORMAL")
            version = self.db.execute("PRAGMA user_version").fetchone()[0]
            if version > _VERSION:
                raise RuntimeError("the sandbox's state was written by a newer Stillroom")
            self.db.executescript(_SCHEMA)
            self.db.execute(f"PRAGMA user_version = {_VERSION}")
        except sqlite3.Error as error:
            raise RuntimeError(f"{path} cannot be used: {error}") from error

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is on disk when the block ends, or none of it."""
        self.db.execute("BEGIN IMMEDIATE")
        with self.db:
            yield self.db

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self.db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self.db.execute(sql, values).fetchone()
        return found

    def note(self, name: str) -> str | None:
        """A single remembered value."""
        row = self.row("SELECT value FROM notes WHERE name = ?", name)
        return None if row is None else row["value"]

    def keep_note(self, name: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))


def packed(doc: Any) -> str:
    """A document column's text."""
    return json.dumps(doc, ensure_ascii=False, separators=(",", ":"))

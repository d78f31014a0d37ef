"""Connections to the store's file: one for each thread, one writer at a time, errors in our own words."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stillroom.errors import StorageFull, StoreBusy, StoreError
from stillroom.store import locks

_BUSY_SECONDS = 10.0
_READING_CACHE, _WRITING_CACHE = 8_000, 32_000
"""Most KiB of pages that a connection keeps. Many threads read and few write; writing a million pictures in
no order is what needs more."""
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Database:
    """The SQLite file, usable from several threads.

    With the write-ahead log every thread has a connection of its own, so reading never waits for writing.
    On a network file system there is one connection, which holds the file alone.
    """

    def __init__(self, file: Path, *, read_only: bool = False, alone: bool = False) -> None:
        """Prepare to connect.

        Args:
            file: The SQLite file.
            read_only: Never write; a file that is missing counts as empty.
            alone: Use a rollback journal and keep every other process out.
        """
        self.file = file
        self.read_only = read_only
        self.alone = alone
        self.commits = 0
        """Transactions that were stored through this so far."""
        self._lock = threading.RLock()
        """Held while writing, and for all work on a shared connection."""
        self._table = threading.Lock()
        """Held while the table of connections changes; never while waiting for a writer."""
        self._connections: dict[threading.Thread, sqlite3.Connection] = {}
        self._readers: Counter[threading.Thread] = Counter()
        """How deep each thread is in reading; guarded by the table's lock."""
        self._local = threading.local()
        self._shared: sqlite3.Connection | None = None
        self._reached = False
        """Whether there has been a connection: where the file has gone since, no other is made."""
        self._identity: tuple[int, int] | None = None
        """Which file the first connection opened, by device and inode."""
        self._closed = False

    @property
    def is_shared(self) -> bool:
        """Whether one connection serves all threads; no other process writes then."""
        return self.alone or self._shared is not None

    @contextmanager
    def reading(self, *, whole: bool = False) -> Iterator[sqlite3.Connection]:
        """Give a connection to read with.

        Args:
            whole: Whole tables are gone through: what that takes is given back at once, because each thread
                has a connection and would keep it.

        Raises:
            StoreError: The file cannot be read.
        """
        with self._translated():
            if self.is_shared:
                with self._lock:
                    yield self._connection()
            else:
                with self._begun():
                    connection = self._connection()
                    yield connection
                    if whole:
                        connection.execute("PRAGMA shrink_memory")

    @contextmanager
    def _begun(self) -> Iterator[None]:
        """Keep this thread's connection open until it has read, also when the store is closed meanwhile.

        SQLite crashes when a connection is closed under a statement of another thread.
        """
        me = threading.current_thread()
        with self._table:
            if self._closed:
                raise StoreError("The store is closed.")
            self._readers[me] += 1
        try:
            yield
        finally:
            with self._table:
                self._readers[me] -= 1
                if not self._readers[me]:
                    del self._readers[me]
                    if self._closed and me in self._connections:
                        self._connections.pop(me).close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection within a transaction: all of the block is stored, or none of it.

        A block inside a block belongs to the outer transaction.

        Raises:
            StorageFull: The disk is full or the folder is read-only.
            StoreError: Anything else that is wrong with the file.
        """
        if self.read_only:
            raise StorageFull(
                f"The store {self.file} can only be read.",
                "Free disk space, or make the project folder writable.",
            )
        with self._lock, self._translated():
            connection = self._connection()
            if connection.in_transaction:
                yield connection
                return
            if self._has_gone():  # SQLite would go on in a file that has no name any more
                raise self._gone()
            if not getattr(self._local, "writes", False):
                connection.execute(f"PRAGMA cache_size = -{_WRITING_CACHE}")
                self._local.writes = True
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
                self.commits += 1
            finally:
                # SQLite rolls some failures back by itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connections of all threads; one that is being read from is closed by its reader."""
        with self._lock, self._table:
            self._closed = True
            for thread in [each for each in self._connections if each not in self._readers]:
                self._connections.pop(thread).close()
            if self._shared is not None:
                self._shared.close()
                self._shared = None

    def use(self, connection: sqlite3.Connection) -> None:
        """Serve all threads with this one connection."""
        with self._lock:
            self._shared = connection

    def _connection(self) -> sqlite3.Connection:
        if self._closed and threading.current_thread() not in self._readers:
            raise StoreError("The store is closed.")
        if self._shared is not None:
            return self._shared
        if self.alone:
            self._shared = self.connect()
            return self._shared
        mine: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if mine is None:
            mine = self.connect()
            with self._table:
                for thread in [thread for thread in self._connections if not thread.is_alive()]:
                    self._connections.pop(thread).close()
                self._connections[threading.current_thread()] = mine
            self._local.connection = mine
        return mine

    def connect(self) -> sqlite3.Connection:
        """Open one more connection, set up as all are. The first makes the file."""
        mode = "ro" if self.read_only else "rw" if self._reached else "rwc"
        connection = sqlite3.connect(
            f"{self.file.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        try:
            connection.row_factory = sqlite3.Row
            if self.alone:
                connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            if not self.read_only:
                connection.execute(f"PRAGMA journal_mode = {'DELETE' if self.alone else 'WAL'}")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            # Sorting takes as much memory as the cache, and then temporary files: in less time than in memory
            # alone, where every row is an allocation of its own.
            connection.execute("PRAGMA temp_store = FILE")
            connection.execute(f"PRAGMA cache_size = -{_READING_CACHE}")
        except sqlite3.Error:
            connection.close()
            raise
        self._reached = True
        if self._identity is None:
            self._identity = _identity(self.file)
        return connection

    def _has_gone(self) -> bool:
        """Whether the file of the first connection was removed since, or another put in its place."""
        if self._identity is None:
            return False
        try:
            return _identity(self.file) != self._identity
        except OSError:
            return False  # it cannot be told

    def _gone(self) -> StoreError:
        return StoreError(
            f"The store {self.file} is gone: it was removed while it was in use.",
            "Put back a copy of the folder .stillroom from a backup, then start Stillroom again.",
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            ours = translate(error, self.file)
            if ours is None:
                raise
            if self._reached and isinstance(ours, StorageFull) and self._has_gone():
                ours = self._gone()
            raise ours from error


def translate(error: sqlite3.DatabaseError, file: Path) -> StoreError | None:
    """Say an SQLite error in our words; None for one that only a mistake of ours can cause."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    primary = code & 0xFF
    if primary in _FULL:
        return StorageFull(
            f"The store {file} cannot be written or read: {error}.",
            "Free disk space, or make the project folder writable; what was stored before is kept.",
        )
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        pid = locks.holder(lock_file(file)) or 0
        who = f"process {pid}" if pid else "another process"
        return StoreBusy(
            f"The store {file} is held by {who}.", "Wait until it is done, then try again.", pid=pid
        )
    if primary in _BROKEN:
        return StoreError(
            f"The store {file} is damaged: {error}.",
            "Put back a copy of the folder .stillroom from a backup.",
        )
    return None


def _identity(file: Path) -> tuple[int, int] | None:
    """Which file has the name: device and inode; None: none.

    Raises:
        OSError: It cannot be told.
    """
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def lock_file(file: Path) -> Path:
    """The lock that a process holds which has the store alone."""
    return file.with_name("store.lock")


def storable(text: str) -> str:
    """Text that SQLite can hold: a lone surrogate, as a model's JSON may bring, becomes an escape."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()
    return text

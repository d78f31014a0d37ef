"""The store as a whole: opened from a project folder, one part for each idea."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from stillroom.errors import StorageFull, StoreBusy
from stillroom.store import disks, locks
from stillroom.store.answers import Answers
from stillroom.store.changes import Changes
from stillroom.store.database import Database, lock_file, translate
from stillroom.store.diary import Diary
from stillroom.store.exclusion import alone, refuse_held
from stillroom.store.facts import Facts
from stillroom.store.jobs import Jobs
from stillroom.store.migrating import migrate
from stillroom.store.records import Records
from stillroom.store.runs import Runs
from stillroom.store.spending import Spending
from stillroom.store.students import Students

if TYPE_CHECKING:
    from stillroom.store.pictures import Pictures
    from stillroom.store.tallies import Tallies
    from stillroom.store.unsent import Unsent
    from stillroom.store.views import Views


class Store:
    """A project's memory. Usable from several threads; close it, or use it in a ``with`` block."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        """Use :meth:`open` instead."""
        self.database = database
        self.path = database.file
        self.read_only = database.read_only
        self._now = now
        self.facts = Facts(database)
        self.runs = Runs(database, now)
        self.answers = Answers(database, now, self.runs)
        self.jobs = Jobs(database)
        self.spending = Spending(database, self.runs, self.jobs)
        self.records = Records(database, now)
        self.students = Students(database)
        self.diary = Diary(database, now)
        self.changes = Changes(database)

    @cached_property
    def pictures(self) -> Pictures:
        from stillroom.store.pictures import Pictures

        return Pictures(self.database, self._now)

    @cached_property
    def unsent(self) -> Unsent:
        from stillroom.store.unsent import Unsent

        return Unsent(self.database)

    @cached_property
    def views(self) -> Views:
        from stillroom.store.views import Views

        return Views(self.database)

    @cached_property
    def tallies(self) -> Tallies:
        from stillroom.store.tallies import Tallies

        return Tallies(self.database)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        now: Callable[[], float] = time.time,
        fs_type: Callable[[Path], str] = disks.fs_type,
        read_only: bool = False,
    ) -> Store:
        """Open the store of a project, making or migrating it when needed.

        One in which nothing can be written now, as on a full disk, is opened for reading only.

        Args:
            folder: The project's folder; the store lies in ``.stillroom/store.db`` below it.
            now: Unix time in seconds.
            fs_type: Tells the file-system type of a folder.
            read_only: Change nothing at all; a store that does not exist yet counts as empty.

        Raises:
            StoreTooNew: It was written by a newer Stillroom.
            StoreBusy: On a network file system: another process has it open.
            StorageFull: The disk is full or the folder cannot be written.
            StoreError: The file is damaged.
        """
        home = folder / disks.FOLDER
        file = home / disks.FILE
        if read_only:
            return cls(_open_for_reading(file), now)
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(home, error) from error
        try:
            return cls._open_for_writing(file, now, alone=disks.is_network(fs_type(home)))
        except StorageFull:
            if not file.exists() or not file.stat().st_size:
                raise
            return cls(_open_for_reading(file), now)

    @classmethod
    def _open_for_writing(cls, file: Path, now: Callable[[], float], *, alone: bool) -> Store:
        with ExitStack() as undoing:
            if alone:
                _hold(file)
                undoing.callback(locks.release, lock_file(file))
            database = Database(file, alone=alone)
            undoing.callback(database.close)
            with database.reading() as connection:
                migrate(connection, file)
            store = cls(database, now)
            store.runs.sweep()
            undoing.pop_all()  # it is open, and stays so
        return store

    def alone(self, what: str, doing: str, *, shared: bool = False) -> AbstractContextManager[None]:
        """Keep every other process, and every other part of this one, out of ``what``.

        Args:
            what: A word; the same word is the same hold.
            doing: What the holder does, for the message: ``is starting jobs``.
            shared: Keep only those out who want to be alone: other processes may share the hold.

        Raises:
            StoreBusy: On entering: somebody is in there.
        """
        return alone(self._held_as(what), doing, shared=shared)

    def refuse_held(self, what: str, doing: str) -> None:
        """Say that somebody is in ``what``; see :meth:`alone`.

        Raises:
            StoreBusy: Somebody is.
        """
        refuse_held(self._held_as(what), doing)

    def _held_as(self, what: str) -> Path:
        return self.path.parent / "locks" / f"{what}.lock"

    def close(self) -> None:
        """Close all connections."""
        self.database.close()
        if self.database.alone:
            locks.release(lock_file(self.path))

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _hold(file: Path) -> None:
    lock = lock_file(file)
    try:
        locks.acquire(lock)
    except locks.Held as held:
        raise StoreBusy(
            f"The store {file} is on a network file system and process {held.pid} has it open.",
            "Wait until it is done, or keep the project on a local disk.",
            pid=held.pid,
        ) from held
    except OSError as error:
        raise _unwritable(lock, error) from error


def _unwritable(path: Path, error: OSError) -> StorageFull:
    return StorageFull(
        f"{path} cannot be written: {error.strerror or error}.",
        "Free disk space, or make the project folder writable.",
    )


def _open_for_reading(file: Path) -> Database:
    database = Database(file, read_only=True)
    if not file.exists():
        empty = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        empty.row_factory = sqlite3.Row
        migrate(empty, file)
        database.use(empty)
        return database
    try:
        with ExitStack() as undoing:
            undoing.callback(database.close)
            with database.reading() as connection:
                migrate(connection, file, read_only=True)
            undoing.pop_all()
    except StorageFull:
        return _open_unchanging(file)
    return database


def _open_unchanging(file: Path) -> Database:
    """Read a store in a folder where not even the log's index can be made.

    Safe only when there is no log to be read: then the file is complete and nobody can be writing it here.
    """
    log = file.with_name(f"{file.name}-wal")
    if log.exists() and log.stat().st_size:
        raise StorageFull(
            f"The store {file} has a log that cannot be read where nothing can be written.",
            "Free disk space, or make the project folder writable, and run stillroom status once.",
        )
    database = Database(file, read_only=True)
    try:
        with ExitStack() as undoing:
            undoing.callback(database.close)
            connection = sqlite3.connect(
                f"{file.absolute().as_uri()}?mode=ro&immutable=1",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
            )
            connection.row_factory = sqlite3.Row
            database.use(connection)
            migrate(connection, file, read_only=True)
            undoing.pop_all()
    except sqlite3.DatabaseError as error:
        ours = translate(error, file)
        if ours is None:
            raise
        raise ours from error
    return database

"""Files of training records that were built, and objects that were uploaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from stillroom.store.database import Database
from stillroom.store.things import RecordsFile, Upload


class Records:
    """What was built and what is in the bucket, as far as this project saw."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    def save_file(self, file: RecordsFile) -> None:
        """Store that a file was built, in place of an earlier one at the same path."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO records_files (path, size, sha256, records, bytes, key, built) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (file.path, file.size, file.sha256, file.records, file.bytes, file.key, self._now()),
            )

    def files(self) -> list[RecordsFile]:
        """Every file that was built, by size."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT size, path, sha256, records, bytes, key FROM records_files ORDER BY size, path"
            ).fetchall()
        return [RecordsFile(*row) for row in rows]

    def save_uploads(self, bucket: str, uploads: Iterable[Upload]) -> None:
        """Store that objects were seen in the bucket as they should be."""
        now = self._now()
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO uploads (bucket, key, bytes, etag, sha256, at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                [(bucket, one.key, one.bytes, one.etag, one.sha256, now) for one in uploads],
            )

    def forget_uploads(self, bucket: str, keys: Iterable[str] | None = None) -> None:
        """Forget what was seen in a bucket and has gone; ``keys``: these alone, else all, with the bucket."""
        with self._database.writing() as connection:
            if keys is None:
                connection.execute("DELETE FROM uploads WHERE bucket = ?", (bucket,))
            else:
                gone = [(bucket, key) for key in keys]
                connection.executemany("DELETE FROM uploads WHERE bucket = ? AND key = ?", gone)

    def uploaded(self, bucket: str) -> dict[str, Upload]:
        """What was seen in the bucket, by key."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT key, bytes, etag, sha256 FROM uploads WHERE bucket = ?", (bucket,)
            ).fetchall()
        return {row[0]: Upload(*row) for row in rows}

    def sent(self, bucket: str) -> tuple[int, int]:
        """How many objects were seen in the bucket, and their bytes in all; counted, never listed."""
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT count(*), coalesce(sum(bytes), 0) FROM uploads WHERE bucket = ?", (bucket,)
            ).fetchone()
        return int(found[0]), int(found[1])

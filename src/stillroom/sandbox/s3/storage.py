"""Objects as files and rows. A file is written once under a fresh name and never changed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stillroom.sandbox.state import State, packed


@dataclass(frozen=True, slots=True)
class Stored:
    """One object."""

    bucket: str
    key: str
    size: int
    etag: str
    """Without quotes."""
    modified: float
    """Unix time."""
    file: str
    """Path below the storage folder."""
    doc: dict[str, Any]
    """Content type, metadata, checksums, tags."""


class Storage:
    """The bytes and the index of all buckets."""

    def __init__(self, state: State) -> None:
        """Open the storage beside a state and remove files that a killed process left without a row."""
        self.state = state
        self.folder = state.folder / "objects"
        self.folder.mkdir(exist_ok=True)
        self._sweep()

    def _sweep(self) -> None:
        known = {
            row["file"] for row in self.state.rows("SELECT file FROM objects UNION SELECT file FROM parts")
        }
        for path in self.folder.glob("*/*"):
            if f"{path.parent.name}/{path.name}" not in known:
                path.unlink()

    def fresh(self) -> str:
        """A file name that nobody has, its folder made."""
        name = secrets.token_hex(16)
        (self.folder / name[:2]).mkdir(exist_ok=True)
        return f"{name[:2]}/{name}"

    def path(self, file: str) -> Path:
        return self.folder / file

    def drop(self, *files: str) -> None:
        """Remove files that no row names any more."""
        for file in files:
            self.path(file).unlink(missing_ok=True)

    @contextmanager
    def undoing(self, file: str) -> Iterator[None]:
        """Drop ``file`` unless the block ends well."""
        with ExitStack() as stack:
            stack.callback(self.drop, file)
            yield
            stack.pop_all()

    def bucket(self, name: str) -> Mapping[str, Any] | None:
        """Region, creation time and configuration of a bucket."""
        row = self.state.row("SELECT * FROM buckets WHERE name = ?", name)
        if row is None:
            return None
        return {
            "name": name,
            "region": row["region"],
            "created": row["created"],
            "doc": json.loads(row["doc"]),
        }

    def stored(self, bucket: str, key: str) -> Stored | None:
        row = self.state.row("SELECT * FROM objects WHERE bucket = ? AND key = ?", bucket, key)
        if row is None:
            return None
        return Stored(
            bucket, key, row["size"], row["etag"], row["modified"], row["file"], json.loads(row["doc"])
        )

    def keep(self, item: Stored) -> None:
        """Store an object, replacing the one of the same key."""
        before = self.state.row(
            "SELECT file FROM objects WHERE bucket = ? AND key = ?", item.bucket, item.key
        )
        self.state.db.execute(
            "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)",
            (item.bucket, item.key, item.size, item.etag, item.modified, item.file, packed(item.doc)),
        )
        # Within a transaction the old bytes must outlive it; the next start sweeps them away.
        if before is not None and before["file"] != item.file and not self.state.db.in_transaction:
            self.drop(before["file"])

    def remove(self, bucket: str, key: str) -> None:
        before = self.state.row("SELECT file FROM objects WHERE bucket = ? AND key = ?", bucket, key)
        if before is not None:
            self.state.db.execute("DELETE FROM objects WHERE bucket = ? AND key = ?", (bucket, key))
            self.drop(before["file"])

    def write(
        self, bucket: str, key: str, data: bytes, etag: str, modified: float, content_type: str
    ) -> None:
        """Store bytes that the sandbox itself makes."""
        file = self.fresh()
        self.path(file).write_bytes(data)
        self.keep(Stored(bucket, key, len(data), etag, modified, file, {"type": content_type}))

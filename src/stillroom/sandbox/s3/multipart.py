"""Multipart uploads."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from stillroom.sandbox.s3.access import own_bucket
from stillroom.sandbox.s3.bodies import receive
from stillroom.sandbox.s3.objects import described, key_of
from stillroom.sandbox.s3.storage import Storage, Stored
from stillroom.sandbox.state import packed
from stillroom.sandbox.wire.parsing import NOT_THE_SCHEMA
from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Call

_LEAST_PART = 5 * 1024**2


class Multipart:
    """The operations on multipart uploads."""

    def __init__(self, storage: Storage, wall: Callable[[], float]) -> None:
        self._storage = storage
        self._state = storage.state
        self._wall = wall

    def handlers(self) -> dict[str, Callable[[Call], Any]]:
        """Handlers by operation name."""
        return {
            "CreateMultipartUpload": self._create,
            "UploadPart": self._part,
            "UploadPartCopy": self._part_copy,
            "CompleteMultipartUpload": self._complete,
            "AbortMultipartUpload": self._abort,
            "ListParts": self._parts,
            "ListMultipartUploads": self._list,
        }

    def _create(self, call: Call) -> Any:
        bucket = own_bucket(self._storage, call)["name"]
        key = key_of(call)
        upload = secrets.token_urlsafe(48)
        doc = described(call)
        algorithm = call.params.get("ChecksumAlgorithm")
        self._state.db.execute(
            "INSERT INTO uploads VALUES (?, ?, ?, ?, ?)", (upload, bucket, key, self._wall(), packed(doc))
        )
        answer = {"Bucket": bucket, "Key": key, "UploadId": upload, "ServerSideEncryption": "AES256"}
        return answer | ({"ChecksumAlgorithm": algorithm} if algorithm else {})

    def _upload(self, call: Call) -> Any:
        bucket = own_bucket(self._storage, call)["name"]
        row = self._state.row("SELECT * FROM uploads WHERE id = ?", call.params["UploadId"])
        if row is None or (row["bucket"], row["key"]) != (bucket, call.params["Key"]):
            raise Refusal(
                "NoSuchUpload",
                "The specified upload does not exist. The upload ID may be invalid, or the upload "
                "may have been aborted or completed.",
            )
        return row

    def _keep_part(
        self, upload: str, number: int, size: int, etag: str, file: str, doc: dict[str, Any]
    ) -> None:
        if not 1 <= number <= 10_000:
            self._storage.drop(file)
            raise Refusal("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive")
        before = self._state.row("SELECT file FROM parts WHERE upload = ? AND number = ?", upload, number)
        self._state.db.execute(
            "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?, ?)",
            (upload, number, size, etag, self._wall(), file, packed(doc)),
        )
        if before is not None:
            self._storage.drop(before["file"])

    async def _part(self, call: Call) -> Any:
        upload = self._upload(call)
        file = self._storage.fresh()
        with self._storage.undoing(file):
            got = await receive(call.body, call.headers, self._storage.path(file))
        self._keep_part(upload["id"], call.params["PartNumber"], got.size, got.etag, file, got.checksums)
        sums = {f"Checksum{name}": value for name, value in got.checksums.items()}
        return {"ETag": f'"{got.etag}"', "ServerSideEncryption": "AES256"} | sums

    async def _part_copy(self, call: Call) -> Any:
        upload = self._upload(call)
        bucket, _, key = unquote(call.params["CopySource"].partition("?")[0]).lstrip("/").partition("/")
        own_bucket(self._storage, call, bucket)
        item = self._storage.stored(bucket, key)
        if item is None:
            raise Refusal("NoSuchKey", "The specified key does not exist.", extra={"Key": key})
        found = re.fullmatch(
            r"bytes=(\d+)-(\d+)", call.params.get("CopySourceRange", f"bytes=0-{item.size - 1}")
        )
        if found is None or int(found[2]) >= item.size:
            raise Refusal("InvalidRange", "The requested range is not satisfiable")
        start, end = int(found[1]), int(found[2]) + 1
        file = self._storage.fresh()
        source, target = self._storage.path(item.file), self._storage.path(file)
        etag = await asyncio.to_thread(_cut, source, target, start, end)
        self._keep_part(upload["id"], call.params["PartNumber"], end - start, etag, file, {})
        return {"CopyPartResult": {"ETag": f'"{etag}"', "LastModified": self._wall()}}

    async def _complete(self, call: Call) -> Any:
        upload = self._upload(call)
        named = call.params.get("MultipartUpload", {}).get("Parts", [])
        parts = self._chosen(upload["id"], named)
        file = self._storage.fresh()
        sources = [self._storage.path(row["file"]) for row in parts]
        await asyncio.to_thread(_join, sources, self._storage.path(file))
        digests = b"".join(bytes.fromhex(row["etag"]) for row in parts)
        etag = f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(parts)}"
        size = sum(row["size"] for row in parts)
        item = Stored(
            upload["bucket"], upload["key"], size, etag, self._wall(), file, json.loads(upload["doc"])
        )
        with self._state.change() as db:
            self._storage.keep(item)
            self._forget(db, upload["id"])
        self._storage.drop(*(row["file"] for row in parts))
        location = f"/{item.bucket}/{item.key}"
        return {"Location": location, "Bucket": item.bucket, "Key": item.key, "ETag": f'"{etag}"'}

    def _chosen(self, upload: str, named: Sequence[dict[str, Any]]) -> list[Any]:
        if not named:
            raise Refusal("MalformedXML", NOT_THE_SCHEMA)
        numbers = [part.get("PartNumber", 0) for part in named]
        if numbers != sorted(set(numbers)):
            raise Refusal("InvalidPartOrder", "The list of parts was not in ascending order.")
        have = {
            row["number"]: row for row in self._state.rows("SELECT * FROM parts WHERE upload = ?", upload)
        }
        chosen = []
        for part in named:
            row = have.get(part.get("PartNumber", 0))
            if row is None or row["etag"] != str(part.get("ETag", "")).strip('"'):
                raise Refusal("InvalidPart", "One or more of the specified parts could not be found.")
            chosen.append(row)
        if any(row["size"] < _LEAST_PART for row in chosen[:-1]):
            raise Refusal("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
        return chosen

    def _forget(self, db: Any, upload: str) -> None:
        db.execute("DELETE FROM uploads WHERE id = ?", (upload,))
        db.execute("DELETE FROM parts WHERE upload = ?", (upload,))

    def _abort(self, call: Call) -> Any:
        upload = self._upload(call)["id"]
        files = [row["file"] for row in self._state.rows("SELECT file FROM parts WHERE upload = ?", upload)]
        with self._state.change() as db:
            self._forget(db, upload)
        self._storage.drop(*files)
        return {}

    def _parts(self, call: Call) -> Any:
        upload = self._upload(call)
        after, most = int(call.params.get("PartNumberMarker") or 0), call.params.get("MaxParts", 1000)
        rows = self._state.rows(
            "SELECT * FROM parts WHERE upload = ? AND number > ? ORDER BY number LIMIT ?",
            upload["id"],
            after,
            most + 1,
        )
        parts = [
            {
                "PartNumber": row["number"],
                "LastModified": row["modified"],
                "ETag": f'"{row["etag"]}"',
                "Size": row["size"],
            }
            for row in rows[:most]
        ]
        answer = {
            "Bucket": upload["bucket"],
            "Key": upload["key"],
            "UploadId": upload["id"],
            "MaxParts": most,
            "IsTruncated": len(rows) > most,
            "Parts": parts,
            "StorageClass": "STANDARD",
        }
        return answer | ({"NextPartNumberMarker": parts[-1]["PartNumber"]} if len(rows) > most else {})

    def _list(self, call: Call) -> Any:
        bucket = own_bucket(self._storage, call)["name"]
        prefix = call.params.get("Prefix") or ""
        rows = self._state.rows("SELECT * FROM uploads WHERE bucket = ? ORDER BY key, started", bucket)
        return {
            "Bucket": bucket,
            "Prefix": prefix,
            "MaxUploads": 1000,
            "IsTruncated": False,
            "Uploads": [
                {
                    "UploadId": row["id"],
                    "Key": row["key"],
                    "Initiated": row["started"],
                    "StorageClass": "STANDARD",
                }
                for row in rows
                if row["key"].startswith(prefix)
            ],
        }


def _cut(source: Path, target: Path, start: int, end: int) -> str:
    md5 = hashlib.md5(usedforsecurity=False)
    with source.open("rb") as read, target.open("wb") as write:
        read.seek(start)
        left = end - start
        while piece := read.read(min(left, 1 << 20)):
            md5.update(piece)
            write.write(piece)
            left -= len(piece)
    return md5.hexdigest()


def _join(sources: Sequence[Path], target: Path) -> None:
    with target.open("wb") as write:
        for source in sources:
            with source.open("rb") as read:
                shutil.copyfileobj(read, write, 1 << 20)

"""Objects: put, get, head, copy, delete, tags."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from stillroom.sandbox.s3.access import own_bucket
from stillroom.sandbox.s3.bodies import receive
from stillroom.sandbox.s3.storage import Storage, Stored
from stillroom.sandbox.wire.parsing import NOT_THE_SCHEMA
from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Answer, Call

_KEPT = (
    "ContentType",
    "CacheControl",
    "ContentDisposition",
    "ContentLanguage",
    "ContentEncoding",
    "Metadata",
)
_SMALL = 8 * 1024**2
"""A copy up to this size is done at once, a larger one beside the server's loop."""


def key_of(call: Call) -> str:
    """Raises: Refusal: The key is longer than 1,024 bytes."""
    key: str = call.params["Key"]
    if len(key.encode()) > 1024:
        raise Refusal("KeyTooLongError", "Your key is too long", extra={"MaxSizeAllowed": "1024"})
    return key


def described(call: Call) -> dict[str, Any]:
    """What a put or a multipart upload says about its object."""
    doc = {name: call.params[name] for name in _KEPT if call.params.get(name)}
    if coding := doc.pop("ContentEncoding", ""):
        rest = [one.strip() for one in coding.split(",") if one.strip() not in ("", "aws-chunked")]
        if rest:
            doc["ContentEncoding"] = ",".join(rest)
    if tagging := call.params.get("Tagging"):
        doc["Tags"] = [
            {"Key": unquote(name), "Value": unquote(value)}
            for name, _, value in (pair.partition("=") for pair in tagging.split("&"))
        ]
    return doc


def with_checksums(members: dict[str, Any], doc: dict[str, Any]) -> dict[str, Any]:
    """Members with the object's checksums added."""
    sums = doc.get("Checksums", {})
    members |= {f"Checksum{name}": value for name, value in sums.items()}
    if sums:
        members["ChecksumType"] = doc.get("ChecksumType", "FULL_OBJECT")
    return members


class Objects:
    """The operations on objects."""

    def __init__(self, storage: Storage, wall: Callable[[], float]) -> None:
        self._storage = storage
        self._wall = wall

    def handlers(self) -> dict[str, Callable[[Call], Any]]:
        """Handlers by operation name."""
        return {
            "PutObject": self._put,
            "GetObject": self._get,
            "HeadObject": self._head,
            "CopyObject": self._copy,
            "DeleteObject": self._delete,
            "DeleteObjects": self._delete_many,
            "GetObjectTagging": self._tags,
            "PutObjectTagging": self._set_tags,
            "DeleteObjectTagging": self._drop_tags,
        }

    async def _put(self, call: Call) -> Any:
        bucket = own_bucket(self._storage, call)["name"]
        key = key_of(call)
        before = self._storage.stored(bucket, key)
        if call.params.get("IfNoneMatch") == "*" and before is not None:
            raise Refusal(
                "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"
            )
        file = self._storage.fresh()
        with self._storage.undoing(file):
            got = await receive(call.body, call.headers, self._storage.path(file))
        doc = described(call) | {"Checksums": got.checksums}
        self._storage.keep(Stored(bucket, key, got.size, got.etag, self._wall(), file, doc))
        return with_checksums({"ETag": f'"{got.etag}"', "ServerSideEncryption": "AES256"}, doc)

    def _found(self, call: Call) -> Stored:
        bucket = own_bucket(self._storage, call)["name"]
        item = self._storage.stored(bucket, call.params["Key"])
        if item is None:
            raise Refusal("NoSuchKey", "The specified key does not exist.", extra={"Key": call.params["Key"]})
        wanted, unwanted = call.params.get("IfMatch"), call.params.get("IfNoneMatch")
        if wanted not in (None, "*") and wanted.strip('"') != item.etag:
            raise Refusal(
                "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"
            )
        if unwanted is not None and unwanted.strip('"') in ("*", item.etag):
            raise Refusal("NotModified", "Not Modified", 304)
        return item

    def _members(self, call: Call, item: Stored) -> dict[str, Any]:
        members: dict[str, Any] = {
            "AcceptRanges": "bytes",
            "LastModified": float(int(item.modified)),
            "ContentLength": item.size,
            "ETag": f'"{item.etag}"',
            "ContentType": item.doc.get("ContentType", item.doc.get("type", "binary/octet-stream")),
            "ServerSideEncryption": "AES256",
        }
        members |= {name: item.doc[name] for name in _KEPT[1:] if name in item.doc}
        if tags := item.doc.get("Tags"):
            members["TagCount"] = len(tags)
        for name in (
            "ContentType",
            "CacheControl",
            "ContentDisposition",
            "ContentLanguage",
            "ContentEncoding",
        ):
            if wanted := call.params.get(f"Response{name}"):
                members[name] = wanted
        if call.params.get("ChecksumMode") == "ENABLED" and "Range" not in call.params:
            with_checksums(members, item.doc)
        return members

    def _get(self, call: Call) -> Any:
        item = self._found(call)
        members = self._members(call, item)
        if call.operation == "HeadObject":
            members.pop("TagCount", None)
        start, end = _range(call.params.get("Range"), item.size)
        status = 200
        if call.params.get("Range") and (start, end) != (0, item.size):
            status = 206
            members["ContentRange"] = f"bytes {start}-{end - 1}/{item.size}"
            members["ContentLength"] = end - start
        path = str(self._storage.path(item.file))
        return Answer(members, status=status, file=(path, start, end - start))

    def _head(self, call: Call) -> Any:
        answer = self._get(call)
        return Answer(answer.members, status=answer.status)

    async def _copy(self, call: Call) -> Any:
        bucket = own_bucket(self._storage, call)["name"]
        key = key_of(call)
        source = unquote(call.params["CopySource"].partition("?")[0]).lstrip("/")
        from_bucket, _, from_key = source.partition("/")
        own_bucket(self._storage, call, from_bucket)
        item = self._storage.stored(from_bucket, from_key)
        if item is None:
            raise Refusal("NoSuchKey", "The specified key does not exist.", extra={"Key": from_key})
        replaced = call.params.get("MetadataDirective") == "REPLACE"
        if (from_bucket, from_key) == (bucket, key) and not replaced:
            raise Refusal(
                "InvalidRequest",
                "This copy request is illegal because it is trying to copy an object to itself "
                "without changing the object's metadata.",
            )
        file = self._storage.fresh()
        original, copied = self._storage.path(item.file), self._storage.path(file)
        if item.size > _SMALL:
            await asyncio.to_thread(shutil.copyfile, original, copied)
        else:
            shutil.copyfile(original, copied)
        doc = item.doc
        if replaced:
            doc = described(call) | {"Checksums": item.doc.get("Checksums", {})}
        when = self._wall()
        self._storage.keep(replace(item, bucket=bucket, key=key, modified=when, file=file, doc=doc))
        return {
            "CopyObjectResult": {"ETag": f'"{item.etag}"', "LastModified": when},
            "ServerSideEncryption": "AES256",
        }

    def _delete(self, call: Call) -> Any:
        bucket = own_bucket(self._storage, call)["name"]
        self._storage.remove(bucket, call.params["Key"])
        return {}

    def _delete_many(self, call: Call) -> Any:
        bucket = own_bucket(self._storage, call)["name"]
        wanted = call.params["Delete"]
        if len(wanted["Objects"]) > 1000:
            raise Refusal("MalformedXML", NOT_THE_SCHEMA)
        for one in wanted["Objects"]:
            self._storage.remove(bucket, one["Key"])
        if wanted.get("Quiet"):
            return {}
        return {"Deleted": [{"Key": one["Key"]} for one in wanted["Objects"]]}

    def _tags(self, call: Call) -> Any:
        return {"TagSet": self._found(call).doc.get("Tags", [])}

    def _set_tags(self, call: Call) -> Any:
        item = self._found(call)
        self._storage.keep(replace(item, doc=item.doc | {"Tags": call.params["Tagging"]["TagSet"]}))
        return {}

    def _drop_tags(self, call: Call) -> Any:
        item = self._found(call)
        self._storage.keep(replace(item, doc={k: v for k, v in item.doc.items() if k != "Tags"}))
        return {}


def _range(header: str | None, size: int) -> tuple[int, int]:
    """First byte and the byte after the last; the whole object for a header that means nothing."""
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", (header or "").strip())
    if found is None or found.groups() == ("", ""):
        return 0, size
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
    if start >= size or end <= start:
        raise Refusal(
            "InvalidRange",
            "The requested range is not satisfiable",
            headers={"Content-Range": f"bytes */{size}"},
        )
    return start, end

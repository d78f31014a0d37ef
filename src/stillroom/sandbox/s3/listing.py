"""Listing objects, in key order, with prefix, delimiter and continuation."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from stillroom.sandbox.s3.access import own_bucket
from stillroom.sandbox.s3.storage import Storage
from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Call

_AFTER_ALL = "\U0010ffff"
"""Greater than any character of a key: skips everything below a common prefix."""
_BATCH = 1001


class Listing:
    """ListObjectsV2 and its older sister."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def handlers(self) -> dict[str, Callable[[Call], Any]]:
        """Handlers by operation name."""
        return {"ListObjectsV2": self._second, "ListObjects": self._first}

    def _second(self, call: Call) -> Any:
        after = call.params.get("StartAfter", "")
        token = call.params.get("ContinuationToken")
        if token is not None:
            try:
                after = base64.urlsafe_b64decode(token.encode()).decode()
            except (ValueError, binascii.Error):
                raise Refusal("InvalidArgument", "The continuation token provided is incorrect") from None
        answer, last = self._page(call, after)
        answer["KeyCount"] = len(answer["Contents"]) + len(answer["CommonPrefixes"])
        if token is not None:
            answer["ContinuationToken"] = token
        if "StartAfter" in call.params:
            answer["StartAfter"] = _shown(call, call.params["StartAfter"])
        if last is not None:
            answer["NextContinuationToken"] = base64.urlsafe_b64encode(last.encode()).decode()
        return answer

    def _first(self, call: Call) -> Any:
        marker = call.params.get("Marker", "")
        if (delimiter := call.params.get("Delimiter")) and marker.endswith(delimiter):
            marker += _AFTER_ALL
        answer, last = self._page(call, marker)
        answer["Marker"] = _shown(call, call.params.get("Marker", ""))
        if last is not None:
            answer["NextMarker"] = _shown(call, last.removesuffix(_AFTER_ALL))
        return answer

    def _page(self, call: Call, after: str) -> tuple[dict[str, Any], str | None]:
        bucket = own_bucket(self._storage, call)["name"]
        prefix = call.params.get("Prefix") or ""
        delimiter = call.params.get("Delimiter") or ""
        most = min(1000, max(0, call.params.get("MaxKeys", 1000)))
        contents: list[dict[str, Any]] = []
        folders: list[str] = []
        at: str | None = after
        more = False
        while at is not None and not more:
            at, more = self._batch(bucket, prefix, delimiter, at, most, contents, folders)
        last = None
        if more and most:
            ends = [item["Key"] for item in contents[-1:]] + [one + _AFTER_ALL for one in folders[-1:]]
            last = max(ends, default=after)
        answer = {
            "Name": bucket,
            "Prefix": _shown(call, prefix),
            "Delimiter": _shown(call, delimiter) if delimiter else None,
            "MaxKeys": call.params.get("MaxKeys", 1000),
            "EncodingType": call.params.get("EncodingType"),
            "IsTruncated": last is not None,
            "Contents": [item | {"Key": _shown(call, item["Key"])} for item in contents],
            "CommonPrefixes": [{"Prefix": _shown(call, one)} for one in folders],
        }
        return answer, last

    def _batch(
        self,
        bucket: str,
        prefix: str,
        delimiter: str,
        after: str,
        most: int,
        contents: list[dict[str, Any]],
        folders: list[str],
    ) -> tuple[str | None, bool]:
        """Add rows behind ``after``; where to go on (None: the end), and whether the page is full."""
        rows = self._storage.state.rows(
            "SELECT key, size, etag, modified, doc FROM objects "
            "WHERE bucket = ? AND key > ? AND key >= ? ORDER BY key LIMIT ?",
            bucket,
            after,
            prefix,
            _BATCH,
        )
        for row in rows:
            key = row["key"]
            if not key.startswith(prefix):
                return None, False
            if len(contents) + len(folders) >= most:
                return key, True
            cut = key.find(delimiter, len(prefix)) if delimiter else -1
            if cut >= 0:
                folder = key[: cut + len(delimiter)]
                folders.append(folder)
                return folder + _AFTER_ALL, False
            contents.append(
                {
                    "Key": key,
                    "LastModified": row["modified"],
                    "ETag": f'"{row["etag"]}"',
                    "Size": row["size"],
                    "StorageClass": "STANDARD",
                }
            )
        return (rows[-1]["key"], False) if len(rows) == _BATCH else (None, False)


def _shown(call: Call, text: str) -> str:
    return quote(text, safe="/") if call.params.get("EncodingType") == "url" else text

"""Receiving an object's bytes: decoding, hashing, comparing with what the client announced."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from stillroom.sandbox.wire.chunked import unchunked
from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Body

ALGORITHMS = ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256")
LARGEST = 5 * 1024**3
"""Bytes of one PUT, as on the service."""


class _Sum(Protocol):
    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


class _Crc32:
    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes, /) -> None:
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


@dataclass(frozen=True, slots=True)
class Received:
    """A body that lies in its file."""

    size: int
    etag: str
    """Hex MD5."""
    checksums: dict[str, str]
    """Base64 by algorithm, such as ``CRC32``."""


async def receive(body: Body, headers: Mapping[str, str], path: Path) -> Received:
    """Write a request's body to a file.

    CRC32, SHA-1 and SHA-256 are verified; CRC32C and CRC64NVME are believed and echoed (Python has neither).

    Raises:
        Refusal: The body breaks off, its coding is broken, or a checksum does not match.
    """
    trailers: dict[str, str] = {}
    source: Any = body.pieces()
    if headers.get("x-amz-content-sha256", "").startswith("STREAMING-") or (
        "aws-chunked" in headers.get("Content-Encoding", "")
    ):
        source = unchunked(source, trailers)
    md5 = hashlib.md5(usedforsecurity=False)
    sums = _wanted(headers)
    size = 0
    with path.open("wb") as file:
        async for piece in source:
            size += len(piece)
            if size > LARGEST:
                raise Refusal("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
            md5.update(piece)
            for one in sums.values():
                one.update(piece)
            file.write(piece)
    announced = headers.get("x-amz-decoded-content-length") or headers.get("Content-Length")
    if announced is not None and announced.isdigit() and int(announced) != size:
        raise Refusal(
            "IncompleteBody", "You did not provide the number of bytes specified by Content-Length."
        )
    if (claimed := headers.get("Content-MD5")) and claimed != base64.b64encode(md5.digest()).decode():
        raise Refusal("BadDigest", "The Content-MD5 you specified did not match what we received.")
    return Received(size, md5.hexdigest(), _verified(headers, trailers, sums))


def _wanted(headers: Mapping[str, str]) -> dict[str, _Sum]:
    named = {headers.get("x-amz-sdk-checksum-algorithm", "").upper()}
    named |= {name.strip()[15:].upper() for name in headers.get("x-amz-trailer", "").lower().split(",")}
    named |= {name for name in ALGORITHMS if f"x-amz-checksum-{name.lower()}" in headers}
    makers: dict[str, Any] = {
        "CRC32": _Crc32,
        "SHA1": lambda: hashlib.sha1(usedforsecurity=False),
        "SHA256": hashlib.sha256,
    }
    return {name: make() for name, make in makers.items() if name in named}


def _verified(
    headers: Mapping[str, str], trailers: Mapping[str, str], sums: Mapping[str, _Sum]
) -> dict[str, str]:
    found = {name: base64.b64encode(one.digest()).decode() for name, one in sums.items()}
    for name in ALGORITHMS:
        wire = f"x-amz-checksum-{name.lower()}"
        claimed = headers.get(wire) or trailers.get(wire)
        if claimed is None:
            continue
        if found.setdefault(name, claimed) != claimed:
            raise Refusal("BadDigest", f"The {name} you specified did not match the calculated checksum.")
    return found

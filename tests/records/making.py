"""Good records, real little pictures, and the register of files that break a rule."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from stillroom.records import TargetModel

OWNER = "111122223333"
SIZE_REMARKS = frozenset({"few-records", "few-records-2-lite"})
"""What is said about files that are merely small."""

Record = dict[str, Any]


@dataclass(frozen=True)
class BrokenCase:
    """A file, what it points to, and what it is for."""

    lines: bytes
    """The records file."""
    pictures: dict[str, bytes] = field(default_factory=dict)
    """Objects by S3 key, in the bucket that was asked for."""
    model: TargetModel = TargetModel.LITE
    name: str = "train.jsonl"
    validation: bool = False
    """The file is the validation file of a job."""
    companion: bytes | None = None
    """The validation file that is sent along, where the rule is about both."""
    other: bytes | None = None
    """A second file that may share nothing with this one."""
    sides: dict[str, str] = field(default_factory=dict)
    """Side of the split by key, where it is known."""


def png(width: int, height: int, shade: int = 128) -> bytes:
    """A real grey PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes([shade]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def key_of(number: int) -> str:
    return f"pictures/{number}.png"


def image(bucket: str, key: str, format: str = "png") -> Record:
    return media("image", bucket, key, format)


def media(kind: str, bucket: str, key: str, format: str) -> Record:
    location = {"uri": f"s3://{bucket}/{key}", "bucketOwner": OWNER}
    return {kind: {"format": format, "source": {"s3Location": location}}}


def conversation(content: list[Any], label: str) -> Record:
    return {
        "schemaVersion": "bedrock-conversation-2024",
        "system": [{"text": "You name what is in pictures."}],
        "messages": [
            {"role": "user", "content": [{"text": "List 15-25 keywords."}, *content]},
            {"role": "assistant", "content": [{"text": label}]},
        ],
    }


def picture_record(bucket: str, number: int) -> Record:
    return conversation([image(bucket, key_of(number))], f"grey, square, plain, number {number}")


def good_records(bucket: str, count: int = 8) -> list[Record]:
    return [picture_record(bucket, number) for number in range(count)]


def pictures_for(count: int = 8) -> dict[str, bytes]:
    return {key_of(number): png(32, 32, number) for number in range(count)}


def to_lines(records: list[Record]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def case(records: list[Record], **more: Any) -> BrokenCase:
    return BrokenCase(to_lines(records), **{"pictures": pictures_for(len(records)), **more})


BROKEN: dict[str, Callable[[str], BrokenCase]] = {}
"""Complete when `tests.records.broken` was imported."""

Change = Callable[[Record, str], None]


def broken(rule: str) -> Callable[[Callable[[str], BrokenCase]], Callable[[str], BrokenCase]]:
    """Register a function that makes the whole case."""

    def register(make: Callable[[str], BrokenCase]) -> Callable[[str], BrokenCase]:
        BROKEN[rule] = make
        return make

    return register


def changed(rule: str, **more: Any) -> Callable[[Change], Change]:
    """Register a function that spoils the third of eight good records."""

    def register(change: Change) -> Change:
        def make(bucket: str) -> BrokenCase:
            records = good_records(bucket)
            change(records[2], bucket)
            return case(records, **more)

        BROKEN[rule] = make
        return change

    return register


def user(record: Record) -> list[Any]:
    content: list[Any] = record["messages"][0]["content"]
    return content


def answer(record: Record) -> list[Any]:
    content: list[Any] = record["messages"][1]["content"]
    return content


def picture(record: Record) -> Record:
    found: Record = user(record)[1]["image"]
    return found


def location(record: Record) -> Record:
    found: Record = picture(record)["source"]["s3Location"]
    return found

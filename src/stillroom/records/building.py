"""Training records are written: one picture, one question, one answer a line.

The constant part of a record (schema, system, question) is encoded once for a prompt, so that a line costs
two short string encodings.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from json import dumps
from json.encoder import encode_basestring
from pathlib import Path
from typing import BinaryIO

from stillroom.errors import StorageFull
from stillroom.labeling.values import Prompt
from stillroom.records.values import FileFacts
from stillroom.replacing import replacing

SCHEMA_VERSION = "bedrock-conversation-2024"
IMAGE_FORMATS = ("png", "jpeg", "gif", "webp")

_URI = re.compile(r"s3://[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]/[A-Za-z0-9_\-/.]{1,1024}", re.ASCII)
_OWNER = re.compile(r"[0-9]{12}", re.ASCII)
_CHUNK = 1 << 20


def record_line(prompt: Prompt, label: str, uri: str, format: str, bucket_owner: str) -> bytes:
    """Write one single-image record (system, user text and picture, assistant label) as a line.

    The shape is the single-image example of the Nova user guide, page
    fine-tune-prepare-data-understanding. An empty system prompt is left out.

    Args:
        prompt: What the teacher was asked.
        label: What the student shall answer.
        uri: ``s3://bucket/key`` of the prepared picture; ASCII letters, digits, ``_-/.`` in the key.
        format: ``png``, ``jpeg``, ``gif`` or ``webp``.
        bucket_owner: 12-digit account id.

    Returns:
        UTF-8, one line, ended by a line feed.

    Raises:
        ValueError: URI, format or account id is not of that shape.
    """
    if not _URI.fullmatch(uri):
        raise ValueError(f"not the URI of a picture in S3: {uri!r}")
    if format not in IMAGE_FORMATS:
        raise ValueError(f"not a format that Converse names: {format!r}")
    if not _OWNER.fullmatch(bucket_owner):
        raise ValueError(f"not a 12-digit account id: {bucket_owner!r}")
    line = (
        f'{_head(prompt)}{{"image":{{"format":"{format}","source":{{"s3Location":'
        f'{{"uri":"{uri}","bucketOwner":"{bucket_owner}"}}}}}}}}]}},'
        f'{{"role":"assistant","content":[{{"text":{encode_basestring(label)}}}]}}]}}\n'
    )
    return line.encode("utf-8", "replace")


@lru_cache(maxsize=16)
def _head(prompt: Prompt) -> str:
    """Everything that comes before the picture."""
    system = f'"system":[{{"text":{dumps(prompt.system, ensure_ascii=False)}}}],' if prompt.system else ""
    question = dumps(prompt.user, ensure_ascii=False)
    return (
        f'{{"schemaVersion":"{SCHEMA_VERSION}",{system}'
        f'"messages":[{{"role":"user","content":[{{"text":{question}}},'
    )


def write_records(path: Path, lines: Iterable[bytes]) -> FileFacts:
    """Write a records file; it appears whole or not at all.

    Args:
        path: The file; its folder is made when it is missing, an older file is replaced.
        lines: Records, each ended by a line feed.

    Returns:
        Count, size and SHA-256 of what was written.

    Raises:
        StorageFull: The folder cannot be written, or the disk is full. What was there before is untouched.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            return _write(file, lines)
    except OSError as error:
        raise _cannot_write(path, error) from error


def _write(file: BinaryIO, lines: Iterable[bytes]) -> FileFacts:
    digest = hashlib.sha256()
    records = size = 0
    waiting = bytearray()
    for line in lines:
        waiting += line
        records += 1
        if len(waiting) >= _CHUNK:
            digest.update(waiting)
            size += len(waiting)
            file.write(waiting)
            waiting = bytearray()
    digest.update(waiting)
    file.write(waiting)
    return FileFacts(records, size + len(waiting), digest.hexdigest())


def _cannot_write(path: Path, error: OSError) -> StorageFull:
    reason = error.strerror or type(error).__name__
    return StorageFull(
        f"{path} cannot be written: {reason}.", "Free some space, or make its folder writable."
    )

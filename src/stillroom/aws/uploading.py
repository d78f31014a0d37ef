"""Uploading many files: in parallel, skipping what is there and equal, verified afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stillroom.aws.session import Session


@dataclass(frozen=True, slots=True)
class Upload:
    """One file to be in the bucket."""

    path: Path
    key: str
    """Holds the hash of the bytes, so that equal keys mean equal bytes."""
    size: int
    """Bytes."""
    sha256: str
    """Hex digest of the bytes that are sent."""
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How far an upload is."""

    total: int
    done: int
    """Sent or skipped."""
    skipped: int
    failed: int
    sent_bytes: int


@dataclass(frozen=True, slots=True)
class UploadFailure:
    """One file that did not get there."""

    key: str
    what: str
    todo: str


@dataclass(frozen=True, slots=True)
class UploadResult:
    """How an upload ended."""

    total: int
    sent: int
    skipped: int
    sent_bytes: int
    failures: tuple[UploadFailure, ...]
    cancelled: bool = False


def object_key(prefix: str, folder: str, sha256: str, extension: str) -> str:
    """Key of a file: ``<prefix>/<folder>/<2 hex>/<sha256>.<extension>``; empty parts are left out.

    Raises:
        UsageError: The prefix or folder has characters that Bedrock refuses in keys of training data.
    """
    raise NotImplementedError


def upload_many(
    session: Session,
    bucket: str,
    uploads: Sequence[Upload],
    *,
    account: str,
    workers: int = 16,
    report: Callable[[UploadProgress], None] | None = None,
    cancelled: threading.Event | None = None,
) -> UploadResult:
    """Bring files into the bucket.

    What the bucket already holds with the same size and checksum is skipped. Every object is sent with its
    SHA-256, which S3 checks, and a listing afterwards must show all of them.

    Args:
        session: Session of the bucket's region.
        bucket: Bucket, which must belong to ``account``.
        uploads: Files; two of one key are sent once.
        account: 12-digit account that owns the bucket.
        workers: Uploads in flight.
        report: Called from the calling thread as it goes on.
        cancelled: When set, no further file is begun.

    Raises:
        Refused: The bucket refused all alike (missing, not ours, no permission); nothing more is tried.
        Unreachable: The endpoint is away.
    """
    raise NotImplementedError

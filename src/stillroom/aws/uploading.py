"""Uploading many files: in parallel, skipping what is there and equal, verified afterwards."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from stillroom.aws.buckets import ObjectFact, list_prefix, owned_by
from stillroom.aws.faults import one_line
from stillroom.aws.session import Session
from stillroom.errors import BadRequest, QuotaRefused, UsageError

_KEY = re.compile(r"[A-Za-z0-9_./-]*")
"""Characters that Bedrock takes in keys of training data (Nova guide, fine-tune-prepare-data)."""


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
    there: frozenset[str]
    """Keys that the bucket is known to hold: sent or skipped."""
    cancelled: bool = False


def object_key(prefix: str, folder: str, sha256: str, extension: str) -> str:
    """Key of a file: ``<prefix>/<folder>/<2 hex>/<sha256>.<extension>``; empty parts are left out.

    Raises:
        UsageError: A part has characters that Bedrock refuses in keys of training data.
    """
    name = f"{sha256}.{extension}" if extension else sha256
    key = "/".join(part for part in (prefix.strip("/"), folder.strip("/"), sha256[:2], name) if part)
    if not _KEY.fullmatch(key):
        raise UsageError(
            f"{key!r} has characters that Bedrock refuses in keys.",
            "Use letters, digits, `_`, `-`, `.` and `/` in aws.prefix.",
        )
    return key


def upload_many(
    session: Session,
    bucket: str,
    uploads: Sequence[Upload],
    *,
    account: str,
    workers: int = 16,
    look: Callable[[Collection[str]], None] | None = None,
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
        look: Called with the keys that the bucket holds, before anything is sent; what it raises ends it.
        report: Called from the calling thread as it goes on.
        cancelled: When set, no further file is begun.

    Raises:
        Refused: The bucket refused (missing, not ours, no permission, credentials); nothing more is tried.
        Unreachable: The endpoint is away.
    """
    wanted = list({one.key: one for one in uploads}.values())
    held = _held(session, bucket, wanted, account)
    if look is not None:
        look(held.keys())
    sender = _Sender(session, bucket, account, held)
    tally = _Tally(len(wanted))
    stop = cancelled or threading.Event()
    with ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="upload") as pool:
        try:
            for upload, future in _in_flight(pool, sender, wanted, 2 * workers, stop):
                tally.count(upload, future)
                if report is not None:
                    report(tally.progress())
        finally:
            # When all went well nothing is left to cancel.
            pool.shutdown(wait=True, cancel_futures=True)
    _verify(session, bucket, tally, account)
    there = frozenset(tally.sent.keys() | tally.skipped)
    return UploadResult(
        total=len(wanted),
        sent=len(tally.sent),
        skipped=len(tally.skipped),
        sent_bytes=tally.sent_bytes,
        failures=tuple(tally.failures.values()),
        there=there,
        cancelled=len(there | tally.failures.keys()) < len(wanted),
    )


class _Fate(Enum):
    SENT = auto()
    SKIPPED = auto()


class _Tally:
    """What has become of the files; kept by the calling thread alone."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.sent: dict[str, tuple[Upload, str]] = {}
        self.skipped: set[str] = set()
        self.failures: dict[str, UploadFailure] = {}
        self.sent_bytes = 0

    def count(self, upload: Upload, future: Future[tuple[_Fate, str]]) -> None:
        """Take in one finished file; errors that every file would meet are raised again."""
        try:
            fate, etag = future.result()
        except OSError as error:
            self.fail(
                upload, f"{upload.path} cannot be read: {error.strerror or error}.", "Prepare it again."
            )
        except (BadRequest, QuotaRefused) as error:
            self.fail(upload, error.what, error.todo)
        else:
            if fate is _Fate.SKIPPED:
                self.skipped.add(upload.key)
            else:
                self.sent[upload.key] = (upload, etag)
                self.sent_bytes += upload.size

    def fail(self, upload: Upload, what: str, todo: str) -> None:
        """Note a file that did not get there."""
        self.failures[upload.key] = UploadFailure(upload.key, one_line(what), todo)

    def progress(self) -> UploadProgress:
        """A snapshot."""
        done = len(self.sent) + len(self.skipped)
        return UploadProgress(self.total, done, len(self.skipped), len(self.failures), self.sent_bytes)


class _Sender:
    """Sends one file, from any thread."""

    def __init__(self, session: Session, bucket: str, account: str, held: Mapping[str, ObjectFact]) -> None:
        self._session = session
        self._s3 = session.client("s3")
        self._where = {"Bucket": bucket, **owned_by(account)}
        self._held = held

    def __call__(self, upload: Upload) -> tuple[_Fate, str]:
        there = self._held.get(upload.key)
        checksum = base64.b64encode(bytes.fromhex(upload.sha256)).decode()
        with self._session.calling("upload", f"bucket {self._where['Bucket']}"):
            if there is not None and there.size == upload.size and self._equal(upload, there, checksum):
                return _Fate.SKIPPED, there.etag
            with upload.path.open("rb") as body:
                size = os.fstat(body.fileno()).st_size
                if size != upload.size:
                    raise BadRequest(
                        f"{upload.path} has {size:,} bytes, not the {upload.size:,} that were prepared.",
                        "Prepare it again.",
                    )
                answer = self._s3.put_object(
                    **self._where,
                    Key=upload.key,
                    Body=body,
                    ContentLength=size,
                    ContentType=upload.content_type,
                    ChecksumSHA256=checksum,
                )
        return _Fate.SENT, str(answer.get("ETag") or "").strip('"')

    def _equal(self, upload: Upload, there: ObjectFact, checksum: str) -> bool:
        """An ETag is an MD5 only without KMS and without parts; else the stored checksum decides."""
        with upload.path.open("rb") as body:
            md5 = hashlib.file_digest(body, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        if there.etag == md5:
            return True
        answer = self._s3.head_object(**self._where, Key=upload.key, ChecksumMode="ENABLED")
        return bool(answer.get("ChecksumSHA256") == checksum)


def _in_flight(
    pool: ThreadPoolExecutor,
    sender: _Sender,
    wanted: Sequence[Upload],
    window: int,
    cancelled: threading.Event,
) -> Iterator[tuple[Upload, Future[tuple[_Fate, str]]]]:
    """Finished files as they come, never more than a window of them begun."""
    queue = iter(wanted)
    going: dict[Future[tuple[_Fate, str]], Upload] = {}
    exhausted = False
    while going or not exhausted:
        while not exhausted and len(going) < max(1, window):
            upload = None if cancelled.is_set() else next(queue, None)
            if upload is None:
                exhausted = True
            else:
                going[pool.submit(sender, upload)] = upload
        if going:
            finished, _ = wait(going, return_when=FIRST_COMPLETED)
            for future in finished:
                yield going.pop(future), future


def _held(session: Session, bucket: str, wanted: Sequence[Upload], account: str) -> dict[str, ObjectFact]:
    """What the bucket holds below the folder that all keys share."""
    if not wanted:
        return {}
    folder = _shared_folder(one.key for one in wanted)
    return {one.key: one for one in list_prefix(session, bucket, folder, account)}


def _shared_folder(keys: Iterable[str]) -> str:
    """The longest folder, with its slash, that all keys lie in; empty when they share none."""
    ordered = sorted(keys)
    first, last = ordered[0], ordered[-1]
    differ = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[: first.rfind("/", 0, differ) + 1]


def _verify(session: Session, bucket: str, tally: _Tally, account: str) -> None:
    """What was sent must stand in a listing, with its size and the ETag that the upload was given."""
    uploads = [upload for upload, _ in tally.sent.values()]
    held = _held(session, bucket, uploads, account)
    for key, (upload, etag) in list(tally.sent.items()):
        there = held.get(key)
        if there is None or there.size != upload.size or (etag and there.etag != etag):
            del tally.sent[key]
            tally.sent_bytes -= upload.size
            tally.fail(upload, f"{key} is not in the bucket as it was sent.", "Upload again.")

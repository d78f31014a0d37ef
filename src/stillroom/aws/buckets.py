"""The project's bucket: what it is like, and how it is made. It is never made public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stillroom.aws.session import Session


@dataclass(frozen=True, slots=True)
class BucketFact:
    """What is known of a bucket."""

    name: str
    exists: bool
    """False also for a name that nobody has taken."""
    owned: bool | None = None
    """Whether it belongs to the account; None: the caller may not know."""
    region: str = ""
    """Empty when the caller may not know."""
    private: bool | None = None
    """Whether all four public-access blocks are on; None: the caller may not know."""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ObjectFact:
    """An object of a listing."""

    key: str
    size: int
    """Bytes."""
    etag: str
    """Without quotes. MD5 of the bytes for single-part objects that are not under a KMS key."""
    changed: float
    """Unix time."""


def look(session: Session, bucket: str, account: str) -> BucketFact:
    """Find out whether a bucket exists, whose it is, where it is, and whether it is closed to the public.

    Args:
        session: Session; the bucket may be in another region.
        bucket: Its name.
        account: 12-digit account that should own it.

    Raises:
        Refused: Credentials are missing or refused. A bucket that is not the caller's is an answer, no error.
    """
    raise NotImplementedError


def region_warning(fact: BucketFact, job_region: str) -> str:
    """One line when the bucket's region is not the job's, else empty."""
    raise NotImplementedError


def make(session: Session, bucket: str, account: str, tags: Mapping[str, str]) -> BucketFact:
    """Make a bucket in the session's region, or complete one of ours: private, encrypted, tagged.

    Block Public Access goes on (all four), default encryption is SSE-S3, ACLs are off. Doing it again changes
    nothing but what is missing; settings of a bucket that was there before are kept.

    Raises:
        Conflict: The name belongs to somebody else, or the bucket is in another region.
        PermissionRefused: The caller may not.
        BadRequest: No valid name.
    """
    raise NotImplementedError


def list_prefix(session: Session, bucket: str, prefix: str, account: str = "") -> list[ObjectFact]:
    """All objects below a prefix, in key order.

    Raises:
        Refused: The bucket is not there, not ours, or may not be listed.
    """
    raise NotImplementedError


def read_object(
    session: Session, bucket: str, key: str, account: str = "", *, longest: int = 64 << 20
) -> bytes:
    """The bytes of an object.

    Raises:
        NotFound: There is none.
        Refused: It may not be read.
        StillroomError: It is longer than ``longest`` bytes.
    """
    raise NotImplementedError


def split_uri(uri: str) -> tuple[str, str]:
    """``s3://bucket/key`` → bucket and key (which may be empty).

    Raises:
        UsageError: This is no S3 URI.
    """
    raise NotImplementedError


def default_bucket(account: str, region: str, unique: str) -> str:
    """``stillroom-<account>-<region>-<8 hex>``."""
    return f"stillroom-{account}-{region}-{unique[:8]}"

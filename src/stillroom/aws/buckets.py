"""The project's bucket: what it is like, and how it is made. It is never made public."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from stillroom.aws.faults import DENIED, Fault, read_fault
from stillroom.aws.session import Session
from stillroom.aws.tags import PROJECT, capital_tags
from stillroom.errors import BadRequest, Conflict, PermissionRefused, StillroomError, UsageError
from stillroom.training.jobs import unix_time

_NAME = re.compile(r"[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]")
"""Bucket part of Bedrock's ``S3Uri``."""
_URI = re.compile(r"s3://(?P<bucket>[a-z0-9][-.a-z0-9]{1,61}[a-z0-9])(?:/(?P<key>.*))?", re.DOTALL)


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
    from botocore.exceptions import ClientError

    s3 = session.client("s3")
    with session.calling("look at the bucket", f"bucket {bucket}"):
        try:
            answer = s3.head_bucket(Bucket=bucket)
        except ClientError as error:
            return _hidden(session, bucket, error)
        region = _region_of(answer) or session.region
        try:
            s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=account)
        except ClientError as error:
            if read_fault(error).code not in DENIED:
                raise
            return BucketFact(bucket, True, False, region, None, "it belongs to another account")
        return BucketFact(bucket, True, True, region, _is_private(s3, bucket, account))


def region_warning(fact: BucketFact, job_region: str) -> str:
    """One line when the bucket's region is not the job's, else empty."""
    if not fact.region or fact.region == job_region:
        return ""
    return (
        f"Bucket {fact.name} is in {fact.region}, the jobs are in {job_region}: "
        "Bedrock reads training data in its own region only."
    )


def make(
    session: Session, bucket: str, account: str, tags: Mapping[str, str], *, begun: bool = False
) -> BucketFact:
    """Make a bucket in the session's region, or complete one of ours: private, encrypted, tagged.

    Block Public Access goes on (all four), default encryption is SSE-S3, ACLs are off. A bucket counts as
    ours when it carries the project's tag or a name that Stillroom gave, or when we began to make it and it
    has no tag and no object yet; other buckets stay as they are.

    Args:
        session: Session of the region that the bucket shall be in.
        bucket: Its name.
        account: 12-digit account of the caller.
        tags: Of :func:`stillroom.aws.tags.project_tags`.
        begun: Whether we began to make it earlier, as far as we know, and did not get to the end.

    Raises:
        Conflict: The name belongs to somebody else, or the bucket is in another region.
        PermissionRefused: The caller may not.
        BadRequest: No valid name.
    """
    if not _NAME.fullmatch(bucket) or ".." in bucket:
        raise BadRequest(
            f"{bucket!r} is no name for a bucket.",
            "3 to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit.",
        )
    found = look(session, bucket, account)
    s3 = session.client("s3")
    if found.exists:
        refuse_unusable(found, session.region)
        held = _tags_of(session, bucket, account)
        ours = held.get(PROJECT) == tags.get(PROJECT) or bucket.startswith(f"stillroom-{account}-")
        unfinished = begun and not held and _is_empty(session, bucket, account)
        if not ours and not unfinished:
            return replace(found, remark=_IN_USE.format(bucket)) if begun else found
    else:
        held = {}
        with session.calling("make the bucket", f"bucket {bucket}"):
            s3.create_bucket(**_creation(bucket, session.region))
    owner = {"Bucket": bucket, "ExpectedBucketOwner": account}
    with session.calling("close the bucket to the public", f"bucket {bucket}"):
        blocks = dict.fromkeys(_BLOCKS, True)
        s3.put_public_access_block(**owner, PublicAccessBlockConfiguration=blocks)
    if begun or not found.exists:
        with session.calling("encrypt the bucket", f"bucket {bucket}"):
            rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
            s3.put_bucket_encryption(**owner, ServerSideEncryptionConfiguration={"Rules": [rule]})
    if not tags.items() <= held.items():
        with session.calling("tag the bucket", f"bucket {bucket}"):
            # the call replaces all tags
            s3.put_bucket_tagging(**owner, Tagging={"TagSet": capital_tags({**held, **tags})})
    return BucketFact(bucket, True, True, session.region, True)


def refuse_unusable(found: BucketFact, region: str) -> None:
    """Let nobody set up a bucket that no job can use.

    Args:
        found: A bucket that exists.
        region: Of the jobs.

    Raises:
        Conflict: It belongs to another account, or is in another region.
        PermissionRefused: The caller may not look at it.
    """
    if found.owned is False:
        raise Conflict(
            f"Bucket {found.name} belongs to another account.",
            "Bucket names are shared by all accounts: choose another name.",
        )
    if found.owned is None:
        raise PermissionRefused(
            f"Bucket {found.name} exists, and your credentials may not look at it.",
            "Choose another name, or ask for s3:ListBucket on it.",
        )
    if found.region != region:
        raise Conflict(
            f"Bucket {found.name} is in {found.region}, not in {region}: "
            "Bedrock reads training data in its own region only.",
            f'For a bucket in {region} set aws.bucket to ""; else set aws.region to {found.region}.',
        )


def list_prefix(session: Session, bucket: str, prefix: str, account: str = "") -> list[ObjectFact]:
    """All objects below a prefix, in key order.

    Args:
        session: Session of the bucket's region.
        bucket: Bucket.
        prefix: Beginning of the keys; empty: all.
        account: 12-digit account that must own the bucket; empty: not checked.

    Raises:
        Refused: The bucket is not there, not ours, or may not be listed.
    """
    with session.calling("list the bucket", f"bucket {bucket}"):
        pages = session.client("s3").get_paginator("list_objects_v2")
        return [
            ObjectFact(
                key=str(found["Key"]),
                size=int(found.get("Size") or 0),
                etag=str(found.get("ETag") or "").strip('"'),
                changed=unix_time(found.get("LastModified")) or 0.0,
            )
            for page in pages.paginate(Bucket=bucket, Prefix=prefix, **owned_by(account))
            for found in page.get("Contents") or []
        ]


def read_object(
    session: Session, bucket: str, key: str, account: str = "", *, longest: int = 64 << 20
) -> bytes:
    """The bytes of an object.

    Args:
        session: Session of the bucket's region.
        bucket: Bucket.
        key: Key.
        account: 12-digit account that must own the bucket; empty: not checked.
        longest: Most bytes that are taken.

    Raises:
        NotFound: There is none.
        Refused: It may not be read.
        StillroomError: It is longer than ``longest`` bytes.
    """
    with session.calling("read from the bucket", f"object s3://{bucket}/{key}"):
        answer = session.client("s3").get_object(Bucket=bucket, Key=key, **owned_by(account))
        with answer["Body"] as body:
            data: bytes = body.read(longest + 1)
    if len(data) > longest:
        raise StillroomError(
            f"s3://{bucket}/{key} is longer than {longest:,} bytes.", "Is it the right object?"
        )
    return data


def peek_object(
    session: Session, bucket: str, key: str, *, longest: int, beginning: int
) -> tuple[int, bytes]:
    """How long an object is, and its bytes.

    Args:
        session: Session of the bucket's region.
        bucket: Bucket.
        key: Key.
        longest: Of an object of more bytes only the beginning is read.
        beginning: Bytes of that.

    Returns:
        The object's length in bytes, and what was read.

    Raises:
        NotFound: There is none.
        Refused: It may not be read.
    """
    with session.calling("read from the bucket", f"object s3://{bucket}/{key}"):
        answer = session.client("s3").get_object(Bucket=bucket, Key=key)
        size = int(answer["ContentLength"])
        with answer["Body"] as body:
            return size, body.read(size if size <= longest else beginning)


def owned_by(account: str) -> dict[str, str]:
    """The parameter that makes S3 refuse a bucket of another account; none for an empty account."""
    return {"ExpectedBucketOwner": account} if account else {}


def split_uri(uri: str) -> tuple[str, str]:
    """``s3://bucket/key`` → bucket and key (which may be empty).

    Raises:
        UsageError: This is no S3 URI.
    """
    found = _URI.fullmatch(uri)
    if found is None:
        raise UsageError(f"{uri!r} is no S3 URI.", "It looks like s3://bucket/folder/file.")
    return found["bucket"], found["key"] or ""


def default_bucket(account: str, region: str, unique: str) -> str:
    """``stillroom-<account>-<region>-<8 hex>``."""
    return f"stillroom-{account}-{region}-{unique[:8]}"


_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


_IN_USE = (
    "Bucket {} was not made to the end, and somebody uses it by now: it is left as it is, without our tag."
)


def _creation(bucket: str, region: str) -> dict[str, Any]:
    """us-east-1 is the one region that must not be named."""
    request: dict[str, Any] = {"Bucket": bucket, "ObjectOwnership": "BucketOwnerEnforced"}
    if region != "us-east-1":
        request["CreateBucketConfiguration"] = {"LocationConstraint": region}
    return request


def _hidden(session: Session, bucket: str, error: Exception) -> BucketFact:
    """What a refused HeadBucket says. Its answers have no body, so that only the status tells."""
    fault = read_fault(error)
    if fault.status == 404:
        return BucketFact(bucket, exists=False)
    region = _region_of(getattr(error, "response", {}))
    if fault.status == 403:
        return BucketFact(bucket, True, None, region, None, "your credentials may not look at it")
    if fault.status == 301:
        return BucketFact(bucket, True, None, region, None, "it is in another region")
    if fault.status == 400:
        # expired credentials give a bare 400 here; STS says so in words
        session.client("sts").get_caller_identity()
    raise error


def _region_of(answer: Mapping[str, Any]) -> str:
    headers = (answer.get("ResponseMetadata") or {}).get("HTTPHeaders") or {}
    return str(answer.get("BucketRegion") or headers.get("x-amz-bucket-region") or "")


def _is_private(s3: Any, bucket: str, account: str) -> bool | None:
    from botocore.exceptions import ClientError

    try:
        answer = s3.get_public_access_block(Bucket=bucket, ExpectedBucketOwner=account)
    except ClientError as error:
        return _without_block(read_fault(error))
    held = answer.get("PublicAccessBlockConfiguration") or {}
    return all(held.get(name) is True for name in _BLOCKS)


def _without_block(fault: Fault) -> bool | None:
    return False if fault.code == "NoSuchPublicAccessBlockConfiguration" else None


def _is_empty(session: Session, bucket: str, account: str) -> bool:
    with session.calling("list the bucket", f"bucket {bucket}"):
        answer = session.client("s3").list_objects_v2(Bucket=bucket, MaxKeys=1, **owned_by(account))
    return not answer.get("Contents")


def _tags_of(session: Session, bucket: str, account: str) -> dict[str, str]:
    from botocore.exceptions import ClientError

    with session.calling("read the bucket's tags", f"bucket {bucket}"):
        try:
            answer = session.client("s3").get_bucket_tagging(Bucket=bucket, ExpectedBucketOwner=account)
        except ClientError as error:
            if read_fault(error).code == "NoSuchTagSet":
                return {}
            raise
    return {one["Key"]: one["Value"] for one in answer.get("TagSet") or []}

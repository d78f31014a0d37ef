"""Which buckets a caller may touch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stillroom.sandbox import ACCOUNT
from stillroom.sandbox.s3.storage import Storage
from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Call

FOREIGN = "foreign-"
"""Buckets whose name starts so exist and belong to another account."""
_NAME = re.compile(r"(?!xn--|sthree-)[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")


def check_name(name: str) -> None:
    """Raises: Refusal: The service would not take the name for a bucket."""
    bad = ".." in name or ".-" in name or "-." in name or name.endswith(("-s3alias", "--ol-s3"))
    if bad or not _NAME.fullmatch(name) or _ADDRESS.fullmatch(name):
        raise Refusal("InvalidBucketName", "The specified bucket is not valid.", extra={"BucketName": name})


def own_bucket(storage: Storage, call: Call, name: str | None = None) -> Mapping[str, Any]:
    """The bucket of a call, when the caller may use it from its region.

    Args:
        storage: All buckets.
        call: Its ``Bucket`` (unless ``name`` is given), ``ExpectedBucketOwner`` and region count.
        name: Another bucket, such as the source of a copy.

    Raises:
        Refusal: It does not exist, belongs to another account or lies in another region.
    """
    bucket = call.params["Bucket"] if name is None else name
    if bucket.startswith(FOREIGN):
        raise Refusal("AccessDenied", "Access Denied")
    found = storage.bucket(bucket)
    if found is None:
        raise Refusal("NoSuchBucket", "The specified bucket does not exist", extra={"BucketName": bucket})
    owner = (
        call.params.get("ExpectedBucketOwner")
        if name is None
        else call.params.get("ExpectedSourceBucketOwner")
    )
    if owner is not None and owner != ACCOUNT:
        raise Refusal("AccessDenied", "Access Denied")
    if found["region"] != call.region:
        message = (
            "The bucket you are attempting to access must be addressed using the specified endpoint. "
            "Please send all future requests to this endpoint."
        )
        where = {"x-amz-bucket-region": found["region"]}
        extra = {
            "Bucket": bucket,
            "Endpoint": f"s3.{found['region']}.amazonaws.com",
            "Region": found["region"],
        }
        raise Refusal("PermanentRedirect", message, extra=extra, headers=where)
    return found

"""What a caller hears when the sandbox's folder takes nothing more: an error in the protocol's own form."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from multidict import CIMultiDict

from stillroom.sandbox.dispatch import Dispatcher, Reply
from stillroom.sandbox.wire.models import Models
from stillroom.sandbox.wire.request import Request

SCOPE = "AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/us-east-1/{}/aws4_request, SignedHeaders=host"
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Body:
    def __init__(self, text: bytes) -> None:
        self.text = text

    async def read(self) -> bytes:
        return self.text

    async def pieces(self) -> AsyncIterator[bytes]:
        yield self.text


async def answered(service: str, operation: str, fault: Exception, **request: Any) -> Reply:
    """The answer of a sandbox in which one operation ends in a fault."""

    def broken(call: object) -> object:
        raise fault

    handlers: Mapping[str, Any] = {service: {operation: broken}}
    headers = CIMultiDict({"Authorization": SCOPE.format(request.pop("signing"))})
    body = Body(request.pop("body", b""))
    made = Request(query=(), headers=headers, host="127.0.0.1:1", body=body, **request)
    return await Dispatcher(Models(), handlers).answer(made)


CASES: dict[str, tuple[str, str, dict[str, Any], bytes]] = {
    "s3": ("s3", "CreateBucket", {"signing": "s3", "method": "PUT", "path": "/things"}, b"InternalError"),
    "iam": (
        "iam", "ListRoles",
        {"signing": "iam", "method": "POST", "path": "/", "body": b"Action=ListRoles&Version=2010-05-08"},
        b"ServiceFailure",
    ),
    "bedrock": (
        "bedrock", "ListCustomModels", {"signing": "bedrock", "method": "GET", "path": "/custom-models"},
        b"cannot write",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("fault", [FULL, sqlite3.OperationalError("database or disk is full")])
async def test_a_folder_that_is_full_is_told_in_the_protocols_own_words(case: str, fault: Exception) -> None:
    service, operation, request, said = CASES[case]
    reply = await answered(service, operation, fault, **request)
    assert reply.status == 500
    assert said in reply.body
    assert b"The sandbox cannot write to its folder: " in reply.body
    assert reply.headers["x-amzn-RequestId"]


async def test_other_faults_are_not_hidden() -> None:
    service, operation, request, _ = CASES["s3"]
    with pytest.raises(ConnectionResetError):
        await answered(service, operation, ConnectionResetError(errno.ECONNRESET, "gone"), **request)

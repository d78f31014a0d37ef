"""Who calls, by the signature's header or a presigned query. The signature itself is not checked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Request

_CREDENTIAL = re.compile(r"([^/\s,=]+)/(\d{8})/([^/\s,]+)/([^/\s,]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Signer:
    """The scope that a request was signed with."""

    key_id: str
    region: str
    service: str
    """Signing name, such as ``bedrock`` or ``s3``."""


def signer_of(request: Request) -> Signer:
    """Read who signed a request.

    Raises:
        Refusal: The request is unsigned, or its credential scope cannot be read.
    """
    header = request.headers.get("Authorization", "")
    if not header and (key_id := request.first("AWSAccessKeyId")):
        # The older presigned form, which boto3 still makes for S3 unless told otherwise.
        return Signer(key_id, "us-east-1", "s3")
    scope = header if header.startswith("AWS4-HMAC-SHA256") else request.first("X-Amz-Credential") or ""
    if not scope:
        raise Refusal("MissingAuthenticationTokenException", "Missing Authentication Token")
    found = _CREDENTIAL.search(scope)
    if found is None:
        raise Refusal(
            "IncompleteSignatureException", "Credential must have exactly 5 slash-delimited elements."
        )
    key_id, _, region, service = found.groups()
    return Signer(key_id, region, service)


def refuse_key(signer: Signer, action: str) -> None:
    """Refuse the two kinds of keys that are made for trying errors.

    Raises:
        Refusal: The key id starts with ``EXPIRED`` or ``DENIED``.
    """
    if signer.key_id.startswith("EXPIRED"):
        if signer.service == "s3":
            raise Refusal("ExpiredToken", "The provided token has expired.")
        code = "ExpiredToken" if signer.service in {"sts", "iam"} else "ExpiredTokenException"
        raise Refusal(code, "The security token included in the request is expired", 403)
    if signer.key_id.startswith("DENIED"):
        if signer.service == "s3":
            raise Refusal("AccessDenied", "Access Denied")
        code = "AccessDenied" if signer.service in {"sts", "iam"} else "AccessDeniedException"
        who = "arn:aws:iam::111122223333:user/denied"
        raise Refusal(code, f"User: {who} is not authorized to perform: {action}", 403)

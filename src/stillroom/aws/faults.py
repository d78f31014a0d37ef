"""What an exception of boto3 says, as plain text, and the codes that services use.

Codes are those of botocore's service models. Messages about signatures are never kept: they may hold the
session token.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from stillroom.urls import without_users

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
UNKNOWN_KEYS = frozenset(
    {
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "InvalidToken",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "AuthFailure",
    }
)
DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
        "UnauthorizedException",
        "Forbidden",
        "403",
    }
)
MISSING = frozenset(
    {
        "ResourceNotFoundException",
        "NoSuchBucket",
        "NoSuchKey",
        "NoSuchEntity",
        "NoSuchEntityException",
        "NoSuchResourceException",
        "NotFound",
        "404",
    }
)
TAKEN = frozenset(
    {
        "ConflictException",
        "BucketAlreadyExists",
        "BucketAlreadyOwnedByYou",
        "EntityAlreadyExists",
        "EntityAlreadyExistsException",
        "ResourceInUseException",
        "DeleteConflict",
        "DeleteConflictException",
        "OperationAborted",
        "ConcurrentModification",
        "ConcurrentModificationException",
    }
)
QUOTA = frozenset(
    {
        "ServiceQuotaExceededException",
        "LimitExceeded",
        "LimitExceededException",
        "TooManyBuckets",
        "TooManyTagsException",
    }
)
THROTTLED = frozenset(
    {
        "ThrottlingException",
        "Throttling",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "SlowDown",
        "429",
    }
)
OTHER_REGION = frozenset(
    {
        "PermanentRedirect",
        "TemporaryRedirect",
        "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException",
        "InvalidLocationConstraint",
        "301",
        "307",
    }
)
INVALID = frozenset(
    {
        "ValidationException",
        "ValidationError",
        "MalformedPolicyDocument",
        "MalformedPolicyDocumentException",
        "InvalidBucketName",
        "InvalidArgument",
        "InvalidRequest",
        "InvalidInput",
        "InvalidInputException",
        "InvalidTag",
        "400",
    }
)
NOT_SIGNED_UP = frozenset({"OptInRequired", "NotSignedUp", "SubscriptionRequiredException", "AccountProblem"})
UNKNOWN_OPERATION = frozenset(
    {"UnknownOperationException", "UnknownOperation", "InvalidAction", "NotImplemented"}
)

SKEWED = frozenset({"RequestTimeTooSkewed", "RequestInTheFuture"})
_SKEWED_TEXT = re.compile(r"signature (?:expired|not yet current)", re.IGNORECASE)
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Fault:
    """What one exception of boto3 says, as plain text."""

    code: str
    """The service's code, or the exception's class name."""
    message: str
    """One line without control characters; empty for messages that may hold secrets."""
    status: int
    """HTTP status; 0 when there was no answer."""
    retried: bool = False
    """Whether botocore had sent the call before: ``RetryAttempts`` of its ``ResponseMetadata``."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was being done when it happened."""

    doing: str = ""
    region: str = ""
    profile: str = ""
    thing: str = ""
    endpoint: str = ""
    """What names an endpoint in place of AWS's own; empty: nothing does."""

    @property
    def prefix(self) -> str:
        """``Could not make the bucket: ``, or nothing."""
        return f"Could not {self.doing}: " if self.doing else ""

    @property
    def sign_in(self) -> str:
        """How to sign in again."""
        profile = f" --profile {self.profile}" if self.profile else ""
        return f"Sign in again, for example `aws sso login{profile}`, or renew the keys."


def read_fault(error: Exception) -> Fault:
    """Read the code, the words and the HTTP status of an exception of boto3."""
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return Fault(type(error).__name__, one_line(str(error)), 0)
    said = response.get("Error") or {}
    about = response.get("ResponseMetadata") or {}
    status = about.get("HTTPStatusCode")
    code = str(said.get("Code") or "Unknown").rsplit("#", 1)[-1]
    message = one_line(str(said.get("Message") or said.get("message") or ""))
    if code in UNKNOWN_KEYS and not _SKEWED_TEXT.search(message):
        message = ""
    return Fault(code, message, status if isinstance(status, int) else 0, bool(about.get("RetryAttempts")))


def one_line(text: str) -> str:
    """Text from outside on one line, without control or format characters, at most 400 characters.

    botocore's words name the endpoint as it was set, with the user and password of a gateway. They are taken
    out here, before anything is stored or shown.
    """
    plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    line = without_users(" ".join(plain.split()))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def is_skewed(fault: Fault) -> bool:
    """Whether AWS refused because this machine's clock is wrong."""
    return fault.code in SKEWED or _SKEWED_TEXT.search(fault.message) is not None

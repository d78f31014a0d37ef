"""An error answer, as the service would give it."""

from __future__ import annotations

from collections.abc import Mapping

STATUS = {
    "ValidationException": 400,
    "SerializationException": 400,
    "ConflictException": 400,
    "ServiceQuotaExceededException": 400,
    "TooManyTagsException": 400,
    "AccessDeniedException": 403,
    "ExpiredTokenException": 403,
    "MissingAuthenticationTokenException": 403,
    "IncompleteSignatureException": 400,
    "UnrecognizedClientException": 403,
    "ResourceNotFoundException": 404,
    "UnknownOperationException": 404,
    "ThrottlingException": 429,
    "ModelNotReadyException": 429,
    "InternalServerException": 500,
    "ServiceUnavailableException": 503,
    "NoSuchResourceException": 400,
    "InvalidPaginationTokenException": 400,
    # S3
    "AccessDenied": 403,
    "BadDigest": 400,
    "BucketAlreadyExists": 409,
    "BucketAlreadyOwnedByYou": 409,
    "BucketNotEmpty": 409,
    "EntityTooLarge": 400,
    "EntityTooSmall": 400,
    "ExpiredToken": 400,
    "IllegalLocationConstraintException": 400,
    "IncompleteBody": 400,
    "InvalidArgument": 400,
    "InvalidBucketName": 400,
    "InvalidDigest": 400,
    "InvalidLocationConstraint": 400,
    "InvalidPart": 400,
    "InvalidPartOrder": 400,
    "InvalidRange": 416,
    "InvalidRequest": 400,
    "KeyTooLongError": 400,
    "MalformedPolicy": 400,
    "MalformedXML": 400,
    "MethodNotAllowed": 405,
    "NoSuchBucket": 404,
    "NoSuchBucketPolicy": 404,
    "NoSuchKey": 404,
    "NoSuchPublicAccessBlockConfiguration": 404,
    "NoSuchTagSet": 404,
    "NoSuchUpload": 404,
    "NotImplemented": 501,
    "PermanentRedirect": 301,
    "PreconditionFailed": 412,
    "ServerSideEncryptionConfigurationNotFoundError": 404,
    # IAM
    "DeleteConflict": 409,
    "EntityAlreadyExists": 409,
    "InvalidClientTokenId": 403,
    "MalformedPolicyDocument": 400,
    "NoSuchEntity": 404,
    "ValidationError": 400,
    "InvalidAction": 400,
}
"""HTTP status by error code."""


class Refusal(Exception):
    """The service says no.

    Attributes:
        code: The service's error code.
        message: The service's words.
        status: HTTP status; taken from the code when 0.
        extra: More members of the error body (S3: BucketName, Region …).
        headers: More answer headers.
    """

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 0,
        extra: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

    @property
    def http_status(self) -> int:
        return self.status or STATUS.get(self.code, 400)


def invalid(message: str) -> Refusal:
    """A ValidationException, the commonest of all."""
    return Refusal("ValidationException", message)

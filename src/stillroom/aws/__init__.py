"""AWS: the only room that speaks boto3. Importing it loads neither boto3 nor botocore; calls do."""

from stillroom.aws.callers import caller_mark
from stillroom.aws.connection import SANDBOX_ACCOUNT, SANDBOX_CREDENTIALS, Connection, Credentials
from stillroom.aws.probe import is_refused, sandbox_version
from stillroom.aws.session import Session

__all__ = [
    "SANDBOX_ACCOUNT",
    "SANDBOX_CREDENTIALS",
    "Connection",
    "Credentials",
    "Session",
    "caller_mark",
    "is_refused",
    "sandbox_version",
]

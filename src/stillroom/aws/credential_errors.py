"""Plain Python errors that come out of boto3 when it reads credentials."""

from __future__ import annotations

import traceback

from stillroom.aws.faults import Call
from stillroom.errors import CredentialsRefused, reason

PLAIN = (OSError, ValueError, TypeError, LookupError, RuntimeError, EOFError)
"""What botocore lets through: a program or file that is not there, an answer of a ``credential_process`` that
is no JSON or has no time zone, credentials that came expired, a code that nobody is there to type."""


def is_of_credentials(error: Exception) -> bool:
    """Whether an error was raised where credentials are read.

    Any call may read them anew, so that only the way an error took tells it from one of the call itself.
    """
    ways = traceback.walk_tb(error.__traceback__)
    return any(frame.f_globals.get("__name__") == "botocore.credentials" for frame, _ in ways)


def unreadable_credentials(error: Exception, call: Call) -> CredentialsRefused:
    """Say what is wrong with where the credentials come from.

    Args:
        error: One of :data:`PLAIN`. Only what it says of files is shown: its words may hold a secret.
        call: What was being done.
    """
    code = type(error).__name__
    of = f" of profile {call.profile}" if call.profile else ""
    if isinstance(error, RuntimeError):
        return CredentialsRefused(
            f"{call.prefix}the credentials{of} had expired when they were read.", call.sign_in, code=code
        )
    if isinstance(error, EOFError):
        return CredentialsRefused(
            f"{call.prefix}the credentials{of} need a code that nobody is here to type.",
            "Run the command on a terminal, or use a profile that needs no code.",
            code=code,
        )
    if isinstance(error, OSError):
        why = reason(error) + (f": {error.filename}" if error.filename else "")
    else:
        why = "what is there, or what a program answered, is not what boto3 reads"
    return CredentialsRefused(
        f"{call.prefix}the credentials{of} cannot be read: {why}.",
        "Look at ~/.aws/config and at the files and programs that it names.",
        code=code,
    )

"""Plain Python errors that come out of boto3 when it reads credentials."""

from __future__ import annotations

import os
import traceback
from typing import Any

from stillroom.aws.faults import Call
from stillroom.errors import CredentialsRefused, reason

PLAIN = (OSError, ValueError, TypeError, LookupError, RuntimeError)
"""What botocore lets through: a program or file that is not there, an answer of a ``credential_process`` that
is no JSON or has no time zone, credentials that came expired."""


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
    if isinstance(error, OSError):
        why = reason(error) + (f": {error.filename}" if error.filename else "")
    else:
        why = "what is there, or what a program answered, is not what boto3 reads"
    return CredentialsRefused(
        f"{call.prefix}the credentials{of} cannot be read: {why}.",
        "Look at ~/.aws/config and at the files and programs that it names.",
        code=code,
    )


def refuse_code(core: Any) -> None:
    """Refuse a profile whose role wants a code from a device.

    botocore would ask for it at the terminal, from whatever thread needs the credentials: in the middle of
    the workbench's screen, once for each region, and again when the keys end in the middle of a long run.

    Args:
        core: A botocore session.

    Raises:
        CredentialsRefused: The profile in use, or one that it builds on, names an MFA device.
    """
    if core.instance_variables().get("profile") is None and os.environ.get("AWS_ACCESS_KEY_ID"):
        return  # the environment's keys go first
    profiles = core.full_config.get("profiles", {})
    name, seen = core.profile or "default", set()
    while name in profiles and name not in seen:
        seen.add(name)
        if "mfa_serial" in profiles[name] and "role_arn" in profiles[name]:
            raise CredentialsRefused(
                f"Profile {core.profile or 'default'} asks for an MFA code, again and again in a long run.",
                'Get keys first: eval "$(aws configure export-credentials --format env'
                f' --profile {core.profile or "default"})", and leave aws.profile empty.',
            )
        name = profiles[name].get("source_profile", "")

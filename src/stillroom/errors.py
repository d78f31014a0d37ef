"""Every error a user can meet, in one tree.

An error says two things in at most two lines: what happened, and what to do about it. The exit code belongs
to the class, so that scripts can tell a budget stop from a refusal without reading text.
"""

from __future__ import annotations

from typing import ClassVar


class StillroomError(Exception):
    """Base of all errors that are shown without a traceback.

    Attributes:
        what: What happened, one line, no markup.
        todo: What the user can do about it, one line; may be empty.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo

    def __str__(self) -> str:
        return f"{self.what}\n{self.todo}" if self.todo else self.what


class UsageError(StillroomError):
    """The command, an argument or a filter is wrong."""

    exit_code = 2


class ProjectError(UsageError):
    """There is no project, or its file cannot be used."""


class FilterError(UsageError):
    """A filter expression is wrong at a known character.

    Attributes:
        position: 0-based index of the offending character in the filter text.
    """

    def __init__(self, what: str, todo: str = "", *, position: int) -> None:
        super().__init__(what, todo)
        self.position = position


class ConsentNeeded(UsageError):
    """The step costs or changes something, and nobody has agreed to it."""


class StoreError(StillroomError):
    """The project's memory cannot be used."""


class StoreTooNew(StoreError):
    """The store was written by a newer Stillroom."""

    exit_code = 2


class StoreBusy(StoreError):
    """Another process is at what only one may be at. The command is right, and comes too early.

    Attributes:
        pid: Process id of the first writer.
    """

    exit_code = 2

    def __init__(self, what: str, todo: str = "", *, pid: int) -> None:
        super().__init__(what, todo)
        self.pid = pid


class StorageFull(StoreError):
    """The disk is full or the folder cannot be written."""


class PictureError(StillroomError):
    """The pictures' folder, or a picture, cannot be used."""

    exit_code = 2


class FindingsError(StillroomError):
    """A check has findings: validation failed, or doctor found a fault."""

    exit_code = 3


class Refused(StillroomError):
    """AWS (or the sandbox) refused. Credentials, permission, model access, quota.

    Attributes:
        code: The service's error code, such as ``AccessDeniedException``; may be empty.
        retried: Whether the client had sent the call before by itself, and nobody knows what became of that.
    """

    exit_code = 4

    def __init__(self, what: str, todo: str = "", *, code: str = "", retried: bool = False) -> None:
        super().__init__(what, todo)
        self.code = code
        self.retried = retried


class CredentialsRefused(Refused):
    """No credentials, expired ones, or ones that AWS does not know."""


class PermissionRefused(Refused):
    """The caller, or the service role, may not do this."""


class ModelRefused(Refused):
    """The model is unknown, legacy, needs a profile, or access to it is missing."""


class QuotaRefused(Refused):
    """A quota of the account is reached."""


class NotFound(Refused):
    """The thing does not exist in AWS."""


class BadRequest(Refused):
    """The service found the request invalid."""


class Conflict(Refused):
    """A name is taken, or the thing is in use."""


class Unreachable(StillroomError):
    """The network or the endpoint did not answer, after bounded retries."""


class EndpointSilent(Unreachable):
    """Nothing answers at the endpoint that the project file, or the environment, names in place of AWS."""

    exit_code = 2


class BudgetReached(StillroomError):
    """The next call could pass the project's budget, or a plan costs more than was agreed to."""

    exit_code = 5


class ItemsFailed(StillroomError):
    """The step finished, and some items failed."""

    exit_code = 6


class Interrupted(StillroomError):
    """The user stopped the command. What was finished is kept."""

    exit_code = 130


def reason(error: OSError | UnicodeError) -> str:
    """Why a file could not be read or written, in plain words."""
    if isinstance(error, UnicodeError):
        return "it is not UTF-8 text"
    words = error.strerror or type(error).__name__
    return words[0].lower() + words[1:]

"""What AWS refused to make may be there all the same: an answer before the refusal was lost."""

from __future__ import annotations

from collections.abc import Callable

from stillroom.arns import account_of
from stillroom.errors import (
    Conflict,
    CredentialsRefused,
    NotFound,
    PermissionRefused,
    QuotaRefused,
    Refused,
    Unreachable,
)
from stillroom.steps.workspace import Workspace

SETTLED = 600.0
"""Seconds after which a job or deployment that AWS does not know by its name never came to be."""


def never_came_to_be(workspace: Workspace, arn: str, created: float) -> bool:
    """Whether a job or deployment that AWS has just said not to know by its name is not there, nor coming.

    Args:
        workspace: The project.
        arn: Of something in its account; another account does not know it, whatever became of it.
        created: Unix time at which it was asked for last.
    """
    there = account_of(arn) in ("", workspace.account())
    return there and workspace.now() - created > SETTLED


def found_all_the_same(
    look: Callable[[], str], refusal: Refused, forget: Callable[[], None], *, asked_before: bool
) -> str:
    """The ARN of a job or deployment that is there although creating it was refused.

    It is forgotten only where it can never have come to be: what is there and forgotten would be made and
    paid a second time, what is remembered in vain is asked for again with its own token.

    Args:
        look: Asks AWS for its ARN, by its name.
        refusal: Why creating it was refused.
        forget: Removes what was written down of it.
        asked_before: Whether it had been asked for earlier, and nobody answered.

    Raises:
        Refused: The refusal, when there is no such thing or nobody can tell.
    """
    try:
        return look()
    except NotFound:
        never = not _may_be_being_made(refusal, asked_before=asked_before)
    except (Refused, Unreachable):
        # A call whose answer is lost is repeated by the client itself: a refusal need not be of the first.
        # But who may not make one at all has made none.
        never = isinstance(refusal, CredentialsRefused | PermissionRefused) and not asked_before
    if never:
        forget()
    raise refusal


def _may_be_being_made(refusal: Refused, *, asked_before: bool) -> bool:
    """Whether an earlier call may be making it right now: what is being made need not be seen yet."""
    if isinstance(refusal, QuotaRefused):
        # What is being made may itself be what fills the quota. But nothing is, where this is the answer to
        # the only call there was.
        return asked_before or refusal.retried
    return isinstance(refusal, Conflict)

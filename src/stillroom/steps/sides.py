"""Who made what a project holds: a sandbox or AWS. The one is never taken for the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stillroom.errors import ProjectError

if TYPE_CHECKING:
    from stillroom.steps.workspace import Workspace

_MADE_BY: Final = "made_by"
"""The fact that tells: one of the two below."""
_SANDBOX: Final = "sandbox"
_AWS: Final = "aws"


def settle_side(workspace: Workspace) -> None:
    """Write down, before the first answer or job, who makes what is stored from now on.

    Raises:
        ProjectError: As :func:`check_side`.
    """
    check_side(workspace)
    side = _SANDBOX if workspace.sandbox else _AWS
    if workspace.store.facts.get(_MADE_BY) != side:
        workspace.store.facts.put(_MADE_BY, side)


def check_side(workspace: Workspace) -> None:
    """Refuse settings of the other side: a sandbox's answers are no labels, its dollars were never spent.

    Raises:
        ProjectError: A sandbox made what is stored and the settings say AWS, or the other way round.
    """
    aws, facts = workspace.settings.aws, workspace.store.facts
    made_by = facts.get(_MADE_BY)
    unknown = aws.endpoint_url and facts.get(f"sandbox:{aws.endpoint_url}") is None
    if made_by is None or (unknown and not aws.sandbox):
        return  # what answers at an endpoint is found out when it is connected to, and looked at then
    file = workspace.project.file.name
    if made_by == _SANDBOX and not workspace.sandbox:
        raise ProjectError(
            "What is stored here was made by a sandbox, and the project file says AWS.",
            f"Make another project for AWS with stillroom new, or go back to the sandbox in {file}, [aws].",
        )
    if made_by == _AWS and workspace.sandbox:
        raise ProjectError(
            "What is stored here was made on AWS, and the project file says sandbox.",
            "Make another project for the sandbox with stillroom new --sandbox,"
            f" or go back to AWS in {file}, [aws].",
        )

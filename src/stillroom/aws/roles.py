"""The service role that Bedrock assumes for a customization job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stillroom.aws.policies import RoleNeeds
from stillroom.aws.session import Session

POLICY_NAME = "stillroom-training-data"
"""Name of the inline policy."""


@dataclass(frozen=True, slots=True)
class RoleFact:
    """A role that was made or brought up to date."""

    arn: str
    name: str
    made: bool
    """True when it is new: it takes some seconds until Bedrock can assume it."""
    changed: tuple[str, ...] = ()
    """What was brought up to date: ``trust``, ``access``, ``tags``."""


@dataclass(frozen=True, slots=True)
class RoleCheck:
    """One question about a role."""

    name: str
    """``exists``, ``trust``, ``read`` or ``write``."""
    passed: bool | None
    """None: the caller may not look."""
    what: str
    todo: str = ""


def default_role_name(project: str, unique: str) -> str:
    """``stillroom-<project>-<unique>``, within IAM's 64 characters."""
    raise NotImplementedError


def make_role(session: Session, name: str, needs: RoleNeeds, tags: Mapping[str, str]) -> RoleFact:
    """Make the role, or bring one of that name up to date. Doing it again changes nothing.

    Raises:
        Conflict: A role of that name exists and belongs to another project: it is left alone.
        PermissionRefused: The caller may not (``setup --print`` gives the policies to somebody who may).
    """
    raise NotImplementedError


def check_role(session: Session, role: str, needs: RoleNeeds) -> tuple[RoleCheck, ...]:
    """Ask whether Bedrock can assume a role and whether it covers records, pictures and output.

    Looks only as far as the caller may read. Conditions other than those of the trust policy are not weighed.

    Args:
        session: Session.
        role: Name or ARN.
        needs: What it is for.

    Returns:
        The four checks in order; after a missing role only the first.
    """
    raise NotImplementedError


def delete_role(session: Session, name: str, project_id: str) -> bool:
    """Remove a role that this project made; False when there is none.

    Raises:
        Conflict: It belongs to another project.
    """
    raise NotImplementedError

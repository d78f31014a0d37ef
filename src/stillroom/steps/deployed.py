"""Which deployments a student has, as the store knows them; asks nobody."""

from __future__ import annotations

from collections.abc import Sequence

from stillroom.arns import region_of
from stillroom.aws import Session
from stillroom.serving import DeploymentStatus
from stillroom.steps.workspace import Workspace
from stillroom.store import DeploymentRow


def living(workspace: Workspace, name: str) -> DeploymentRow | None:
    """The student's deployment that was created and not removed, and has not failed."""
    rows = [row for row in workspace.store.students.deployments(name) if row.arn and not has_failed(row)]
    return rows[-1] if rows else None


def session_of(workspace: Workspace, name: str) -> Session:
    """The AWS session of the region in which a student was trained: there it is served, and deleted."""
    known = workspace.store.students.get(name)
    return workspace.session(region_of(known.arn) if known is not None else "")


def has_failed(row: DeploymentRow) -> bool:
    """Whether it can never be asked: it bills nothing, and stays until it is removed."""
    return row.status == DeploymentStatus.FAILED


def state_of(workspace: Workspace, name: str) -> tuple[str, str]:
    """How a student is deployed.

    Returns:
        The status of its deployment, empty when it has none; and what to do about one that failed, empty when
        none did.
    """
    rows = workspace.store.students.deployments(name)
    alive = living(workspace, name)
    remove = f"stillroom undeploy {name}"
    if not any(has_failed(row) for row in rows):
        return (alive or rows[-1]).status if rows else "", ""
    if alive is None:
        return DeploymentStatus.FAILED, f"Remove it: {remove}"
    return alive.status, f"Another deployment of it failed; both are removed by: {remove}"


def left_by_run(workspace: Workspace) -> list[DeploymentRow]:
    """Deployments that ``run`` has made and not removed yet, failed ones too."""
    return [row for row in workspace.store.students.deployments() if row.by_run]


def runs_own(workspace: Workspace, name: str) -> bool:
    """Whether ``run`` has made what serves a student, and is going to remove it."""
    alive = living(workspace, name)
    return alive is not None and alive.by_run


def kept_words(names: Sequence[str]) -> tuple[str, ...]:
    """A sentence on students that ``run`` has deployed and no longer removes; empty when there are none."""
    if not names:
        return ()
    stays, them = ("stays", "it") if len(names) == 1 else ("stay", "them")
    return (
        f"{' and '.join(names)}, which run has deployed, {stays} deployed: run no longer removes {them}.",
    )


def keep_from_run(workspace: Workspace, name: str) -> None:
    """Keep a student that is asked for by hand now deployed after ``run``, which may remove what failed."""
    for row in left_by_run(workspace):
        if row.student == name and not has_failed(row):
            workspace.store.students.update_deployment(row.name, by_run=False)

"""Which deployments a student has, as the store knows them; asks nobody."""

from __future__ import annotations

from collections.abc import Sequence

from stillroom.serving import DeploymentStatus
from stillroom.steps.workspace import Workspace
from stillroom.store import DeploymentRow


def living(workspace: Workspace, name: str) -> DeploymentRow | None:
    """The student's deployment that was created and not removed, and has not failed."""
    rows = [row for row in workspace.store.students.deployments(name) if row.arn and not has_failed(row)]
    return rows[-1] if rows else None


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


def deployed_by_run(name: str) -> str:
    """The fact that ``run`` has deployed a student, and is going to remove that deployment."""
    return f"deployed_by_run:{name}"


def still_deployed(workspace: Workspace) -> tuple[str, ...]:
    """Who is still deployed and how that ends: a sentence on those of ``run``, one on those made by hand."""
    every = list(
        dict.fromkeys(row.student for row in workspace.store.students.deployments() if not has_failed(row))
    )
    ours = [name for name in every if workspace.store.facts.get(deployed_by_run(name))]
    others = [name for name in every if name not in ours]
    return (*_still(ours, "stillroom run, or "), *_still(others, ""))


def _still(names: Sequence[str], first: str) -> tuple[str, ...]:
    if not names:
        return ()
    who, are, them = (names[0], "is", "it") if len(names) == 1 else ("NAME", "are", "them")
    said = f"{' and '.join(names)} {are} still deployed."
    return (f"{said} To remove {them}: {first}stillroom undeploy {who}",)

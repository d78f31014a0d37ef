"""What other hands made in the account, and what they deleted: listed, remembered with its time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from stillroom.aws import customization, deployments
from stillroom.errors import NotFound, PermissionRefused
from stillroom.steps.gone_models import gone_of
from stillroom.steps.regions import kept_in
from stillroom.steps.workspace import Workspace

_FACT = "elsewhere"

OTHER_JOB, OTHER_MODEL = "customization job", "custom model"


@dataclass(frozen=True, slots=True)
class Other:
    """Something in the account that this project did not make."""

    kind: str
    """``customization job``, ``deployment``, ``custom model``; ``listing`` where listing was refused."""
    name: str
    """Text from outside."""
    status: str
    """As the service gave it."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the account has found."""

    others: tuple[Other, ...]
    gone: tuple[str, ...]
    """Students whose models somebody else has deleted since the look before; they are noted as deleted."""


def look_elsewhere(workspace: Workspace) -> Looked:
    """Ask AWS for what this project did not make, and remember it with its time where anything can be kept.

    What may not be listed is noted as such: many roles may use Bedrock and not list it.

    Raises:
        Refused: AWS refused, other than for want of permission.
        Unreachable: AWS did not answer.
    """
    found = tuple(_listed(workspace))
    said = {"at": workspace.now(), "found": [asdict(one) for one in found]}
    workspace.remember(_FACT, json.dumps(said))
    return Looked(found, tuple(_vanished(workspace)))


def elsewhere(workspace: Workspace) -> tuple[tuple[Other, ...], float | None]:
    """What the latest look found, and its Unix time (None: never looked). Asks nobody."""
    text = workspace.store.facts.get(_FACT)
    if text is None:
        return (), None
    said = json.loads(text)
    return tuple(Other(**one) for one in said["found"]), said["at"]


def _listed(workspace: Workspace) -> Iterator[Other]:
    """What others made."""
    store, session = workspace.store, workspace.session()
    own = {job.name for job in store.jobs.all()}
    models = {row.arn for row in store.students.all(deleted=True)}
    # By name: one that nobody answered for has no ARN. One that was removed, and is there, is told.
    served = {row.name for row in store.students.deployments()}
    try:
        for job in customization.list_jobs(session):
            if job.name not in own and not job.finished:
                yield Other(OTHER_JOB, job.name, job.status)
        for one in deployments.list_deployments(session):
            if one.name not in served:
                yield Other("deployment", one.name, one.status)
        for model in customization.list_custom_models(session):
            if model.arn not in models and model.name not in own:
                yield Other(OTHER_MODEL, model.name, model.status)
    except NotFound:
        return
    except PermissionRefused as error:
        yield Other("listing", error.what, "refused")


def _vanished(workspace: Workspace) -> Iterator[str]:
    """Students whose models are there no more; each is noted as deleted before it is named."""
    for region, rows in kept_in(workspace).items():
        try:
            there = customization.list_custom_models(workspace.session(region))
        except PermissionRefused:
            there = []  # each is asked for by itself
        except NotFound:
            continue
        yield from gone_of(workspace, rows, there)

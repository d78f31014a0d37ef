"""What must go before what: a model cannot be deleted while something serves it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from stillroom.serving.values import Deployment, Provisioned
from stillroom.training.models import CustomModel


class Kind(StrEnum):
    """Kinds of things that can be removed, in the order of their removal."""

    PROVISIONED = "provisioned throughput"
    DEPLOYMENT = "deployment"
    MODEL = "custom model"


@dataclass(frozen=True, slots=True)
class Removal:
    """One removal of a clean-up."""

    kind: Kind
    arn: str
    name: str
    obstacle: str = ""
    """Why it cannot go now; empty when it can."""


def removal_order(
    *,
    deployments: Iterable[Deployment] = (),
    provisioned: Iterable[Provisioned] = (),
    models: Iterable[CustomModel] = (),
    now: float,
) -> tuple[Removal, ...]:
    """Put a clean-up in order: what bills by the hour first, models last.

    Args:
        deployments: Deployments to remove.
        provisioned: Provisioned throughput to remove; the dearest (most units) goes first.
        models: Custom models to delete.
        now: Unix time, to tell commitments that still run.

    Returns:
        All of them, each with what stands in its way. A model whose server cannot go cannot go either.
    """
    held: dict[str, str] = {}
    removals = []
    for found in sorted(provisioned, key=lambda one: (-one.units, one.name)):
        obstacle = ""
        if found.committed(now):
            obstacle = f"committed ({found.commitment}); it cannot be deleted before the commitment ends"
            held[found.model_arn] = found.name
        removals.append(Removal(Kind.PROVISIONED, found.arn, found.name, obstacle))
    removals.extend(
        Removal(Kind.DEPLOYMENT, found.arn, found.name)
        for found in sorted(deployments, key=lambda one: one.name)
    )
    for model in sorted(models, key=lambda one: one.name):
        holder = held.get(model.arn)
        obstacle = f"in use by provisioned throughput {holder}" if holder else ""
        removals.append(Removal(Kind.MODEL, model.arn, model.name, obstacle))
    return tuple(removals)

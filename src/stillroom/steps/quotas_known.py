"""The quotas of the models that are asked, as they were last read: plans ask nobody, and go by these."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from stillroom.errors import QuotaRefused
from stillroom.labeling.values import Pace
from stillroom.steps.workspace import Workspace

if TYPE_CHECKING:
    from stillroom.aws.quotas import ModelQuota
    from stillroom.project.values import Limits


def read_quota(
    workspace: Workspace,
    model: str,
    base_model: str,
    called: str,
    region: str,
    *,
    custom: bool = False,
) -> ModelQuota:
    """Ask for a model's quotas, and remember them.

    Args:
        workspace: The project.
        model: As the project file names it; of a student its base model.
        base_model: Foundation model whose quotas they are.
        called: What Converse is given: an inference profile has quotas of its own.
        region: Where it is asked.
        custom: For a deployed custom model.

    Raises:
        Refused: The caller may not read quotas.
        Unreachable: Service Quotas did not answer.
    """
    from stillroom.aws.catalogue import foundation_id, profile_scope
    from stillroom.aws.quotas import list_quotas, model_quota

    found = model_quota(
        list_quotas(workspace.session(region)),
        foundation_id(base_model) or base_model,
        scope=profile_scope(called),
        custom=custom,
    )
    seen = [workspace.caller(), found.requests_per_minute, found.tokens_per_minute]
    workspace.remember(_fact(model, region, custom=custom), json.dumps(seen))
    return found


def refuse_none(found: ModelQuota, limits: Limits, model: str, region: str) -> None:
    """Refuse to ask a model that the account's quotas allow nothing of: each call would be throttled.

    Args:
        found: The model's quotas.
        limits: The project's bounds; one that is a number is taken at its word.
        model: As messages call it.
        region: Where it is asked.

    Raises:
        QuotaRefused: A quota that binds is 0, as it often is in a new account.
    """
    for key, unit, wanted, quota in (
        ("requests_per_minute", "requests", limits.requests_per_minute, found.requests_per_minute),
        ("tokens_per_minute", "tokens", limits.tokens_per_minute, found.tokens_per_minute),
    ):
        if wanted == "auto" and quota == 0:
            raise QuotaRefused(
                f"The account may not call {model} in {region} yet: its quota is 0 {unit} a minute.",
                f"Ask for more in Service Quotas; a number in limits.{key} asks the model all the same.",
            )


def known_pace(workspace: Workspace, model: str, region: str, *, custom: bool = False) -> Pace:
    """The bounds that a run is likely to keep: those of the project file, else the quotas as last read."""
    limits = workspace.settings.limits
    said = workspace.store.facts.get(_fact(model, region, custom=custom))
    caller, *seen = json.loads(said) if said else ("", None, None)
    if caller != workspace.caller():
        seen = [None, None]  # another profile's may be quite different
    return bounds(limits.concurrency, limits.requests_per_minute, limits.tokens_per_minute, *seen)


def bounds(
    concurrency: int,
    requests: float | str | None,
    tokens: float | str | None,
    quota_requests: float | None,
    quota_tokens: float | None,
) -> Pace:
    """The bounds of a run: ``auto`` becomes what the account's quotas allow; None where that is not known."""
    return Pace(
        concurrency,
        _number(quota_requests if requests == "auto" else requests),
        _number(quota_tokens if tokens == "auto" else tokens),
    )


def _fact(model: str, region: str, *, custom: bool) -> str:
    return f"quota:{region}:{'custom ' if custom else ''}{model}"


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value > 0 else None

"""Quotas of the account, as applied, and the pace they allow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stillroom.aws.session import Session
from stillroom.labeling.values import Pace


@dataclass(frozen=True, slots=True)
class Quota:
    """One quota."""

    name: str
    """``QuotaName``: what it is found by. Codes differ between models and are only shown."""
    code: str
    value: float
    adjustable: bool
    applied: bool
    """True: the account's own value; False: AWS's default, which new accounts may be far below."""


@dataclass(frozen=True, slots=True)
class ModelQuota:
    """What a model allows an account."""

    requests_per_minute: float | None
    """None: Service Quotas names none."""
    tokens_per_minute: float | None
    """Input + maxTokens while a call runs."""
    tokens_per_day: float | None
    applied: bool
    """False when any of them is only AWS's default."""


def list_quotas(session: Session) -> tuple[Quota, ...]:
    """Bedrock's quotas: the applied value where there is one, else AWS's default.

    Raises:
        PermissionRefused: The caller may not read quotas.
    """
    raise NotImplementedError


def model_quota(
    quotas: Iterable[Quota], model_name: str, *, cross_region: bool = False, custom: bool = False
) -> ModelQuota:
    """Find a model's quotas by their names.

    Args:
        quotas: Of :func:`list_quotas`.
        model_name: As the catalogue names it (``Nova Pro``), or an id such as ``amazon.nova-pro-v1:0``.
        cross_region: For calls through an inference profile.
        custom: For a deployed custom model.
    """
    raise NotImplementedError


def auto_pace(quota: ModelQuota, *, latency: float, tokens_per_call: float, most: int = 64) -> Pace:
    """Bounds for a labeling run (user guide page quotas-token-burndown).

    Args:
        quota: What the model allows.
        latency: Seconds a call takes.
        tokens_per_call: Input + maxTokens: what Bedrock reserves at the start of a call.
        most: Most calls in flight, whatever the quotas allow.

    Returns:
        ``min(RPM/60 × latency, TPM/60 × latency / tokens)`` calls in flight, at least 1, at most ``most``.

    Raises:
        ValueError: Latency or tokens are not above 0.
    """
    raise NotImplementedError

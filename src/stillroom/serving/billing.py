"""What costs while nobody uses it. Rates come from the caller: this stage knows no prices."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from stillroom.serving.values import Provisioned, ProvisionedStatus

HOURS_A_MONTH = 730
"""As AWS's own price pages count a month."""


@dataclass(frozen=True, slots=True)
class HourlyCost:
    """One thing that bills by the hour."""

    provisioned: Provisioned
    hours: int
    """Begun hours since its creation; a begun hour counts whole."""
    unit_hours: int
    """Hours × model units: what a rate is multiplied by."""
    per_hour: Decimal | None
    """USD an hour for all its units; None: the price is unknown, never zero."""
    so_far: Decimal | None
    """USD since its creation, commitments aside."""
    per_month: Decimal | None
    """USD when it stays for a month of 730 h: the worst case of forgetting it."""


def bills_by_the_hour(found: Provisioned) -> bool:
    """Whether this costs money now: all provisioned throughput does, except what failed to begin."""
    return found.status != ProvisionedStatus.FAILED


def begun_hours(created: float, now: float) -> int:
    """Hours begun between two Unix times; at least 1, also when a clock jumped."""
    return max(1, math.ceil((now - created) / 3600))


def hourly_cost(found: Provisioned, rate: Decimal | None, now: float) -> HourlyCost:
    """Count what one provisioned throughput costs.

    Args:
        found: The provisioned throughput.
        rate: USD for one model unit and hour; None when unknown.
        now: Unix time.
    """
    hours = begun_hours(found.created, now)
    per_hour = None if rate is None else rate * found.units
    return HourlyCost(
        provisioned=found,
        hours=hours,
        unit_hours=hours * found.units,
        per_hour=per_hour,
        so_far=None if per_hour is None else per_hour * hours,
        per_month=None if per_hour is None else per_hour * HOURS_A_MONTH,
    )

"""How a labeling run goes, as every front end shows progress and as those show it that know of runs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from stillroom.background import Progress
from stillroom.labeling import progress as labeling
from stillroom.money import usd
from stillroom.store import RunSpec

AWAY = "the service fails every call: trying now and then"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProgress(Progress):
    """The snapshot that work puts into its slot while it labels."""

    spec: RunSpec
    """What makes the run the run it is."""
    run: labeling.Progress
    """What the run says of itself."""


def run_progress(spec: RunSpec, run: labeling.Progress, budget: Decimal | None) -> RunProgress:
    """Tell a labeling run's progress.

    Args:
        spec: Whose run it is.
        run: How far it is.
        budget: USD that may be spent; None: no limit.
    """
    details = []
    if run.projected is not None and run.left:
        # First, beside what was spent so far: behind a count it would be the price of what is counted.
        details.append(f"about {usd(run.projected)} for this part")
    if run.away:
        details.append(AWAY)
    if run.retrying:
        details.append(f"retrying {run.retrying:,}")
    if run.throttles:
        details.append(f"{run.throttles} throttled")
    return RunProgress(
        doing=f"label {spec.name}",
        done=run.done + run.failures,
        total=run.total,
        unit="pictures",
        rate=run.rate,
        seconds_left=run.eta,
        failed=run.failures,
        usd=run.spent,
        budget_usd=budget,
        detail=", ".join(details),
        spec=spec,
        run=run,
    )

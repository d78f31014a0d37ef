"""What every screen tells at its top: which project, where, and what it costs right now. Asks nobody."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from stillroom.steps.hourly import hourly
from stillroom.steps.spent import spent_so_far
from stillroom.steps.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Heading:
    """The facts of a header line."""

    project: str
    region: str
    account: str | None
    """As last seen; None: never asked."""
    profile: str
    where: str
    """``SANDBOX``, ``AWS`` or ``AWS via HOST``."""
    spent_usd: Decimal | None
    """None: a price is unknown."""
    unknown_usd: Decimal | None
    """What may have to be paid beside ``spent_usd``: an upper bound; None: a price is unknown."""
    gone_usd: Decimal
    """What a budget counts: jobs and unknown outcomes at their highest, as far as prices are known."""
    budget_usd: Decimal | None
    hourly_usd: Decimal | None
    """USD an hour of everything that bills by the hour; 0: nothing does; None: its price is unknown."""
    hourly_things: int


def heading(workspace: Workspace) -> Heading:
    """Gather it from the store."""
    aws = workspace.settings.aws
    held = hourly(workspace)
    spent = spent_so_far(workspace)
    rates = [one.usd_per_hour for one in held]
    return Heading(
        project=workspace.settings.project.name,
        region=aws.region,
        account=workspace.known_account(),
        profile=aws.profile,
        where=workspace.where,
        spent_usd=spent.usd,
        unknown_usd=spent.usd_unknown,
        gone_usd=spent.most,
        budget_usd=workspace.settings.limits.budget,
        hourly_usd=None if None in rates else sum((rate for rate in rates if rate is not None), Decimal(0)),
        hourly_things=len(held),
    )

"""What status says, as values: importing them brings little of what it takes to find them out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from stillroom.errors import StillroomError
from stillroom.steps.hourly import Hourly

DONE, RUNNING, PAUSED, WAITING, FAILED = "done", "running", "paused", "waiting", "failed"


def fact(error: StillroomError) -> str:
    """What an error says, in the style of facts: ``no records yet`` for ``There are no records yet.``."""
    what = error.what.removeprefix("There are ").removeprefix("There is ").removesuffix(".")
    return what[:1].lower() + what[1:]


@dataclass(frozen=True, slots=True)
class Standing:
    """One step."""

    step: str
    state: str
    """``done``, ``running``, ``paused``, ``waiting`` or ``failed``."""
    facts: str
    """One line."""


@dataclass(frozen=True, slots=True)
class StatusResult:
    """The whole project at a glance."""

    project: str
    where: str
    """``SANDBOX``, ``AWS`` or ``AWS via HOST``."""
    region: str
    account: str | None
    """As last seen; None: never asked."""
    steps: tuple[Standing, ...]
    spent_usd: Decimal | None
    """None: a price is unknown."""
    spent_kept_usd: Decimal | None
    """Of it, for keeping students so far; None: a price is unknown."""
    spent_as_of: float
    """Unix time up to which the keeping is counted: now."""
    spent_unknown_usd: Decimal | None
    """Upper bound of attempts with unknown outcome, and of jobs that were stopped or have failed; not in
    ``spent_usd``. None: no price is known for some."""
    spent_high_usd: Decimal
    """What the budget counts: jobs and unknown outcomes at their highest, as far as prices are known."""
    budget_usd: Decimal | None
    hourly: tuple[Hourly, ...]
    """What bills by the hour, as of the latest look."""
    looked: float | None
    """Unix time of that look; None: never."""
    next: str
    """What to do next."""
    command: str
    """The command for it; empty when all is done."""

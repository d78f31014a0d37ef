"""What has been spent: the one figure that status, cost, report and the budget rest on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from stillroom.arns import region_of
from stillroom.money import Kind, Price
from stillroom.money.estimate import HOURS_A_MONTH
from stillroom.plural import plural
from stillroom.steps.regions import region_asked
from stillroom.store import SpendingLine

if TYPE_CHECKING:
    from stillroom.steps.workspace import Workspace


KEPT = "models kept"
"""The step under which the keeping of custom models is counted."""


@dataclass(frozen=True, slots=True)
class SpentSoFar:
    """Everything that was paid or reckoned so far."""

    lines: tuple[SpendingLine, ...]
    """Labeling runs, customization jobs, and the keeping of custom models, if any."""
    kept_usd: Decimal | None
    """Of it, for keeping custom models so far; None: a price is unknown."""
    as_of: float
    """Unix time up to which the keeping is counted."""

    @property
    def usd(self) -> Decimal | None:
        """The sum, jobs at their likely price; None when a price is unknown."""
        return None if self.unpriced else sum((line.usd for line in self.lines), Decimal(0))

    @property
    def usd_unknown(self) -> Decimal | None:
        """Upper bound of everything with unknown outcome; not in ``usd``. None: a price of it is unknown."""
        bounds = [line.bound_unknown for line in self.lines]
        return None if None in bounds else sum((each for each in bounds if each is not None), Decimal(0))

    @property
    def most(self) -> Decimal:
        """What a budget counts: jobs and unknown outcomes at their highest, as far as prices are known."""
        return sum((line.most for line in self.lines), Decimal(0))

    @property
    def unpriced(self) -> int:
        """Calls, jobs and kept models without a known price: ``most`` is then too low."""
        return sum(line.unpriced for line in self.lines)


def spent_so_far(workspace: Workspace) -> SpentSoFar:
    """Gather it from the store; asks nobody.

    Models are kept up to now. A sandbox's clock runs on, hundreds of times as fast as ours and also while
    nobody works there, and its bill counts as much: a budget that did not would be passed unseen.
    """
    as_of = workspace.now()
    kept = _kept(workspace, as_of)
    lines = (*workspace.store.spending.lines(), *([kept] if kept else ()))
    kept_usd = Decimal(0) if kept is None else None if kept.unpriced else kept.usd
    return SpentSoFar(lines, kept_usd, as_of)


def paid_so_far(workspace: Workspace) -> Decimal:
    """USD that a budget counts for calls and jobs: without the keeping of models, which nobody asks for."""
    return sum((line.most for line in workspace.store.spending.lines()), Decimal(0))


def kept_so_far(workspace: Workspace) -> Decimal:
    """USD for keeping custom models up to now, as far as prices are known: it grows while others work."""
    kept = _kept(workspace, workspace.now())
    return Decimal(0) if kept is None else kept.most


def is_unverified(workspace: Workspace, line: SpendingLine) -> bool:
    """Whether a line rests on a price that nobody has confirmed, as the price book has it now."""
    if line.step == KEPT:
        rows = workspace.store.students.all(deleted=True)
        return any(keeping_price(workspace, row.base_model, row.arn).unverified for row in rows)
    run = None if line.run is None else workspace.store.runs.get(line.run)
    if run is None:
        job = None if line.job is None else workspace.store.jobs.get(line.job)
        return is_rate_unverified(workspace, line.model, job.region if job is not None else "")
    if not line.calls and not line.unknown:
        return False  # only refusals, which are not billed: that this came to nothing rests on no price
    region = region_asked(workspace, run.spec.name, run.spec.model)
    prices = workspace.prices.tokens(line.model, base_model=run.spec.base_model or None, region=region)
    return prices.input.unverified or prices.output.unverified


def is_rate_unverified(workspace: Workspace, base_model: str, region: str) -> bool:
    """Whether nobody has confirmed what training costs in a region; empty: in that of the project."""
    region = region or workspace.settings.aws.region
    return workspace.prices.price(base_model, Kind.TRAINING, region=region).unverified


def keeping_price(workspace: Workspace, base_model: str, arn: str = "") -> Price:
    """What keeping a custom model costs a month.

    Args:
        workspace: The project.
        base_model: What it was, or will be, trained on.
        arn: Its own, which tells where it is kept; empty: it is still to be made, in the project's region.
    """
    region = region_of(arn) or workspace.settings.aws.region
    return workspace.prices.price(base_model, Kind.STORAGE, region=region)


def _kept(workspace: Workspace, until: float) -> SpendingLine | None:
    """Keeping custom models, by the month, from their making to their deletion or to ``until``."""
    rows = workspace.store.students.all(deleted=True)
    if not rows:
        return None
    usd, unpriced = Decimal(0), 0
    for row in rows:
        price = keeping_price(workspace, row.base_model, row.arn).amount
        months = workspace.seconds_there(row.created, row.deleted or until) / (HOURS_A_MONTH * 3600)
        unpriced += price is None
        usd += (price or Decimal(0)) * Decimal(str(round(months, 9)))
    return SpendingLine(KEPT, plural(len(rows), "custom model"), 0, 0, 0, 0, usd, 0, Decimal(0), unpriced)

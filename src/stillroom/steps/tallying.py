"""How far each labeling run is and what the rest of it costs, counted and never listed.

The same figures as those of ``Label(name).reckon``, which also lists the pictures that it would ask about.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillroom.money import Amount
from stillroom.pictures import Side
from stillroom.steps.asking import price_of_sizes
from stillroom.steps.judging import is_judged, judge_anew
from stillroom.steps.targets import TEACHER, Target, target
from stillroom.steps.workspace import Workspace
from stillroom.store import IMPORTED, SpendingLine
from stillroom.store.tallies import Groups


@dataclass(frozen=True, slots=True)
class RunTally:
    """One labeling run of the project's present settings."""

    name: str
    target: Target
    run: int | None
    """Id of the run; None: it has not begun."""
    holder: int | None
    """Process that is labeling right now; None: nobody."""
    paused: bool
    """Whether that process has paused it."""
    pictures: int
    """Unique pictures that it is about."""
    answered: int
    imported: int
    """Of ``answered``, those that have only an imported label."""
    failed: int
    interrupted: int
    """Those whose call was begun and never heard of again."""
    unfit: int
    """Those without an answer that no model takes as they are prepared: nobody is asked about them."""
    left: int
    """Those that the next run asks about."""
    unsent: int
    """Of ``left``, those that could not be sent last time, because of their files."""
    failed_unsent: int
    """The same of ``failed``: asking again brings nothing before somebody has looked at the folder."""
    price: Amount
    """USD of what is left."""


def tally(
    workspace: Workspace, name: str, groups: Groups | None = None, *, sides: tuple[Side, ...] | None = None
) -> RunTally:
    """Count what is left of a run.

    Args:
        workspace: The project.
        name: ``teacher``, ``untuned``, a student's name, or a model.
        groups: All pictures by what decides whether they count, where they have been counted already.
        sides: Those whose pictures count; None: all that it is asked about.

    Raises:
        UsageError: There is no such model or student.
    """
    store, wanted = workspace.store, target(workspace, name)
    groups, sides = groups or store.tallies.groups(), sides or wanted.sides
    run = store.runs.id_of(wanted.spec)
    also = store.runs.id_of(IMPORTED) if wanted.spec.role == TEACHER else None
    for each in (run, also):
        if each is not None and not is_judged(workspace, each):
            judge_anew(workspace, store.runs.get(each))
    holder = None if run is None else store.runs.holder(run)
    key = wanted.spec.prepare_key
    counted = store.tallies.tally(groups, run, sides, key, also=also)
    line = price_of_sizes(
        workspace,
        wanted.spec,
        counted.left,
        lambda: store.tallies.sizes_left(run, sides, key, also=also),
    )
    return RunTally(
        name=wanted.spec.name,
        target=wanted,
        run=run,
        holder=holder,
        paused=run is not None and store.runs.is_paused(run, holder),
        pictures=counted.pictures,
        answered=counted.answered,
        imported=counted.imported,
        failed=counted.failed,
        interrupted=counted.unknown + (counted.asking if holder is None else 0),
        unfit=counted.unfit,
        left=counted.left,
        unsent=counted.unsent,
        failed_unsent=counted.failed_unsent,
        price=line.amount,
    )


def spent_on(workspace: Workspace, run: int | None) -> SpendingLine | None:
    """What a run has spent; None: it has made no call."""
    lines = workspace.store.spending.lines() if run is not None else []
    return next((line for line in lines if line.run == run), None)

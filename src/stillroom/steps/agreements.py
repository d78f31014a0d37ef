"""What a step had been expected to cost, when it was agreed to in one plan or in several.

Five pictures first and the rest later, or a run that was interrupted and begun again, are several plans of
one step. Its estimate is what each of them was to cost, for the share of it that was done under it: so parts
add up, nothing is in it that was known only after paying, and what was planned and never done does not count
twice. What is still to be done is estimated beside it, as it stands now.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from stillroom.money import Amount
from stillroom.money.amounts import NOTHING
from stillroom.steps.plan import Plan
from stillroom.store import PlanRow, SpendingLine


@dataclass(frozen=True, slots=True)
class _Gone:
    """What a run or a job had taken at some moment."""

    attempts: int
    """-1: there was no such run or job yet."""
    usd: Decimal | None
    """None: a price is unknown."""
    answers: int = 0
    """Those that came: what was throttled or lost brought the plan no further."""


_LABELING = frozenset({"label", "retry"})
"""Verbs of plans that count pictures."""
_NOTHING_YET = _Gone(-1, Decimal(0))


def gone(lines: Iterable[SpendingLine], steps: Iterable[str]) -> dict[str, list[int | str | None]]:
    """What runs and jobs of some steps have taken so far, to be written down with a plan.

    Args:
        lines: Everything that was spent.
        steps: Names of the steps that the plan pays.

    Returns:
        Attempts, USD (None: unknown) and answers, by run or job.
    """
    named = {_once_labeled(step) for step in steps}
    found = {_key(line): _gone(line) for line in lines if _once_labeled(line.step) in named}
    return {
        key: [one.attempts, None if one.usd is None else str(one.usd), one.answers]
        for key, one in found.items()
    }


def plain(plan: Plan) -> dict[str, Any]:
    """A plan's facts as JSON can hold them; the private work list is left out."""
    named = {field.name: getattr(plan, field.name) for field in dataclasses.fields(Plan)}
    named["steps"] = {
        name: [None if value is None else str(value) for value in (band.low, band.likely, band.high)]
        for name, band in plan.steps.items()
    }
    plain: dict[str, Any] = json.loads(json.dumps(named, default=_text))
    return plain


def _text(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return str(value)


def estimate(plans: Sequence[PlanRow], line: SpendingLine, left: int = 0) -> Amount | None:
    """What a run or a job had been expected to cost, as far as it has been done.

    Args:
        plans: Those that were agreed to, oldest first.
        line: What it has cost.
        left: Pictures that the run has neither answered nor given up.

    Returns:
        None when no plan that was agreed to led to it.
    """
    after = _gone(line)
    found: Amount | None = None
    for plan in reversed(plans):
        facts: Mapping[str, Any] = plan.facts
        steps = facts.get("steps", {})
        price = steps.get(line.step) or steps.get(_tried(line.step))
        if price is None:
            continue
        before = _at(facts, line)
        if after.attempts > before.attempts:
            later = line.calls - after.answers
            share = _done_of(plan, line, after.answers - before.answers, later + left)
            low, likely, high = (None if part is None else Decimal(part) * share for part in price)
            found = Amount(low, likely, high) + (found or NOTHING)
        # Else nothing was done between this plan and the next one: it was another run's, or came to nothing.
        after = before
    # What was done before any plan was agreed to had no estimate: what it cost stands for it.
    return found if found is None or after.attempts < 0 else Amount.exactly(after.usd) + found


def _planned(plan: PlanRow, line: SpendingLine) -> int | None:
    """Pictures that a plan was to ask a run about; None: it does not tell."""
    facts: Mapping[str, Any] = plan.facts
    about = facts.get("about", {})
    if line.step in about:
        return int(about[line.step])
    return int(facts["count"]) if plan.verb in _LABELING and "count" in facts else None


def _done_of(plan: PlanRow, line: SpendingLine, answered: int, open_: int) -> Decimal:
    """The share of a plan that was done under it.

    A plan that tries a prompt was about the few it asked, and a job is done as a whole. What a run was not
    answered about is no share, whatever became of it: asked about in a later plan, imported, left out, given
    up. One of the whole flow tells in early stores not of how many pictures it was: there it was of all that
    are open.

    Args:
        plan: The plan.
        line: What it led to.
        answered: Pictures that were answered under it.
        open_: Pictures that were answered later, or that have neither been answered nor given up.
    """
    if plan.verb == "ask" or line.run is None:
        return Decimal(1)
    planned = _planned(plan, line)
    if planned is None:
        planned = answered + open_
    return min(Decimal(1), Decimal(answered) / max(1, planned))


def _once_labeled(step: str) -> str:
    """A step's name when its run labels: the run of a prompt that was tried becomes that when it is kept."""
    kind, _, name = step.partition(" ")
    return f"label {name}" if kind == "ask" else step


def _tried(step: str) -> str:
    """What the run of a labeling step was called while its prompt was only tried."""
    kind, _, name = step.partition(" ")
    return f"ask {name}" if kind == "label" else step


def _at(facts: Mapping[str, Any], line: SpendingLine) -> _Gone:
    said = facts.get("gone", {}).get(_key(line))
    if said is None:
        return _NOTHING_YET
    attempts, usd = said[:2]
    # Early stores tell no answers: there nearly every attempt was one.
    return _Gone(attempts, None if usd is None else Decimal(usd), *(said[2:] or [attempts]))


def _gone(line: SpendingLine) -> _Gone:
    return _Gone(line.attempts, None if line.unpriced else line.usd, line.calls)


def _key(line: SpendingLine) -> str:
    return f"run {line.run}" if line.run is not None else f"job {line.job}"

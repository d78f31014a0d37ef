"""What came of a labeling step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from stillroom.steps.failing import Failed, Failures
from stillroom.steps.scan import Flagged

if TYPE_CHECKING:
    from stillroom.steps.labeling import LabelPlan


@dataclass(frozen=True, slots=True)
class LabelResult:
    """How a labeling run stands after this step."""

    run: str
    run_id: int | None
    model: str
    done: int
    """Pictures answered by this step."""
    failed: Mapping[str, int]
    """Pictures that failed in this step, by class; ``gone`` are those whose files are missing."""
    failed_before: int
    """Of the pictures, those that failed before and were left alone: only ``retry`` asks again."""
    failures: tuple[Failed, ...]
    """Those that failed in this step or before it, and all others that ``retry`` of their classes asks about;
    of each class the first ones."""
    gone: str
    """What to say of pictures whose files are missing; empty when none is."""
    flagged: int
    """Pictures that could not be prepared, such as damaged ones, and were not sent; no failures."""
    flagged_files: tuple[Flagged, ...]
    """They, by flag and then by path; of each flag the first ones."""
    attempts: int
    retries: int
    unknown: int
    """Attempts whose outcome was never learnt; they may have been billed."""
    input_tokens: int
    output_tokens: int
    estimated_input_tokens: int
    """What the pictures that ``input_tokens`` were measured of had been estimated at; no others."""
    usd: Decimal | None
    """None: no price is known."""
    usd_unknown: Decimal | None
    """Upper bound of the attempts with unknown outcome."""
    seconds: float
    """Of labeling, as the costs count it: pauses are none, nor is waiting for nothing but to ask again."""
    answered: int
    """Pictures of the split that have an answer now."""
    pictures: int
    remarks: tuple[str, ...]
    """Pictures that were named and are not meant, words that select nothing, a split without pictures."""
    failing: Mapping[str, int] = field(metadata={"private": True})
    """How many pictures ``failures`` is about, by class: of many it lists the first ones alone."""
    flags: Mapping[str, int] = field(metadata={"private": True})
    """The same of ``flagged_files``."""


def nothing_asked(plan: LabelPlan, run_id: int | None, told: Failures) -> LabelResult:
    """The result of a run with nothing left to ask."""
    return LabelResult(
        run=plan.run,
        run_id=run_id,
        model=plan.model,
        done=0,
        failed={},
        failed_before=len(plan.failing),
        failures=told.listed,
        gone="",
        flagged=0,
        flagged_files=(),
        attempts=0,
        retries=0,
        unknown=0,
        input_tokens=0,
        output_tokens=0,
        estimated_input_tokens=0,
        usd=Decimal(0),
        usd_unknown=Decimal(0),
        seconds=0.0,
        answered=plan.answered,
        pictures=plan.pictures,
        # Of nothing left to label the counts tell by themselves; of nothing to ask again they do not.
        remarks=(plan.title, *plan.remarks) if plan.verb == "retry" else plan.remarks,
        failing=told.counts,
        flags={},
    )

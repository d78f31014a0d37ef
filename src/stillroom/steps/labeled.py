"""What came of a labeling step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from stillroom.pictures import PASSING
from stillroom.steps.failing import Failed
from stillroom.steps.scan import Flagged


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelResult:
    """How a labeling run stands after this step; what is not said is of one that asked nobody."""

    run: str
    run_id: int | None
    model: str
    done: int = 0
    """Pictures answered by this step."""
    failed: Mapping[str, int] = field(default_factory=dict)
    """Pictures that failed in this step, by class; ``gone`` are those whose files are missing."""
    failed_before: int
    """Of the pictures, those that failed before and were left alone: only ``retry`` asks again."""
    failures: tuple[Failed, ...]
    """Those that failed in this step or before it, and all others that ``retry`` of their classes asks about;
    of each class the first ones."""
    gone: str = ""
    """What to say of pictures whose files are missing; empty when none is."""
    flagged: int = 0
    """Pictures that could not be prepared, such as damaged ones, and were not sent; no failures."""
    flagged_files: tuple[Flagged, ...] = ()
    """They, by flag and then by path; of each flag the first ones."""
    attempts: int = 0
    retries: int = 0
    unknown: int = 0
    """Attempts whose outcome was never learnt; they may have been billed."""
    input_tokens: int = 0
    output_tokens: int = 0
    estimated_input_tokens: int = 0
    """What the pictures that ``input_tokens`` were measured of had been estimated at; no others."""
    usd: Decimal | None = Decimal(0)
    """None: no price is known."""
    usd_unknown: Decimal | None = Decimal(0)
    """Upper bound of the attempts with unknown outcome."""
    seconds: float = 0.0
    """Of labeling, as the costs count it: pauses are none, nor is waiting for nothing but to ask again."""
    elapsed: float = field(default=0.0, metadata={"private": True})
    """Seconds from the first call to the last, whatever was waited for."""
    answered: int
    """Pictures of the split that have an answer now."""
    pictures: int
    remarks: tuple[str, ...]
    """Pictures that were named and are not meant, words that select nothing, a split without pictures."""
    failing: Mapping[str, int] = field(metadata={"private": True})
    """How many pictures ``failures`` is about, by class: of many it lists the first ones alone."""
    flags: Mapping[str, int] = field(default_factory=dict, metadata={"private": True})
    """The same of ``flagged_files``."""

    @property
    def unfit(self) -> int:
        """How many of ``flagged`` no model takes as they are prepared; with the others it is their files."""
        return sum(count for flag, count in self.flags.items() if flag not in PASSING)

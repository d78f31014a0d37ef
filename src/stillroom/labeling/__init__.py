"""A labeling run: a model over pictures, each answer stored before it counts, none paid for twice.

`stillroom.labeling.engine.label` runs it; here are the values that others hold.
"""

from typing import TYPE_CHECKING

from stillroom.labeling.values import (
    Accept,
    Answer,
    Ask,
    AskFailed,
    Clock,
    FailureClass,
    Inference,
    Item,
    Journal,
    Meter,
    MoneyReading,
    Outcome,
    Pace,
    Prompt,
    Verdict,
)
from stillroom.late import importing

if TYPE_CHECKING:
    from stillroom.labeling.progress import Newest, Progress, RunResult, RunState, Slot, StoppedBy
    from stillroom.labeling.retrying import RetryPolicy

_LATE = {
    **dict.fromkeys(("Newest", "Progress", "RunResult", "RunState", "Slot", "StoppedBy"), "progress"),
    "RetryPolicy": "retrying",
}
"""What a run says of itself is imported when it is asked for: whoever only reads labels has no run."""

__all__ = [
    "Accept",
    "Answer",
    "Ask",
    "AskFailed",
    "Clock",
    "FailureClass",
    "Inference",
    "Item",
    "Journal",
    "Meter",
    "MoneyReading",
    "Newest",
    "Outcome",
    "Pace",
    "Progress",
    "Prompt",
    "RetryPolicy",
    "RunResult",
    "RunState",
    "Slot",
    "StoppedBy",
    "Verdict",
]

__getattr__ = importing(__name__, _LATE)

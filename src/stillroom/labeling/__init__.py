"""A labeling run: a model over pictures, each answer stored before it counts, none paid for twice.

`stillroom.labeling.engine.label` runs it; here are the values that others hold.
"""

from stillroom.labeling.progress import Newest, Progress, RunResult, RunState, Slot, StoppedBy
from stillroom.labeling.retrying import RetryPolicy
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

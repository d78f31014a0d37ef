"""A labeling run: a model over pictures, each answer stored before it counts, none paid for twice.

`stillroom.labeling.engine.label` runs it; here are the values that others hold.
"""

from importlib import import_module
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


def __getattr__(name: str) -> object:
    if name in _LATE:
        return getattr(import_module(f"stillroom.labeling.{_LATE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

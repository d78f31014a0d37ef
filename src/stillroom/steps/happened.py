"""What happened by itself, in words: the end of a job, a deployment that went away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stillroom.store import Event
from stillroom.store.opening import Store


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that nobody was waiting for."""

    text: str
    bad: bool


_TOLD: Final = {
    "job_completed": ("Trained: {}", False),
    "job_failed": ("Training failed: {}", True),
    "losses_unread": ("The losses could not be read: {}", True),
    "deployment_gone": ("A deployment is gone: {}", True),
    "model_gone": ("A model is gone, and paid for no more: {}", True),
}
"""Kinds of events that come without anybody's doing, in words, and whether they are bad news."""


class News:
    """Tells what has happened since it was made, or since it was asked last."""

    def __init__(self, store: Store) -> None:
        self._store = store
        newest = store.diary.events(limit=1)
        self._heard = newest[-1].id if newest else 0

    def since(self) -> list[Happened]:
        """Oldest first."""
        events = self._store.diary.events(after=self._heard)
        if events:
            self._heard = events[-1].id
        return [found for event in events if (found := _in_words(event)) is not None]


def _in_words(event: Event) -> Happened | None:
    told = _TOLD.get(event.kind)
    if told is None:
        return None
    words, bad = told
    about = event.text.partition(":")[0] if event.kind == "job_completed" else event.text
    return Happened(words.format(about), bad)

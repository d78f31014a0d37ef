"""The disk runs full while labels are bought: all that was paid is kept, in the room set aside for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.steps.world import Box, stillroom

from stillroom.errors import StorageFull
from stillroom.labeling.values import Item, Outcome
from stillroom.steps.workspace import open_workspace
from stillroom.store import ballast
from stillroom.store.journal import RunJournal


def test_no_answer_is_lost_or_bought_twice(project: Path, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    advance, occupy = RunJournal.advance, ballast._occupy
    held = []

    def until_full(journal: RunJournal, ended: Sequence[Outcome], begun: Sequence[Item]) -> list[int]:
        if ended and not held[0].closed:
            raise StorageFull("The disk is full.", "Free disk space.")
        return advance(journal, ended, begun)

    def occupied(folder: Path, size: int) -> object:
        held.append(occupy(folder, size))
        return held[-1]

    stillroom("scan", "-q", "--project", project).ok()
    before = box.served()
    with monkeypatch.context() as full:
        full.setattr(RunJournal, "advance", until_full)
        full.setattr(ballast, "_occupy", occupied)
        stillroom("label", "teacher", "-yq", "--limit", "12", "--project", project).refused(1, "is full.")
    paid = box.served() - before
    assert paid > 0
    with open_workspace(project) as workspace:
        (run,) = workspace.store.runs.all()
        assert (run.counts.done, run.counts.unknown, run.counts.asking) == (paid, 0, 0)

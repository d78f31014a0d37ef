"""Uploading: what was sent before it was stopped is known."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from tests.steps.stopping import StopsAfter
from tests.steps.world import stillroom

from stillroom.aws.uploading import upload_many
from stillroom.background import Signals
from stillroom.errors import Interrupted
from stillroom.steps import upload
from stillroom.steps.plan import Watch
from stillroom.steps.upload import UploadStep
from stillroom.steps.workspace import open_workspace


def test_what_was_sent_before_it_was_stopped_is_counted(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stillroom("run", "--until", "build", "-yq", "--project", project).ok()
    stillroom("setup", "-yq", "--project", project).ok()
    stillroom("build", "-q", "--project", project).ok()
    monkeypatch.setattr(upload, "upload_many", partial(upload_many, workers=1))
    signals = Signals()
    with open_workspace(project) as workspace:
        step = UploadStep()
        before = step.plan(workspace)
        with pytest.raises(Interrupted, match="stopped"):
            step.execute(workspace, before, Watch(StopsAfter(signals, 5), signals))
        sent = len(workspace.store.records.uploaded(before.bucket))
        assert 5 <= sent < before.missing
        assert step.plan(workspace).missing == before.missing - sent

"""What records name is what is uploaded and trained on, whatever has changed since they were built."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import put, stillroom

from stillroom.errors import UsageError
from stillroom.pictures import Side
from stillroom.steps.training import Train
from stillroom.steps.upload import UploadStep, uploads
from stillroom.steps.workspace import Workspace, open_workspace


def _named(workspace: Workspace) -> set[str]:
    return {one.key for one in uploads(workspace) if "/pictures/" in f"/{one.key}"}


def test_a_picture_left_out_after_building_is_still_uploaded(project: Path):
    stillroom("run", "--until", "build", "--yes", "--project", project).ok()
    with open_workspace(project) as workspace:
        before = _named(workspace)
        assert len(before) == 20
        rows = workspace.store.pictures.contents((Side.TRAIN,))
        workspace.store.pictures.set_excluded([row.content for row in rows], True)
        assert _named(workspace) == before
        assert UploadStep().plan(workspace).missing == 22


def test_records_of_another_preparation_are_not_uploaded(project: Path):
    stillroom("run", "--until", "build", "--yes", "--project", project).ok()
    put(project, "prepare", "quality", 40)
    with open_workspace(project) as workspace, pytest.raises(UsageError, match="another bucket, prefix or"):
        UploadStep().plan(workspace)
    stillroom("run", "--until", "upload", "--yes", "--project", project).ok()


def test_training_waits_for_every_picture(project: Path, box):
    stillroom("run", "--until", "upload", "--yes", "--project", project).ok()
    with open_workspace(project) as workspace:
        key = min(_named(workspace))
        with workspace.store.database.writing() as connection:
            connection.execute("DELETE FROM uploads WHERE key = ?", (key,))
        (stop,) = Train().plan(workspace).stops
        assert "are not in the bucket yet" in stop
        assert stop.endswith("Run: stillroom upload")
        assert Train().reckon(workspace).stops == ()
    before = len(box.bill()["training"])
    stillroom("train", "--yes", "--project", project).refused(
        2, "are not in the bucket yet", "stillroom upload"
    )
    assert len(box.bill()["training"]) == before
    stillroom("upload", "--yes", "--project", project).ok()
    with open_workspace(project) as workspace:
        plan = Train().plan(workspace)
        assert (plan.count, plan.stops) == (2, ())

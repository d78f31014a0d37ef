"""Records that cannot be read, or that go meanwhile: a look at the project says so and goes on."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from tests.steps.refusing import refuse

from stillroom.errors import UsageError
from stillroom.steps import upload
from stillroom.steps.mending import refuse_altered
from stillroom.steps.standing import status
from stillroom.steps.upload import uploads
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store import RecordsFile

IS_NOT_WHAT_WAS_BUILT = "records/10.jsonl is not what was built."


def _is_of_records(path: Path) -> bool:
    return path.parent.name == "records"


def _facts(workspace: Workspace) -> dict[str, str]:
    return {step.step: step.facts for step in status(workspace).steps}


def test_records_in_a_folder_that_cannot_be_entered_count_as_lost(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "stat", errno.EACCES, _is_of_records)
    with open_workspace(distilled) as workspace:
        assert IS_NOT_WHAT_WAS_BUILT.rstrip(".") in _facts(workspace)["build"]
        with pytest.raises(UsageError) as refused:
            uploads(workspace)
    assert (refused.value.what, refused.value.todo) == (IS_NOT_WHAT_WAS_BUILT, "Run: stillroom build")


def test_records_that_cannot_be_read_are_named_with_the_reason(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "open", errno.EACCES, _is_of_records)
    with open_workspace(distilled) as workspace:
        assert "records/10.jsonl cannot be read: permission denied" in _facts(workspace)["upload"]
        with pytest.raises(UsageError) as refused:
            uploads(workspace)
    assert refused.value.todo == "Make it readable, or delete it and run: stillroom build"


def test_records_that_go_while_they_are_looked_at_are_lost(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(workspace: Workspace, files: list[RecordsFile]) -> None:
        refuse_altered(workspace, files)
        for file in files:
            (workspace.root / file.path).unlink()

    monkeypatch.setattr(upload, "refuse_altered", gone)
    with open_workspace(distilled) as workspace:
        assert IS_NOT_WHAT_WAS_BUILT.rstrip(".") in _facts(workspace)["upload"]

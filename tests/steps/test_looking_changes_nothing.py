"""Looking writes nothing, half a file is no file, and what the budget cannot count is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import put, stillroom

from stillroom.errors import StorageFull
from stillroom.steps.exchange import ExportLabels
from stillroom.steps.plan import Watch
from stillroom.steps.preparing import ensure_prepared, prepared_folder
from stillroom.steps.standing import status
from stillroom.steps.workspace import open_workspace


def test_status_stores_no_scores(distilled: Path):
    with open_workspace(distilled) as workspace:
        with workspace.store.database.writing() as connection:
            connection.execute("DELETE FROM scores")
        said = {one.step: one for one in status(workspace).steps}
        assert said["compare"].facts.startswith("untuned 0.")
        with workspace.store.database.reading() as connection:
            assert connection.execute("SELECT count(*) FROM scores").fetchone()[0] == 0


def test_a_prepared_file_that_was_cut_is_made_again(distilled: Path):
    with open_workspace(distilled) as workspace:
        rows = workspace.store.pictures.contents()
        known = ensure_prepared(workspace, rows, Watch())
        file = known[rows[0].content]
        path = prepared_folder(workspace) / file.path
        whole = path.read_bytes()
        path.write_bytes(whole[:100])
        ensure_prepared(workspace, rows, Watch())
        assert path.read_bytes() == whole


def test_an_export_that_fails_leaves_nothing_behind(distilled: Path, tmp_path: Path):
    target = tmp_path / "labels.jsonl"
    target.mkdir()
    (target / "kept").touch()
    with open_workspace(distilled) as workspace, pytest.raises(StorageFull):
        step = ExportLabels(target)
        step.execute(workspace, step.plan(workspace), Watch())
    assert list(tmp_path.glob(".labels*")) == []


def test_an_import_of_a_deeply_nested_line_is_refused(distilled: Path, tmp_path: Path):
    file = tmp_path / "labels.jsonl"
    file.write_text("[" * 100_000)
    stillroom("import", "labels", file, "--project", distilled).refused(2, "line 1: not a label")


def test_a_budget_says_what_it_cannot_count(distilled: Path):
    put(distilled, "limits", "budget", 100.0)
    with open_workspace(distilled) as workspace:
        assert workspace.budget_note() == ()
        with workspace.store.database.writing() as connection:
            connection.execute("UPDATE runs SET unpriced = 3 WHERE role = 'teacher'")
        (note,) = workspace.budget_note()
        assert note.startswith("3 calls, jobs or kept models have no known price")

"""Answers that an older parser judged are judged again for free, before they are counted or compared."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.keywords import JUDGING_VERSION
from stillroom.pictures import Side
from stillroom.steps.build import Build
from stillroom.steps.comparing import Field, student_runs
from stillroom.steps.judging import is_judged, judge_anew
from stillroom.steps.labeled import LabelResult
from stillroom.steps.labeling import Label
from stillroom.steps.orders import examples
from stillroom.steps.plan import Watch
from stillroom.steps.targets import target
from stillroom.steps.teaching import labels
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store import IMPORTED, Run


def _spoil(workspace: Workspace, run: Run, by: str) -> None:
    """Leave a run as a parser that could read nothing would have left it."""
    with workspace.store.database.writing() as connection:
        connection.execute(
            "UPDATE answers SET keywords = '', words = 0, failure = 'unparsable' WHERE run_id = ?", (run.id,)
        )
        connection.execute(
            "UPDATE states SET state = 'failed', failure = 'unparsable', words = 0 WHERE run_id = ?",
            (run.id,),
        )
    workspace.store.facts.put(f"judged:{run.id}", by)


def _run(workspace: Workspace, name: str) -> Run:
    found = workspace.store.runs.find(target(workspace, name).spec)
    assert found is not None
    return found


def test_a_run_is_judged_again_when_the_parser_has_changed(distilled: Path, box: Box):
    before = box.served()
    with open_workspace(distilled) as workspace:
        run = _run(workspace, "teacher")
        _spoil(workspace, run, f"{JUDGING_VERSION - 1} 15 25")
        plan = Label("teacher").plan(workspace)
        assert (plan.count, plan.failed, plan.answered) == (0, 0, plan.pictures)
        assert len(examples(workspace, Side.TRAIN)) >= 20
        _spoil(workspace, run, f"{JUDGING_VERSION - 1} 15 25")
        assert Build().execute(workspace, Build().plan(workspace), Watch()).files[0].rebuilt is False
        untuned = _run(workspace, "untuned")
        _spoil(workspace, untuned, f"{JUDGING_VERSION - 1} 15 25")
        field = Field.of(workspace, student_runs(workspace))
        assert field.summary(untuned).failed == 0
    assert box.served() == before


def test_a_look_that_judges_a_run_turns_nobody_away_who_labels_in_it(project: Path):
    stillroom("scan", "-q", "--project", project).ok()
    done: list[LabelResult] = []
    with open_workspace(project) as workspace:
        step = Label("untuned")
        plan = step.plan(workspace)
        run = workspace.store.runs.start_or_find(plan.target.spec)

        def label() -> None:
            with open_workspace(project) as other:
                done.append(step.execute(other, plan, Watch()))

        thread = threading.Thread(target=label)
        with workspace.store.runs.locks.judging(run.id):
            thread.start()
            while workspace.store.runs.holder(run.id) is None:
                assert thread.is_alive(), "labeling was turned away"
        thread.join()
        assert [one.done for one in done] == [plan.count]
        assert is_judged(workspace, run.id)


def test_it_is_not_judged_again_for_nothing(distilled: Path):
    with open_workspace(distilled) as workspace:
        _spoil(workspace, _run(workspace, "teacher"), f"{JUDGING_VERSION} 15 25")
        assert Label("teacher").plan(workspace).failed > 0


def test_other_bounds_are_remarked_on(distilled: Path):
    put(distilled, "prompt", "keywords_min", 200)
    put(distilled, "prompt", "keywords_max", 200)
    with open_workspace(distilled) as workspace:
        plan = Label("teacher").plan(workspace)
        assert plan.count == 0
        run = _run(workspace, "teacher")
        assert all("few" in row.remark for row in workspace.store.answers.rows(run.id))


@pytest.fixture
def taught(project: Path, tmp_path: Path) -> Path:
    """A project whose every label was imported."""
    stillroom("scan", "--project", project).ok()
    with open_workspace(project) as workspace:
        names = [row.path for row in workspace.store.pictures.contents()]
    file = tmp_path / "labels.jsonl"
    label = ", ".join(f"word {number}" for number in range(16))
    file.write_text("".join(json.dumps({"image": name, "label": label}) + "\n" for name in names))
    stillroom("import", "labels", file, "--project", project).ok()
    return project


def test_imported_labels_are_judged_again_too(taught: Path, box: Box):
    with open_workspace(taught) as workspace:
        run = workspace.store.runs.find(IMPORTED)
        assert run is not None
        _spoil(workspace, run, "0 15 25")
        plan = Label("teacher").plan(workspace)
        assert (plan.count, plan.answered) == (0, plan.pictures)
        rows = workspace.store.pictures.contents((Side.TRAIN,))
        _spoil(workspace, run, "0 15 25")
        assert None not in labels(workspace, [row.content for row in rows])


def test_imported_labels_count_as_the_teachers(taught: Path):
    said = stillroom("status", "--json", "--project", taught).ok().json
    (step,) = [one for one in said["steps"] if one["step"] == "label teacher"]
    assert (step["state"], step["facts"].split(" ")[0]) == ("done", "30/30")
    stillroom("retry", "teacher", "--yes", "--project", taught).refused(2, "teacher was never asked")


def test_bounds_that_change_while_answers_are_judged_are_judged_by_the_next_time(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
):
    with open_workspace(distilled) as workspace:
        run = _run(workspace, "teacher")
        _spoil(workspace, run, f"{JUDGING_VERSION - 1} 15 25")
        reparse = workspace.store.answers.reparse

        def slow(*words: Any, **named: Any) -> int:
            changed = reparse(*words, **named)
            put(distilled, "prompt", "keywords_min", 1)
            workspace.reload()  # as the workbench does when the project file was changed
            return changed

        monkeypatch.setattr(workspace.store.answers, "reparse", slow)
        judge_anew(workspace, run)
        assert not is_judged(workspace, run.id)

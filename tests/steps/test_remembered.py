"""What was counted last is remembered as it was, written no more often than needed, and never in the way."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.steps.world import stillroom

from stillroom.steps import large_standing
from stillroom.steps.build import Build
from stillroom.steps.comparing import Compare
from stillroom.steps.plan import Watch
from stillroom.steps.remembered_comparison import grounds, recall_comparison
from stillroom.steps.remembered_standing import recall_standing, remember_standing
from stillroom.steps.standing import Memory, status
from stillroom.steps.standing_values import Standing
from stillroom.steps.workspace import Workspace, open_workspace


def test_status_is_remembered_as_it_was_said(distilled: Path) -> None:
    stillroom("status", "-q", "--project", distilled).ok()
    with open_workspace(distilled) as workspace:
        known = recall_standing(workspace)
        assert known is not None
        assert known.status.steps == status(workspace).steps
        wanted = replace(
            known.status, spent_usd=Decimal("1.10"), budget_usd=None, steps=known.status.steps[:2]
        )
        remember_standing(workspace, wanted)
        again = recall_standing(workspace)
        assert again is not None
        assert again.status == wanted


def test_the_same_again_is_written_once_a_minute(distilled: Path) -> None:
    clock = [1000.0]
    with open_workspace(distilled, now=lambda: clock[0]) as workspace:
        said = status(workspace)
        for seconds, expected in ((0.0, 1000.0), (30.0, 1000.0), (61.0, 1061.0)):
            clock[0] = 1000.0 + seconds
            remember_standing(workspace, said)
            known = recall_standing(workspace)
            assert known is not None
            assert known.at == expected


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"at": "x"}', '{"at": 1, "steps": [{"odd": 1}]}'])
def test_what_another_version_wrote_is_not_believed(distilled: Path, text: str) -> None:
    with open_workspace(distilled) as workspace:
        workspace.store.facts.put("standing", text)
        assert recall_standing(workspace) is None


def test_a_read_only_store_is_left_alone(distilled: Path) -> None:
    with open_workspace(distilled, writable=lambda folder: False) as workspace:
        remember_standing(workspace, replace(status(workspace), project="other"))
        known = recall_standing(workspace)
        assert known is None or known.status.project != "other"


def compared(workspace: Workspace) -> object:
    return recall_comparison(workspace, grounds(workspace, workspace.store.tallies.groups()))


def test_a_comparison_counts_until_something_that_it_rests_on_changes(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        store = workspace.store
        Compare().execute(workspace, Compare().plan(workspace), Watch())
        known = compared(workspace)
        assert known is not None
        facts = {one.step: one.facts for one in status(workspace).steps}
        assert facts["compare"] == known.facts

        test = next(row.content for row in store.pictures.contents() if row.side == "test")
        store.pictures.set_excluded([test], excluded=True)
        assert compared(workspace) is None
        store.pictures.set_excluded([test], excluded=False)
        assert compared(workspace) == known

        run = next(run for run in store.runs.all() if run.spec.name == "untuned")
        with store.runs.claim(run.id):
            pass
        assert compared(workspace) is None


def standings(workspace: Workspace) -> dict[str, Standing]:
    return {one.step: one for one in status(workspace).steps}


def test_a_large_project_stands_where_a_small_one_does(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_workspace(distilled) as workspace:
        Build().execute(workspace, Build().plan(workspace), Watch())
        Compare().execute(workspace, Compare().plan(workspace), Watch())
        exact = standings(workspace)
        monkeypatch.setattr(large_standing, "SOON_READ", 0)
        large = standings(workspace)
        assert {step: one.state for step, one in large.items()} == {
            step: one.state for step, one in exact.items()
        }
        assert large["upload"] == exact["upload"]
        assert large["compare"] == exact["compare"]

        train = next(row.content for row in workspace.store.pictures.contents() if row.side == "train")
        workspace.store.pictures.set_excluded([train], excluded=True)
        changed = standings(workspace)
        assert changed["build"].state == "waiting"
        assert changed["build"].facts.startswith("labels may have changed since · ")
        assert (changed["upload"].state, changed["train"].state) == ("waiting", "waiting")
        assert changed["compare"].facts == "not compared since the latest answers"


def test_looking_again_finds_what_has_changed(distilled: Path) -> None:
    memory = Memory()
    with open_workspace(distilled) as workspace:
        before = status(workspace, memory)
        assert status(workspace, memory).steps == before.steps == status(workspace).steps

        train = next(row.content for row in workspace.store.pictures.contents() if row.side == "train")
        workspace.store.pictures.set_excluded([train], excluded=True)
        assert status(workspace, memory).steps == status(workspace).steps != before.steps

        workspace.store.pictures.set_excluded([train], excluded=False)
        records = workspace.root / workspace.store.records.files()[0].path
        records.write_text("cut")
        changed = {one.step: one for one in status(workspace, memory).steps}
        assert changed["build"].state == "failed"
        assert tuple(changed.values()) == status(workspace).steps

"""A model that somebody else has deleted is noted as deleted: it is neither kept nor paid for any more."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.aws import customization
from stillroom.background import Runner, Signals, Slot
from stillroom.errors import PermissionRefused
from stillroom.steps.elsewhere import look_elsewhere
from stillroom.steps.following import Follower
from stillroom.steps.happened import News
from stillroom.steps.jobs import Jobs
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import Workspace, open_workspace

GONE = "The model of lite-10 is no longer there, and paid for no more."
AGAIN = "To train anew what was deleted: stillroom train --again"


@pytest.fixture
def gone(distilled: Path, box: Box) -> Path:
    """Somebody has deleted the model of ``lite-10`` in the console."""
    with open_workspace(distilled) as workspace:
        row = workspace.store.students.get("lite-10")
        assert row is not None
    client = box.client("bedrock")
    client.delete_custom_model(modelIdentifier=row.arn)
    client.close()
    return distilled


def kept(project: Path) -> list[str]:
    """Students whose models are kept, as far as the project knows."""
    with open_workspace(project) as workspace:
        return [row.name for row in workspace.store.students.all()]


def test_jobs_says_so_once_and_what_to_do(gone: Path) -> None:
    said = stillroom("jobs", "--json", "--project", gone).ok().json
    assert said["remarks"] == [f"{GONE} {AGAIN}"]
    assert [one["student"] for one in said["students"]] == ["lite-20"]
    assert [one["deleted"] for one in said["jobs"]] == [True, False]
    assert kept(gone) == ["lite-20"]
    assert stillroom("jobs", "--json", "--project", gone).ok().json["remarks"] == []


def test_it_can_be_trained_anew(gone: Path) -> None:
    stillroom("jobs", "-q", "--project", gone).ok()
    stillroom("train", "--again", "-yq", "--project", gone).ok()
    stillroom("jobs", "--watch", "-q", "--project", gone).ok()
    assert kept(gone) == ["lite-10-2", "lite-20"]


def test_deploy_notes_it(gone: Path) -> None:
    stillroom("deploy", "-yq", "--project", gone).refused(4, GONE, AGAIN)
    assert kept(gone) == ["lite-20"]


def test_the_workbench_notes_it_and_tells(gone: Path) -> None:
    runner = Runner()
    with open_workspace(gone) as workspace:
        news = News(workspace.store)
        Follower(workspace, runner).follow(Slot(), Signals())
        assert [one.text for one in news.since()] == ["A model is gone, and paid for no more: lite-10"]
    runner.close()
    assert kept(gone) == ["lite-20"]


def test_its_deployment_has_gone_with_it(distilled: Path, box: Box) -> None:
    made = stillroom("deploy", "lite-10", "-yq", "--json", "--project", distilled).ok().json["deployments"][0]
    with open_workspace(distilled) as workspace:
        row = workspace.store.students.get("lite-10")
        assert row is not None
    client = box.client("bedrock")
    client.delete_custom_model_deployment(customModelDeploymentIdentifier=made["arn"])
    client.delete_custom_model(modelIdentifier=row.arn)
    client.close()
    stillroom("jobs", "-q", "--project", distilled).ok()
    with open_workspace(distilled) as workspace:
        assert workspace.store.students.deployments() == []


def test_another_account_concludes_nothing(gone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workspace, "known_account", lambda _: "999900001111")
    assert stillroom("jobs", "--json", "--project", gone).ok().json["remarks"] == []
    stillroom("deploy", "lite-10", "-yq", "--project", gone).refused(4, "there is no custom model")
    assert kept(gone) == ["lite-10", "lite-20"]


def test_it_is_looked_for_where_it_was_trained(gone: Path) -> None:
    put(gone, "aws", "region", "us-west-2")
    said = stillroom("jobs", "--json", "--project", gone).ok().json
    assert [one.startswith(GONE) for one in said["remarks"]] == [True]
    assert kept(gone) == ["lite-20"]


def test_one_that_has_only_just_been_made_may_not_be_seen_yet(gone: Path) -> None:
    with open_workspace(gone) as workspace:
        row = workspace.store.students.get("lite-10")
    assert row is not None
    with open_workspace(gone, now=lambda: row.created) as workspace:
        assert look_elsewhere(workspace).gone == ()
    assert kept(gone) == ["lite-10", "lite-20"]


def test_a_folder_that_cannot_be_written_is_told_all_the_same(gone: Path) -> None:
    with open_workspace(gone, writable=lambda _: False) as workspace:
        assert look_elsewhere(workspace).gone == ("lite-10",)
    assert kept(gone) == ["lite-10", "lite-20"]


def test_who_may_not_list_jobs_learns_it_all_the_same(gone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customization, "list_jobs", _refused)
    with open_workspace(gone) as workspace:
        looked = look_elsewhere(workspace)
    assert [one.kind for one in looked.others] == ["listing"]
    assert looked.gone == ("lite-10",)


def test_who_may_not_list_models_learns_it_by_asking_for_each(
    gone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customization, "list_custom_models", _refused)
    with open_workspace(gone) as workspace:
        assert look_elsewhere(workspace).gone == ("lite-10",)
    assert kept(gone) == ["lite-20"]


def test_models_of_another_account_are_not_asked_for(gone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS refuses to tell of them, which is no refusal to list what others made."""
    monkeypatch.setattr(Workspace, "known_account", lambda _: "999900001111")
    monkeypatch.setattr(customization, "get_model", _refused)
    with open_workspace(gone) as workspace:
        looked = look_elsewhere(workspace)
    assert "listing" not in {one.kind for one in looked.others}
    assert looked.gone == ()


def test_where_models_may_not_be_asked_for_nothing_is_concluded(
    gone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customization, "get_model", _refused)
    with open_workspace(gone) as workspace:
        assert look_elsewhere(workspace).gone == ()
    assert kept(gone) == ["lite-10", "lite-20"]


def _refused(*words: Any, **named: Any) -> NoReturn:
    raise PermissionRefused("You may not.", "Ask for it.")


def test_a_folder_that_cannot_be_written_is_told_nothing_that_is_untrue(gone: Path) -> None:
    """Nothing is noted there, so that nothing can be trained in place of what is gone."""
    with open_workspace(gone, writable=lambda _: False) as workspace:
        said = Jobs().execute(workspace, Jobs().plan(workspace), Watch())
    assert said.remarks == (GONE,)

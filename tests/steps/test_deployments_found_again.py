"""Deployments that failed, vanished, or were made by a call that nobody heard the answer of."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.aws import deployments
from stillroom.aws.session import Session
from stillroom.errors import Unreachable
from stillroom.project.writing import edit
from stillroom.serving import DeploymentStatus
from stillroom.steps import pipeline
from stillroom.steps.deploying import take_lost_deployments
from stillroom.steps.plan import Watch
from stillroom.steps.students import Deploy, Undeploy
from stillroom.steps.targets import target
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store import DeploymentRow

STUDENT = "lite-10"
ARN = "arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/"


def _names(box: Box) -> set[str]:
    client = box.client("bedrock")
    try:
        found = client.list_custom_model_deployments()["modelDeploymentSummaries"]
    finally:
        client.close()
    return {one["customModelDeploymentName"] for one in found}


def test_a_failed_deployment_is_not_asked(distilled: Path):
    with open_workspace(distilled) as workspace:
        students = workspace.store.students
        students.new_deployment(
            DeploymentRow("first", STUDENT, "t1", 1.0, ARN + "aaaaaaaaaaaa", DeploymentStatus.FAILED)
        )
        students.new_deployment(
            DeploymentRow("second", STUDENT, "t2", 2.0, ARN + "bbbbbbbbbbbb", DeploymentStatus.ACTIVE)
        )
        assert target(workspace, STUDENT).spec.model == ARN + "bbbbbbbbbbbb"


def test_a_deployment_that_somebody_removed_is_made_again(distilled: Path, box: Box):
    made = stillroom("deploy", STUDENT, "--yes", "--json", "--project", distilled).ok().json
    client = box.client("bedrock")
    client.delete_custom_model_deployment(customModelDeploymentIdentifier=made["deployments"][0]["arn"])
    client.close()
    again = stillroom("deploy", STUDENT, "--yes", "--json", "--project", distilled).ok().json
    assert again["deployments"][0]["arn"] != made["deployments"][0]["arn"]
    assert again["deployments"][0]["deployment"] in _names(box)
    stillroom("undeploy", STUDENT, "--yes", "--project", distilled).ok()


def test_a_deployment_whose_making_was_never_answered_is_removed(distilled: Path, box: Box):
    made = stillroom("deploy", STUDENT, "--yes", "--json", "--project", distilled).ok().json
    name = made["deployments"][0]["deployment"]
    with open_workspace(distilled) as workspace:
        workspace.store.students.update_deployment(name, arn=None, status="")
    assert name in _names(box)
    stillroom("undeploy", STUDENT, "--yes", "--project", distilled).ok()
    assert name not in _names(box)


def _unanswered(root: Path, name: str, *, hours: float = 0.0) -> None:
    """As a call leaves it whose answer was lost so many hours ago."""
    with open_workspace(root) as workspace:
        created = workspace.now() - 3600 * hours
        workspace.store.students.new_deployment(DeploymentRow(name, STUDENT, f"token-{name}", created))


def _known(root: Path) -> dict[str, str | None]:
    with open_workspace(root) as workspace:
        return {row.name: row.arn for row in workspace.store.students.deployments()}


@pytest.mark.parametrize("region", ["us-east-1", "us-west-2"])
def test_jobs_takes_a_deployment_whose_making_was_never_answered(distilled: Path, region: str):
    made = stillroom("deploy", STUDENT, "--yes", "--json", "--project", distilled).ok().json
    name, arn = (made["deployments"][0][key] for key in ("deployment", "arn"))
    with open_workspace(distilled) as workspace:
        workspace.store.students.update_deployment(name, arn=None, status="", created=0.0)
    put(distilled, "aws", "region", region)  # it stays where it was made
    assert _view(distilled)["deployment"] == "Active"
    assert _known(distilled) == {name: arn}
    stillroom("undeploy", STUDENT, "--yes", "--project", distilled).ok()


def test_jobs_forgets_a_deployment_that_came_to_nothing_once_it_cannot_be_being_made(distilled: Path):
    _unanswered(distilled, "young")
    _unanswered(distilled, "old", hours=1)
    stillroom("jobs", "-q", "--project", distilled).ok()
    assert _known(distilled) == {"young": None}


def test_jobs_leaves_deployments_alone_that_are_just_being_made(distilled: Path):
    _unanswered(distilled, "old", hours=1)
    with open_workspace(distilled) as workspace, workspace.store.alone("deploy", "is deploying students"):
        stillroom("jobs", "-q", "--project", distilled).ok()
    assert _known(distilled) == {"old": None}


def test_a_deployment_that_is_asked_for_again_may_be_being_made_from_then_on(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
):
    def silent(*words: Any, **named: Any) -> NoReturn:
        raise Unreachable("AWS did not answer.", "Try again.")

    _unanswered(distilled, "old", hours=1)
    monkeypatch.setattr(deployments, "create_deployment", silent)
    stillroom("deploy", STUDENT, "-yq", "--project", distilled).refused(1, "AWS did not answer.")
    stillroom("jobs", "-q", "--project", distilled).ok()
    assert _known(distilled) == {"old": None}


def test_one_that_is_made_while_it_is_being_removed_is_shown_and_can_be_removed(
    distilled: Path, box: Box, monkeypatch: pytest.MonkeyPatch
):
    create = deployments.create_deployment

    def late(session: Session, *words: Any, **named: Any) -> str:
        with open_workspace(distilled) as workspace:
            undeploy = Undeploy(STUDENT)
            undeploy.execute(workspace, undeploy.plan(workspace), Watch())
        return create(session, *words, **named)

    monkeypatch.setattr(deployments, "create_deployment", late)
    made = stillroom("deploy", STUDENT, "-yq", "--json", "--project", distilled).ok().json
    assert made["deployments"][0]["deployment"] in _names(box)
    assert _view(distilled)["deployment"] == "Active"
    stillroom("undeploy", STUDENT, "-yq", "--project", distilled).ok()
    assert _names(box) == set()


def test_run_removes_what_a_run_that_died_had_begun_to_deploy(distilled: Path, box: Box):
    made = stillroom("deploy", STUDENT, "--yes", "--json", "--project", distilled).ok().json
    name = made["deployments"][0]["deployment"]
    with open_workspace(distilled) as workspace:
        workspace.store.students.update_deployment(name, arn=None, status="", by_run=True)
    stillroom("run", "--yes", "--project", distilled).ok()
    assert name not in _names(box)


def test_run_leaves_what_a_run_had_begun_to_deploy_and_was_then_asked_for_by_hand(distilled: Path, box: Box):
    words = ("deploy", STUDENT, "-yq", "--json", "--project", distilled)
    name = stillroom(*words).ok().json["deployments"][0]["deployment"]
    with open_workspace(distilled) as workspace:
        workspace.store.students.update_deployment(name, arn=None, status="", by_run=True)
    stillroom(*words).ok()
    stillroom("run", "-yq", "--project", distilled).ok()
    assert _names(box) == {name}
    stillroom("undeploy", STUDENT, "-yq", "--project", distilled).ok()


def _failed(root: Path, *more: DeploymentRow) -> None:
    with open_workspace(root) as workspace:
        failed = DeploymentRow("first", STUDENT, "t1", 1.0, ARN + "aaaaaaaaaaaa", DeploymentStatus.FAILED)
        for row in (failed, *more):
            workspace.store.students.new_deployment(row)


def _view(root: Path) -> dict[str, Any]:
    seen = stillroom("jobs", "--json", "--project", root).ok()
    assert seen.json["hourly"] == []
    assert "bills" not in seen.err
    (view,) = [one for one in seen.json["students"] if one["student"] == STUDENT]
    assert isinstance(view, dict)
    return view


def test_a_failed_deployment_is_shown_with_what_to_do_until_it_is_removed(distilled: Path):
    _failed(distilled)
    view = _view(distilled)
    assert view["deployment"] == "Failed"
    assert view["todo"] == f"Remove it: stillroom undeploy {STUDENT}"
    said = stillroom("jobs", "--project", distilled).ok()
    assert f"{STUDENT}: Failed\n  → {view['todo']}" in said.out
    status = stillroom("status", "--json", "--project", distilled).ok().json
    assert (status["command"], status["hourly"]) == (f"stillroom undeploy {STUDENT}", [])
    plan = stillroom("undeploy", STUDENT, "--dry-run", "--json", "--project", distilled).ok().json["plan"]
    assert plan["lines"] == [{"label": "now", "value": "failed: it bills nothing"}]
    stillroom("undeploy", STUDENT, "--yes", "--project", distilled).ok()
    assert _view(distilled)["todo"] == ""


def test_a_step_that_waits_for_a_failed_deployment_has_failed(distilled: Path):
    _failed(distilled)
    edit(distilled / "stillroom.toml", "prompt", "user", "Name what you see, as keywords.")
    status = stillroom("status", "--json", "--project", distilled).ok().json
    (step,) = [one for one in status["steps"] if one["step"] == "deploy"]
    assert step["state"] == "failed"
    assert f"{STUDENT} Failed" in step["facts"]


def test_a_failed_deployment_beside_a_good_one_is_not_passed_over(distilled: Path):
    good = DeploymentRow("early", STUDENT, "t0", 0.5, ARN + "bbbbbbbbbbbb", DeploymentStatus.ACTIVE)
    _failed(distilled, good)
    view = _view(distilled)
    assert view["deployment"] == "Active"
    assert (
        view["todo"] == f"Another deployment of it failed; both are removed by: stillroom undeploy {STUDENT}"
    )


def test_a_deployment_that_nobody_waited_for_is_looked_at(distilled: Path):
    made = stillroom("deploy", STUDENT, "--yes", "--json", "--project", distilled).ok().json
    with open_workspace(distilled) as workspace:
        students = workspace.store.students
        students.update_deployment(made["deployments"][0]["deployment"], status=DeploymentStatus.CREATING)
    assert _view(distilled)["deployment"] == "Active"
    stillroom("undeploy", STUDENT, "--yes", "--project", distilled).ok()


def test_what_is_asked_for_by_hand_while_run_removes_what_it_made_stays(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
):
    with open_workspace(distilled) as workspace:
        for row in workspace.store.students.all():
            deploy = Deploy((row.name,), by_run=True)
            deploy.execute(workspace, deploy.plan(workspace), Watch())
        first, last = (row.student for row in workspace.store.students.deployments())
    remove = pipeline.remove

    def slowly(workspace: Workspace, row: DeploymentRow, watch: Watch) -> None:
        if row.student == first:
            with open_workspace(distilled) as other:
                deploy = Deploy((last,))
                deploy.execute(other, deploy.plan(other), Watch())
        remove(workspace, row, watch)

    monkeypatch.setattr(pipeline, "remove", slowly)
    stillroom("run", "-yq", "--project", distilled).ok()
    with open_workspace(distilled) as workspace:
        assert [row.student for row in workspace.store.students.deployments()] == [last]
    stillroom("undeploy", last, "-yq", "--project", distilled).ok()


def test_a_look_for_lost_ones_turns_nobody_away_who_has_come_to_deploy(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
):
    look = deployments.get_deployment
    _unanswered(distilled, "old", hours=1)
    with open_workspace(distilled) as workspace:
        deploy = Deploy((STUDENT,))
        plan = deploy.plan(workspace)

        def slow(session: Session, which: str) -> Any:
            if which == "old":
                with monkeypatch.context() as patch, open_workspace(distilled) as other:
                    patch.setattr(deployments, "get_deployment", look)
                    deploy.execute(other, plan, Watch())
            return look(session, which)

        monkeypatch.setattr(deployments, "get_deployment", slow)
        take_lost_deployments(workspace)
    ((name, arn),) = _known(distilled).items()
    assert name == "old", "it was made with its own name and token"
    assert arn is not None
    stillroom("undeploy", STUDENT, "-yq", "--project", distilled).ok()


def test_one_that_is_forgotten_while_it_is_being_removed_was_removed(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
):
    """Nobody has answered for it; while it is removed, another window finds that it never came to be."""
    with open_workspace(distilled) as workspace:
        row = DeploymentRow("lost-1", STUDENT, "deploy-x", workspace.now() - 10_000)
        workspace.store.students.new_deployment(row)
        delete = deployments.delete_deployment

        def forgets(session: Session, which: str) -> bool:
            deleted = delete(session, which)
            take_lost_deployments(workspace)
            return deleted

        monkeypatch.setattr(deployments, "delete_deployment", forgets)
        step = Undeploy(STUDENT)
        assert step.execute(workspace, step.plan(workspace), Watch()).removed == (STUDENT,)
        assert not workspace.store.students.deployments()

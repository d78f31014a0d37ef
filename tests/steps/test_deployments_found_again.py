"""Deployments that failed, vanished, or were made by a call that nobody heard the answer of."""

from __future__ import annotations

from pathlib import Path

from tests.steps.world import Box, stillroom

from stillroom.serving import DeploymentStatus
from stillroom.steps.targets import target
from stillroom.steps.workspace import open_workspace
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


def test_run_removes_what_a_run_that_died_had_begun_to_deploy(distilled: Path, box: Box):
    made = stillroom("deploy", STUDENT, "--yes", "--json", "--project", distilled).ok().json
    name = made["deployments"][0]["deployment"]
    with open_workspace(distilled) as workspace:
        workspace.store.students.update_deployment(name, arn=None, status="")
        workspace.store.facts.put(f"deployed_by_run:{STUDENT}", "yes")
    stillroom("run", "--yes", "--project", distilled).ok()
    assert name not in _names(box)

"""What was made in a region is followed, called and removed there, whatever ``aws.region`` says later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.steps.world import CALM, Box, put, stillroom

from stillroom.steps.workspace import open_workspace

HERE, THERE = "us-east-1", "us-west-2"


def regions(box: Box, kind: str) -> dict[str, list[str]]:
    """Names of what a sandbox has, by region."""
    operation, key, name = {
        "model": ("list_custom_models", "modelSummaries", "modelName"),
        "deployment": (
            "list_custom_model_deployments",
            "modelDeploymentSummaries",
            "customModelDeploymentName",
        ),
    }[kind]
    found = {}
    for region in (HERE, THERE):
        client = box.client("bedrock", region)
        pages = client.get_paginator(operation).paginate()
        found[region] = [one[name] for page in pages for one in page[key]]
        client.close()
    return found


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Box]:
    """A sandbox with nobody else's things in it."""
    running = Box(tmp_path / "own")
    running.turn(**CALM)
    yield running
    running.stop()


@pytest.fixture
def moved(project: Path, own: Box) -> Path:
    """Two jobs were going on when the region was changed."""
    put(project, "aws", "endpoint_url", own.url)
    stillroom("run", "--until", "upload", "-yq", "--project", project).ok()
    own.turn(speed=1.0)
    stillroom("train", "-yq", "--project", project).ok()
    put(project, "aws", "region", THERE)
    return project


def test_jobs_are_followed_where_they_train(moved: Path, own: Box) -> None:
    status = stillroom("status", "--json", "--project", moved).ok().json
    assert status["command"] == "stillroom jobs --watch"
    own.turn(**CALM)
    said = stillroom("jobs", "--watch", "-q", "--json", "--project", moved).ok().json
    assert [job["status"] for job in said["jobs"]] == ["Completed"] * 2
    assert len(regions(own, "model")[HERE]) == 2


def test_a_job_is_stopped_where_it_trains(moved: Path) -> None:
    assert stillroom("stop", "lite-10", "-yq", "--json", "--project", moved).ok().json["stopped"]


def test_a_job_that_nobody_answered_for_is_asked_for_where_it_was_to_train(moved: Path, own: Box) -> None:
    with open_workspace(moved) as workspace:
        for job in workspace.store.jobs.all():
            workspace.store.jobs.update(job.name, arn=None, status="", started=None)
    own.turn(**CALM)
    said = stillroom("jobs", "--watch", "-q", "--json", "--project", moved).ok().json
    assert [job["status"] for job in said["jobs"]] == ["Completed"] * 2


def test_students_are_served_asked_and_deleted_where_they_were_trained(moved: Path, own: Box) -> None:
    own.turn(**CALM)
    stillroom("jobs", "--watch", "-q", "--project", moved).ok()
    stillroom("deploy", "-yq", "--project", moved).ok()
    found = regions(own, "deployment")
    assert (len(found[HERE]), found[THERE]) == (2, [])
    assert stillroom("label", "lite-10", "-yq", "--json", "--project", moved).ok().json["done"] == 3
    stillroom("jobs", "-q", "--project", moved).ok()
    stillroom("undeploy", "lite-20", "-yq", "--project", moved).ok()
    assert len(regions(own, "deployment")[HERE]) == 1
    stillroom("delete", "lite-10", "-yq", "--project", moved).ok()
    assert regions(own, "deployment")[HERE] == []
    assert len(regions(own, "model")[HERE]) == 1


def test_a_deployment_is_no_less_there_when_the_region_is_another(moved: Path, own: Box) -> None:
    own.turn(**CALM)
    stillroom("jobs", "--watch", "-q", "--project", moved).ok()
    stillroom("deploy", "lite-10", "-yq", "--project", moved).ok()
    with open_workspace(moved) as workspace:
        (row,) = workspace.store.students.deployments()
        workspace.store.students.update_deployment(row.name, status="Creating")
    stillroom("jobs", "-q", "--project", moved).ok()
    with open_workspace(moved) as workspace:
        assert [one.status for one in workspace.store.students.deployments()] == ["Active"]

"""An account may have only two deployments under creation at a time, and ten in all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.steps.world import CALM, Box, put, stillroom

from stillroom.aws import deployments
from stillroom.aws.session import Session
from stillroom.errors import (
    Conflict,
    NotFound,
    PermissionRefused,
    QuotaRefused,
    Refused,
    StillroomError,
    Unreachable,
)
from stillroom.steps.workspace import open_workspace

AT_A_TIME, IN_ALL = 2, 10
A_SECOND = 300.0
"""Speed at which a deployment is made in one second."""


@pytest.fixture
def others(distilled: Path, box: Box) -> Iterator[Any]:
    """Deploys a student as somebody else in the account would; removes what it has made."""
    client = box.client("bedrock")
    with open_workspace(distilled) as workspace:
        model = workspace.store.students.all()[0].arn
    made: list[str] = []

    def make(name: str) -> None:
        made.append(name)
        client.create_custom_model_deployment(modelDeploymentName=name, modelArn=model)

    yield make
    box.turn(**CALM)
    for name in made:
        client.delete_custom_model_deployment(customModelDeploymentIdentifier=name)
    client.close()


def test_what_may_not_be_begun_yet_waits_for_what_is_being_made(distilled: Path, box: Box, others: Any):
    box.turn(speed=A_SECOND)
    for number in range(AT_A_TIME):
        others(f"another-{number}")
    made = stillroom("deploy", "--yes", "--json", "--project", distilled).ok().json["deployments"]
    assert [(one["student"], one["status"]) for one in made] == [("lite-10", "Active"), ("lite-20", "Active")]
    box.turn(**CALM)
    for one in made:
        stillroom("undeploy", one["student"], "--yes", "--project", distilled).ok()


def _fill(box: Box, others: Any) -> None:
    """Have the account hold as many deployments as it may."""
    with closing(box.client("bedrock")) as client:
        pages = client.get_paginator("list_custom_model_deployments").paginate()
        present = sum(len(page["modelDeploymentSummaries"]) for page in pages)
    for number in range(present, IN_ALL):
        others(f"another-{number}")


def test_a_quota_that_does_not_pass_by_itself_is_told_at_once(distilled: Path, box: Box, others: Any):
    _fill(box, others)
    said = stillroom("deploy", "lite-10", "--yes", "--project", distilled)
    said.refused(4, "a quota of the account is reached", "Delete what is not needed")


def test_a_run_whose_deployment_was_refused_says_of_nobody_that_it_is_deployed(
    distilled: Path, box: Box, others: Any
):
    _fill(box, others)
    put(distilled, "student", "temperature", 0.1)
    said = stillroom("run", "-yq", "--project", distilled)
    said.refused(4, "a quota of the account is reached")
    assert "deployed" not in said.err
    with open_workspace(distilled) as workspace:
        assert workspace.store.students.deployments() == []


def test_a_refusal_that_nobody_can_look_behind_keeps_what_was_begun_before(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
):
    def unanswered(*words: Any, **named: Any) -> str:
        raise Unreachable("AWS did not answer.", "Try again.")

    def refused(*words: Any, **named: Any) -> Any:
        raise PermissionRefused("Not allowed.", "Ask for it.")

    monkeypatch.setattr(deployments, "create_deployment", unanswered)
    stillroom("deploy", "lite-10", "-yq", "--project", distilled).refused(1, "AWS did not answer.")
    monkeypatch.setattr(deployments, "create_deployment", refused)
    monkeypatch.setattr(deployments, "get_deployment", refused)
    for name in ("lite-10", "lite-20"):
        stillroom("deploy", name, "-yq", "--project", distilled).refused(4, "Not allowed.")
    with open_workspace(distilled) as workspace:
        # The first call may have made it; of the other one the only answer is no.
        assert [row.student for row in workspace.store.students.deployments()] == ["lite-10"]


def test_one_that_is_there_although_it_was_refused_is_taken(distilled: Path, monkeypatch: pytest.MonkeyPatch):
    create = deployments.create_deployment

    def refused(session: Session, *words: Any, **named: Any) -> str:
        create(session, *words, **named)
        raise QuotaRefused("A quota is reached.", "Delete what is not needed.")

    monkeypatch.setattr(deployments, "create_deployment", refused)
    stillroom("deploy", "lite-10", "-yq", "--project", distilled).ok()
    stillroom("undeploy", "lite-10", "-yq", "--project", distilled).ok()


@pytest.mark.parametrize(
    ("refusal", "look"),
    [
        (Conflict("The name is taken.", "", code="ConflictException"), Unreachable("No answer.", "")),
        (QuotaRefused("AWS throttles the calls.", "", retried=True), NotFound("None.", "")),
    ],
)
def test_one_that_is_there_and_not_to_be_seen_yet_is_taken_later_and_not_made_again(
    distilled: Path, box: Box, monkeypatch: pytest.MonkeyPatch, refusal: Refused, look: StillroomError
):
    create = deployments.create_deployment

    def lost(session: Session, *words: Any, **named: Any) -> str:
        create(session, *words, **named)
        raise refusal  # of the client's second try

    def unseen(*words: Any, **named: Any) -> Any:
        raise look

    monkeypatch.setattr(deployments, "create_deployment", lost)
    monkeypatch.setattr(deployments, "get_deployment", unseen)
    monkeypatch.setattr(deployments, "list_deployments", lambda session: [])
    assert stillroom("deploy", "lite-10", "-yq", "--project", distilled).code == 4
    monkeypatch.undo()
    (made,) = stillroom("deploy", "lite-10", "-yq", "--json", "--project", distilled).ok().json["deployments"]
    with closing(box.client("bedrock")) as client:
        pages = client.get_paginator("list_custom_model_deployments").paginate()
        there = [one for page in pages for one in page["modelDeploymentSummaries"]]
    assert [one["customModelDeploymentArn"] for one in there] == [made["arn"]]
    stillroom("undeploy", "lite-10", "-yq", "--project", distilled).ok()

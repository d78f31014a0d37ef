"""An account may have only two deployments under creation at a time, and ten in all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.steps.world import CALM, Box, stillroom

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


def test_a_quota_that_does_not_pass_by_itself_is_told_at_once(distilled: Path, box: Box, others: Any):
    with closing(box.client("bedrock")) as client:
        pages = client.get_paginator("list_custom_model_deployments").paginate()
        present = sum(len(page["modelDeploymentSummaries"]) for page in pages)
    for number in range(present, IN_ALL):
        others(f"another-{number}")
    said = stillroom("deploy", "lite-10", "--yes", "--project", distilled)
    said.refused(4, "a quota of the account is reached", "Delete what is not needed")

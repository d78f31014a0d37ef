"""Projects on the sandbox that tests begin with: made once, and copied for each test."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from tests.steps.world import CALM, Box, make, stillroom, until

from stillroom.steps.speeds import FACT as SPEEDS
from stillroom.steps.speeds import with_speed
from stillroom.store.opening import Store

SIZES = (10, 20)
MANY = 40
"""Students left behind that are too many: an account holds 100, and a test needs some of its own."""


class Projects:
    """Where each is; it is made when it is asked for first."""

    def __init__(self, box: Box, shelf: Path, folder: Path) -> None:
        """Begin with none.

        Args:
            box: The sandbox that they call.
            shelf: Their pictures.
            folder: Where they are made.
        """
        self._box = box
        self._shelf = shelf
        self._folder = folder
        self._bedrock = box.client("bedrock")
        self._uploaded: Path | None = None
        self._distilled: Path | None = None
        self._students: set[str] = set()
        """Models of the distilled one."""
        self._made = 0
        """Distilled ones so far."""

    def close(self) -> None:
        """Close the connections."""
        self._bedrock.close()

    def uploaded(self) -> Path:
        """One that could be trained now."""
        if self._uploaded is None:
            self._uploaded = make(self._folder / "uploaded", self._shelf, self._box, sizes=SIZES)
            stillroom("run", "--until", "upload", "-yq", "--project", self._uploaded).ok()
        return self._uploaded

    def distilled(self) -> Path:
        """One that has been gone through, with its students there and none deployed.

        Its copies share them: a test may have deleted them, or left them deployed.
        """
        self._box.turn(**CALM)
        self._undeploy()
        present = self._models()
        if self._distilled is None or not self._students <= present:
            self._made += 1
            place = self._folder / f"distilled {self._made}" / "distilled"
            self._distilled = make(place, self._shelf, self._box, sizes=SIZES)
            stillroom("run", "--yes", "--quiet", "--project", self._distilled).ok()
            _rest(self._distilled)
            self._students = self._models() - present
        return self._distilled

    def make_room(self) -> None:
        """Delete the students that tests have left behind, when there are many."""
        left = self._models() - self._students
        if len(left) >= MANY:
            self._undeploy()
            for arn in left:
                self._bedrock.delete_custom_model(modelIdentifier=arn)

    def _models(self) -> set[str]:
        pages = self._bedrock.get_paginator("list_custom_models").paginate()
        return {one["modelArn"] for page in pages for one in page["modelSummaries"]}

    def _is_active(self, arn: str) -> bool:
        found = self._bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=arn)
        return bool(found["status"] == "Active")

    def _undeploy(self) -> None:
        pages = self._bedrock.get_paginator("list_custom_model_deployments").paginate()
        left = [one for page in pages for one in page["modelDeploymentSummaries"]]
        for one in left:
            arn = one["customModelDeploymentArn"]
            # Its five minutes are 1.5 ms here.
            until(partial(self._is_active, arn), f"Deployment {arn}, active,")
            self._bedrock.delete_custom_model_deployment(customModelDeploymentIdentifier=arn)
        pages = self._bedrock.get_paginator("list_provisioned_model_throughputs").paginate()
        for one in [one for page in pages for one in page["provisionedModelSummaries"]]:
            self._bedrock.delete_provisioned_model_throughput(provisionedModelId=one["provisionedModelArn"])


def _rest(root: Path) -> None:
    """Have the sandbox's clock run as ours from now on, as far as the project knows.

    Its models would cost dollars a minute, and more in the copy of a later test than in that of an earlier.
    """
    with Store.open(root) as store:
        history = with_speed(store.facts.get(SPEEDS), 1.0, time.time(), None)
        assert history is not None
        store.facts.put(SPEEDS, history)

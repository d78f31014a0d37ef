"""Custom models: what a customization job leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from stillroom.sandbox import ACCOUNT
from stillroom.sandbox.bedrock.things import Thing, Things
from stillroom.sandbox.bill import Bill
from stillroom.sandbox.clock import Clock
from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Call

MOST_MODELS = 100
"""Custom models of an account (quota L-CB5B847D)."""
CREATING = 120.0
"""Sandbox seconds from a job's end until its model is Active."""


class CustomModels:
    """The operations on custom models."""

    def __init__(self, things: Things, clock: Clock, bill: Bill) -> None:
        self._things = things
        self._clock = clock
        self._bill = bill
        self.weights = lru_cache(maxsize=16)(self._read_weights)
        """Trained weights by the model's ARN."""

    def handlers(self) -> dict[str, Callable[[Call], Any]]:
        """Handlers by operation name."""
        return {
            "GetCustomModel": self._get,
            "ListCustomModels": self._list,
            "DeleteCustomModel": self._delete,
        }

    def status(self, model: Thing) -> str:
        return "Active" if self._clock.now() >= model["ready"] else "Creating"

    def find(self, region: str, identifier: str) -> Thing:
        """Raises: Refusal: There is no such model in the Region."""
        return self._things.find("model", region, identifier)

    def add(self, model: Thing, weights: bytes) -> None:
        """Store a new model inside the caller's transaction; its storage begins to cost."""
        self._things.keep("model", model | {"ready": self._clock.now() + CREATING})
        self._things.state.db.execute("INSERT OR REPLACE INTO weights VALUES (?, ?)", (model["arn"], weights))
        self._bill.hold(model["arn"], "custom-model", model["base"])

    def _read_weights(self, arn: str) -> bytes:
        row = self._things.state.row("SELECT bytes FROM weights WHERE arn = ?", arn)
        return b"" if row is None else bytes(row["bytes"])

    def _get(self, call: Call) -> Any:
        model = self.find(call.region, call.params["modelIdentifier"])
        return {
            "modelArn": model["arn"],
            "modelName": model["name"],
            "jobName": model["job_name"],
            "jobArn": model["job"],
            "baseModelArn": model["base_arn"],
            "customizationType": "FINE_TUNING",
            "hyperParameters": model["hyper"],
            "trainingDataConfig": model["training_data"],
            "validationDataConfig": model["validation_data"],
            "outputDataConfig": model["output_data"],
            "trainingMetrics": model["training_metrics"],
            "validationMetrics": model["validation_metrics"],
            "creationTime": model["created"],
            "modelStatus": self.status(model),
        }

    def _list(self, call: Call) -> Any:
        wanted = call.params.get("baseModelArnEquals") or call.params.get("foundationModelArnEquals")
        rows = [
            row
            for row in self._things.all("model", call.region)
            if wanted in (None, row["base_arn"], row["foundation_arn"]) and call.params.get("isOwned", True)
        ]
        shown, token = self._things.listed(rows, call, self.status)
        return {
            "modelSummaries": [
                {
                    "modelArn": row["arn"],
                    "modelName": row["name"],
                    "creationTime": row["created"],
                    "baseModelArn": row["base_arn"],
                    "baseModelName": row["base_name"],
                    "customizationType": "FINE_TUNING",
                    "ownerAccountId": ACCOUNT,
                    "modelStatus": self.status(row),
                }
                for row in shown
            ],
            "nextToken": token,
        }

    def _delete(self, call: Call) -> Any:
        model = self.find(call.region, call.params["modelIdentifier"])
        users = [
            row["name"]
            for kind in ("deployment", "provisioned")
            for row in self._things.all(kind, call.region)
            if model["arn"] in (row["model"], row.get("next_model"))
        ]
        if users:
            message = f"The custom model is in use by {', '.join(users)}. Delete it first."
            raise Refusal("ConflictException", message)
        with self._things.state.change() as db:
            self._things.remove(model["arn"])
            db.execute("DELETE FROM weights WHERE arn = ?", (model["arn"],))
            self._bill.release(model["arn"])
        return {}

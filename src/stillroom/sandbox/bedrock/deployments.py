"""On-demand deployments of custom models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stillroom.sandbox.bedrock.models import CustomModels
from stillroom.sandbox.bedrock.things import Thing, Things, arn_of, fresh_id, read_tags
from stillroom.sandbox.bill import Bill
from stillroom.sandbox.clock import Clock
from stillroom.sandbox.wire.refusal import Refusal, invalid
from stillroom.sandbox.wire.request import Call

CREATING = 300.0
"""Sandbox seconds until a deployment is Active; an update takes as long."""
_MOST = 10
_MOST_CREATING = 2


class Deployments:
    """The operations on custom-model deployments."""

    def __init__(self, things: Things, models: CustomModels, clock: Clock, bill: Bill) -> None:
        self._things = things
        self._models = models
        self._clock = clock
        self._bill = bill

    def handlers(self) -> dict[str, Callable[[Call], Any]]:
        """Handlers by operation name."""
        return {
            "CreateCustomModelDeployment": self._create,
            "GetCustomModelDeployment": self._get,
            "ListCustomModelDeployments": self._list,
            "UpdateCustomModelDeployment": self._update,
            "DeleteCustomModelDeployment": self._delete,
        }

    def status(self, thing: Thing) -> str:
        return "Active" if self._clock.now() >= thing["ready"] else "Creating"

    def serving(self, thing: Thing) -> str:
        """ARN of the custom model that a deployment answers with now."""
        updated = thing.get("next_model") and self._clock.now() >= thing["update_done"]
        return str(thing["next_model"] if updated else thing["model"])

    def _model(self, call: Call) -> Thing:
        model = self._models.find(call.region, call.params["modelArn"])
        if self._models.status(model) != "Active":
            raise invalid("The custom model is not Active. Wait until its status is Active and try again.")
        if call.region != "us-east-1" or not model["base"].startswith("amazon.nova"):
            raise invalid("On-demand deployment is not supported for this custom model.")
        return model

    def _create(self, call: Call) -> Any:
        def make() -> str:
            name = call.params["modelDeploymentName"]
            model = self._model(call)
            if self._things.named("deployment", call.region, name) is not None:
                raise Refusal("ConflictException", f"A custom model deployment named {name} already exists.")
            existing = self._things.all("deployment", call.region)
            creating = sum(self.status(row) == "Creating" for row in existing)
            if len(existing) >= _MOST or creating >= _MOST_CREATING:
                raise Refusal("ServiceQuotaExceededException", _quota(len(existing) >= _MOST))
            arn = arn_of(call.region, f"custom-model-deployment/{fresh_id()}")
            now = self._things.wall()
            self._things.keep(
                "deployment",
                {
                    "arn": arn,
                    "name": name,
                    "region": call.region,
                    "created": now,
                    "updated": now,
                    "model": model["arn"],
                    "base": model["base"],
                    "ready": self._clock.now() + CREATING,
                    "description": call.params.get("description"),
                    "tags": read_tags(call.params.get("tags", [])),
                },
            )
            self._bill.hold(arn, "deployment", model["base"])
            return arn

        return {"customModelDeploymentArn": self._things.once("deployment", call, make)}

    def _find(self, call: Call) -> Thing:
        return self._things.find("deployment", call.region, call.params["customModelDeploymentIdentifier"])

    def _get(self, call: Call) -> Any:
        thing = self._find(call)
        answer = {
            "customModelDeploymentArn": thing["arn"],
            "modelDeploymentName": thing["name"],
            "modelArn": self.serving(thing),
            "createdAt": thing["created"],
            "status": self.status(thing),
            "description": thing["description"],
            "lastUpdatedAt": thing["updated"],
        }
        if thing.get("next_model"):
            done = self._clock.now() >= thing["update_done"]
            status = "UpdateCompleted" if done else "Updating"
            answer["updateDetails"] = {"modelArn": thing["next_model"], "updateStatus": status}
        return answer

    def _list(self, call: Call) -> Any:
        wanted = call.params.get("modelArnEquals")
        rows = [
            row for row in self._things.all("deployment", call.region) if wanted in (None, self.serving(row))
        ]
        shown, token = self._things.listed(rows, call, self.status)
        return {
            "modelDeploymentSummaries": [
                {
                    "customModelDeploymentArn": row["arn"],
                    "customModelDeploymentName": row["name"],
                    "modelArn": self.serving(row),
                    "createdAt": row["created"],
                    "status": self.status(row),
                    "lastUpdatedAt": row["updated"],
                }
                for row in shown
            ],
            "nextToken": token,
        }

    def _update(self, call: Call) -> Any:
        thing = self._find(call)
        model = self._model(call)
        if self.status(thing) != "Active":
            raise invalid("The custom model deployment is not Active.")
        if model["base"] != thing["base"]:
            raise invalid("The new custom model must have the same base model.")
        changed = thing | {
            "model": self.serving(thing),
            "next_model": model["arn"],
            "updated": self._things.wall(),
            "update_done": self._clock.now() + CREATING,
        }
        self._things.keep("deployment", changed)
        return {"customModelDeploymentArn": thing["arn"]}

    def _delete(self, call: Call) -> Any:
        thing = self._find(call)
        if self.status(thing) == "Creating":
            raise Refusal(
                "ConflictException", "The custom model deployment is being created and cannot be deleted yet."
            )
        with self._things.state.change():
            self._things.remove(thing["arn"])
            self._bill.release(thing["arn"])
        return {}


def _quota(total: bool) -> str:
    what = (
        f"{_MOST} custom model deployments"
        if total
        else f"{_MOST_CREATING} custom model deployments being created"
    )
    return f"You have reached the limit of {what} for this account and Region."

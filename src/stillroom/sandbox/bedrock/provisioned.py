"""Provisioned throughput: dear by the hour, from the moment it is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stillroom.sandbox.bedrock.foundations import foundation
from stillroom.sandbox.bedrock.models import CustomModels
from stillroom.sandbox.bedrock.things import Thing, Things, arn_of, fresh_id, read_tags
from stillroom.sandbox.bill import Bill
from stillroom.sandbox.clock import Clock
from stillroom.sandbox.wire.refusal import Refusal, invalid
from stillroom.sandbox.wire.request import Call

CREATING = 600.0
"""Sandbox seconds until it is InService."""
_DAYS = {"OneMonth": 30, "SixMonths": 182}


class Provisioned:
    """The operations on provisioned model throughput."""

    def __init__(
        self, things: Things, models: CustomModels, clock: Clock, bill: Bill, units: Callable[[], int]
    ) -> None:
        """Args: units: The account's quota of model units, asked anew each time."""
        self._things = things
        self._models = models
        self._clock = clock
        self._bill = bill
        self._units = units

    def handlers(self) -> dict[str, Callable[[Call], Any]]:
        """Handlers by operation name."""
        return {
            "CreateProvisionedModelThroughput": self._create,
            "GetProvisionedModelThroughput": self._get,
            "ListProvisionedModelThroughputs": self._list,
            "UpdateProvisionedModelThroughput": self._update,
            "DeleteProvisionedModelThroughput": self._delete,
        }

    def status(self, thing: Thing) -> str:
        if self._clock.now() >= thing["ready"]:
            return "InService"
        return "Updating" if thing.get("updated_once") else "Creating"

    def _model(self, call: Call, identifier: str) -> tuple[str, str]:
        """ARN and foundation id of what throughput is bought for."""
        base = foundation(identifier, call.region)
        if base is not None:
            if not base.provisioned:
                raise invalid("The provided model doesn't support provisioned throughput.")
            if base.legacy is not None:
                raise invalid(
                    "The provided model is legacy: no new provisioned throughput can be bought for it."
                )
            return base.arn(call.region), base.id
        if "foundation-model/" in identifier or "." in identifier.partition("custom-model/")[0]:
            raise invalid("The provided model identifier is invalid.")
        model = self._models.find(call.region, identifier)
        if self._models.status(model) != "Active":
            raise invalid("The custom model is not Active. Wait until its status is Active and try again.")
        return model["arn"], model["base"]

    def _create(self, call: Call) -> Any:
        def make() -> str:
            name, units = call.params["provisionedModelName"], call.params["modelUnits"]
            arn, base = self._model(call, call.params["modelId"])
            existing = self._things.all("provisioned")
            if any(row["name"] == name and row["region"] == call.region for row in existing):
                raise Refusal("ConflictException", f"A provisioned model named {name} already exists.")
            if sum(row["units"] for row in existing) + units > self._units():
                message = (
                    f"You have {self._units()} model units available in this account. Request an increase of "
                    "the quota for model units through AWS Support."
                )
                raise Refusal("ServiceQuotaExceededException", message)
            commitment = call.params.get("commitmentDuration")
            bought, now = arn_of(call.region, f"provisioned-model/{fresh_id()}"), self._things.wall()
            self._things.keep(
                "provisioned",
                {
                    "arn": bought,
                    "name": name,
                    "region": call.region,
                    "created": now,
                    "updated": now,
                    "model": arn,
                    "base": base,
                    "units": units,
                    "ready": self._clock.now() + CREATING,
                    "commitment": commitment,
                    "committed_until": now + _DAYS[commitment] * 86_400 if commitment else None,
                    "free_from": self._clock.now() + _DAYS[commitment] * 86_400 if commitment else 0.0,
                    "tags": read_tags(call.params.get("tags", [])),
                },
            )
            self._bill.hold(bought, "provisioned", base, commitment or "", units)
            return bought

        return {"provisionedModelArn": self._things.once("provisioned", call, make)}

    def _find(self, call: Call) -> Thing:
        return self._things.find("provisioned", call.region, call.params["provisionedModelId"])

    def _shown(self, row: Thing) -> dict[str, Any]:
        return {
            "provisionedModelName": row["name"],
            "provisionedModelArn": row["arn"],
            "modelArn": row["model"],
            "desiredModelArn": row["model"],
            "foundationModelArn": f"arn:aws:bedrock:{row['region']}::foundation-model/{row['base']}",
            "modelUnits": row["units"],
            "desiredModelUnits": row["units"],
            "status": self.status(row),
            "commitmentDuration": row["commitment"],
            "commitmentExpirationTime": row["committed_until"],
            "creationTime": row["created"],
            "lastModifiedTime": row["updated"],
        }

    def _get(self, call: Call) -> Any:
        return self._shown(self._find(call))

    def _list(self, call: Call) -> Any:
        wanted = call.params.get("modelArnEquals")
        rows = [row for row in self._things.all("provisioned", call.region) if wanted in (None, row["model"])]
        shown, token = self._things.listed(rows, call, self.status)
        return {"provisionedModelSummaries": [self._shown(row) for row in shown], "nextToken": token}

    def _update(self, call: Call) -> Any:
        thing = self._find(call)
        changed = dict(thing, updated=self._things.wall())
        if name := call.params.get("desiredProvisionedModelName"):
            if name != thing["name"] and self._things.named("provisioned", call.region, name):
                raise Refusal("ConflictException", f"A provisioned model named {name} already exists.")
            changed["name"] = name
        if wanted := call.params.get("desiredModelId"):
            arn, base = self._model(call, wanted)
            if base != thing["base"]:
                raise invalid("The desired model must be the base model or a custom model made from it.")
            changed |= {"model": arn, "ready": self._clock.now() + CREATING, "updated_once": True}
        self._things.keep("provisioned", changed)
        return {}

    def _delete(self, call: Call) -> Any:
        thing = self._find(call)
        if self._clock.now() < thing["free_from"]:
            raise Refusal(
                "ConflictException", "Provisioned throughput cannot be deleted before its commitment ends."
            )
        with self._things.state.change():
            self._things.remove(thing["arn"])
            self._bill.release(thing["arn"])
        return {}

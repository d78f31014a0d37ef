"""What can be asked about foundation models and inference profiles."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

from stillroom.sandbox.bedrock.foundations import (
    FOUNDATIONS,
    PROFILES,
    Foundation,
    Profile,
    foundation,
    profile,
)
from stillroom.sandbox.bedrock.paging import page
from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Call

_PROFILES_SINCE = datetime(2024, 12, 3, tzinfo=UTC)


class Catalogue:
    """ListFoundationModels and its kin."""

    def __init__(self, no_access: Callable[[], Collection[str]]) -> None:
        """Args: no_access: Ids of models that the account has no access to, asked anew each time."""
        self._no_access = no_access

    def handlers(self) -> dict[str, Callable[[Call], Any]]:
        """Handlers by operation name."""
        return {
            "ListFoundationModels": self._list,
            "GetFoundationModel": self._get,
            "GetFoundationModelAvailability": self._availability,
            "ListInferenceProfiles": self._profiles,
            "GetInferenceProfile": self._profile,
        }

    def _list(self, call: Call) -> Any:
        shown = []
        for model in FOUNDATIONS:
            details = _details(model, call.region)
            wanted = (
                (call.params.get("byProvider"), [model.provider]),
                (call.params.get("byCustomizationType"), details["customizationsSupported"]),
                (call.params.get("byOutputModality"), details["outputModalities"]),
                (call.params.get("byInferenceType"), details["inferenceTypesSupported"]),
            )
            if call.region in model.regions and all(
                one is None or one.lower() in [have.lower() for have in among] for one, among in wanted
            ):
                shown.append(details)
        return {"modelSummaries": shown}

    def _found(self, call: Call, name: str) -> Foundation:
        model = foundation(call.params[name], call.region)
        if model is None:
            message = (
                f"Could not find a foundation model with identifier {call.params[name]} in {call.region}."
            )
            raise Refusal("ResourceNotFoundException", message)
        return model

    def _get(self, call: Call) -> Any:
        return {"modelDetails": _details(self._found(call, "modelIdentifier"), call.region)}

    def _availability(self, call: Call) -> Any:
        model = foundation(call.params["modelId"], call.region)
        if model is None:
            if not any(one.id == call.params["modelId"] for one in FOUNDATIONS):
                self._found(call, "modelId")
            return _available(call.params["modelId"], access=True, here=False)
        return _available(model.id, access=model.base not in self._no_access(), here=True)

    def _profiles(self, call: Call) -> Any:
        if call.params.get("typeEquals") == "APPLICATION":
            return {"inferenceProfileSummaries": []}
        rows = [_profile(one, call.region) for one in PROFILES if call.region in one.regions]
        shown, token = page(rows, call.params, lambda row: row["inferenceProfileId"])
        return {"inferenceProfileSummaries": shown, "nextToken": token}

    def _profile(self, call: Call) -> Any:
        found = profile(call.params["inferenceProfileIdentifier"], call.region)
        if found is None:
            raise Refusal("ResourceNotFoundException", "The specified inference profile could not be found.")
        return _profile(found, call.region)


def _available(model: str, access: bool, here: bool) -> dict[str, Any]:
    yes_no = {True: "AVAILABLE", False: "NOT_AVAILABLE"}
    return {
        "modelId": model,
        "agreementAvailability": {"status": yes_no[access]},
        "authorizationStatus": "AUTHORIZED" if access else "NOT_AUTHORIZED",
        "entitlementAvailability": yes_no[access],
        "regionAvailability": yes_no[here],
    }


def _details(model: Foundation, region: str) -> dict[str, Any]:
    inference = ["ON_DEMAND"] if region in model.on_demand else []
    inference += ["PROVISIONED"] if model.provisioned else []
    if any(one.model is model and region in one.regions for one in PROFILES) and not inference:
        # Not in the service model's enum, but what the service answers for profile-only models.
        inference = ["INFERENCE_PROFILE"]
    lifecycle: dict[str, Any] = {
        "status": "LEGACY" if model.legacy else "ACTIVE",
        "startOfLifeTime": model.since,
    }
    if model.legacy:
        lifecycle |= {"legacyTime": model.legacy, "endOfLifeTime": model.ends}
    return {
        "modelArn": model.arn(region),
        "modelId": model.id,
        "modelName": model.name,
        "providerName": model.provider,
        "inputModalities": ["TEXT", "IMAGE"] if model.pictures else ["TEXT"],
        "outputModalities": ["TEXT"],
        "responseStreamingSupported": False,
        "customizationsSupported": ["FINE_TUNING"] if model.tunable else [],
        "inferenceTypesSupported": inference,
        "modelLifecycle": lifecycle,
    }


def _profile(one: Profile, region: str) -> dict[str, Any]:
    # The service model allows five destinations at most.
    destinations = one.regions[:5]
    return {
        "inferenceProfileName": one.name,
        "description": f"Routes requests to {one.model.name} in {len(destinations)} regions.",
        "createdAt": _PROFILES_SINCE,
        "updatedAt": _PROFILES_SINCE,
        "inferenceProfileArn": one.arn(region),
        "models": [{"modelArn": one.model.arn(where)} for where in destinations],
        "inferenceProfileId": one.id,
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
    }

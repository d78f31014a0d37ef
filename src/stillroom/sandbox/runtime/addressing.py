"""Whom a Converse call addresses: a foundation model, a profile, a deployment, provisioned throughput."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from stillroom.sandbox.bedrock.deployments import Deployments
from stillroom.sandbox.bedrock.foundations import FOUNDATIONS, Foundation, foundation, profile
from stillroom.sandbox.bedrock.models import CustomModels
from stillroom.sandbox.bedrock.provisioned import Provisioned
from stillroom.sandbox.bedrock.things import Things
from stillroom.sandbox.clock import Clock
from stillroom.sandbox.wire.refusal import Refusal, invalid


@dataclass(frozen=True, slots=True)
class Target:
    """The model that answers."""

    foundation: Foundation
    """The model, or the base of the custom model."""
    custom: str | None
    """ARN of the custom model."""
    priced_as: str
    """Model or profile id whose price and quota hold."""
    through: str
    """``on-demand``, ``cross-region``, ``deployment`` or ``provisioned``: whose quota counts."""

    @property
    def billed(self) -> str:
        """The model's name on the bill."""
        return self.custom or self.foundation.id


class Addressing:
    """Finds the target of a model id."""

    def __init__(
        self,
        things: Things,
        models: CustomModels,
        deployments: Deployments,
        provisioned: Provisioned,
        clock: Clock,
        no_access: Callable[[], Collection[str]],
    ) -> None:
        self._things = things
        self._models = models
        self._deployments = deployments
        self._provisioned = provisioned
        self._clock = clock
        self._no_access = no_access

    def weights(self, custom: str) -> bytes:
        """Trained weights of a custom model."""
        return self._models.weights(custom)

    def target(self, model_id: str, region: str) -> Target:
        """Find who answers.

        Raises:
            Refusal: Nobody does, or not under this id, in this Region, for this account, or not yet.
        """
        if ":custom-model-deployment/" in model_id:
            return self._deployed(model_id, region)
        if ":provisioned-model/" in model_id:
            return self._bought(model_id, region)
        if ":custom-model/" in model_id:
            raise _no_on_demand(model_id)
        through = profile(model_id, region)
        if through is not None:
            target = Target(through.model, None, through.id, "cross-region")
        else:
            target = self._bare(model_id, region)
        self._check_life(target.foundation)
        return target

    def _bare(self, model_id: str, region: str) -> Target:
        found = foundation(model_id, region)
        if found is None:
            name = model_id.rpartition("foundation-model/")[2]
            if any(one.id == name and one.variant for one in FOUNDATIONS):
                raise invalid("The provided model doesn't support on-demand throughput.")
            raise invalid("The provided model identifier is invalid.")
        if found.variant:
            raise invalid("The provided model doesn't support on-demand throughput.")
        if region not in found.on_demand:
            raise _no_on_demand(model_id)
        return Target(found, None, found.id, "on-demand")

    def _check_life(self, model: Foundation) -> None:
        if model.base in self._no_access():
            raise Refusal(
                "AccessDeniedException", "You don't have access to the model with the specified model ID."
            )
        if model.ends is not None and datetime.fromtimestamp(self._clock.wall(), UTC) >= model.ends:
            message = (
                "This model version has reached the end of its life. Please refer to the AWS "
                "documentation for more details."
            )
            raise Refusal("ResourceNotFoundException", message)

    def _deployed(self, arn: str, region: str) -> Target:
        thing = self._things.find("deployment", region, arn)
        if self._deployments.status(thing) != "Active":
            raise Refusal(
                "ModelNotReadyException",
                "The custom model deployment is not ready for inference. Try again later.",
            )
        return self._custom(self._deployments.serving(thing), thing["base"], region, "deployment")

    def _bought(self, arn: str, region: str) -> Target:
        thing = self._things.find("provisioned", region, arn)
        if self._provisioned.status(thing) == "Creating":
            raise Refusal(
                "ModelNotReadyException", "The provisioned model is not ready for inference. Try again later."
            )
        if ":custom-model/" in thing["model"]:
            return self._custom(thing["model"], thing["base"], region, "provisioned")
        found = _known(thing["base"], region)
        return Target(found, None, found.id, "provisioned")

    def _custom(self, model: str, base: str, region: str, through: str) -> Target:
        found = _known(base, region)
        return Target(found, model, found.id, through)


def _known(base: str, region: str) -> Foundation:
    found = foundation(base, region)
    if found is None:
        raise Refusal("ResourceNotFoundException", f"The base model {base} is not available in {region}.")
    return found


def _no_on_demand(model_id: str) -> Refusal:
    return invalid(
        f"Invocation of model ID {model_id} with on-demand throughput isn't supported. Retry your "
        "request with the "
        "ID or ARN of an inference profile that contains this model."
    )

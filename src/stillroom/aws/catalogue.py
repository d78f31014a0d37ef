"""Models that can be called: catalogue, lifecycle, access, inference profiles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stillroom.aws.model_errors import is_custom_model, needs_deployment
from stillroom.aws.session import Session
from stillroom.errors import ModelRefused
from stillroom.training.jobs import unix_time

_PREFIX = re.compile(r"(us-gov|us|eu|apac|ap|jp|au|ca|global)\.(?=[a-z0-9-]+\.)")
_FOUNDATION = re.compile(r"([a-z0-9-]+\.[a-z0-9.-]+?(?:-v\d+)?(?::\d+)?)(?::(?:\d+k|mm))?$")
_ARN = re.compile(r"arn:aws[^:]*:bedrock:(?P<region>[^:]*):(?P<account>\d*):(?P<kind>[a-z-]+)/(?P<name>.+)")


@dataclass(frozen=True, slots=True)
class Model:
    """A foundation model of the catalogue in one region."""

    model_id: str
    arn: str
    name: str
    provider: str
    inputs: tuple[str, ...]
    """``TEXT``, ``IMAGE`` …"""
    inference_types: tuple[str, ...]
    """``ON_DEMAND``, ``PROVISIONED`` …; without ON_DEMAND the bare id cannot be called."""
    customizations: tuple[str, ...]
    """``FINE_TUNING`` …; empty: cannot be trained."""
    lifecycle: str
    """``ACTIVE`` or ``LEGACY``, or the service's own word."""
    ends: float | None
    """Unix time of the end of life, when published."""

    @property
    def takes_pictures(self) -> bool:
        """Whether pictures can be sent."""
        return "IMAGE" in self.inputs


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether this account may call a model (GetFoundationModelAvailability)."""

    model_id: str
    agreement: str
    """``AVAILABLE``, ``PENDING``, ``NOT_AVAILABLE`` or ``ERROR``."""
    authorization: str
    """``AUTHORIZED`` or ``NOT_AUTHORIZED``."""
    entitlement: str
    """``AVAILABLE`` or ``NOT_AVAILABLE``."""
    region: str
    """``AVAILABLE`` or ``NOT_AVAILABLE``."""

    @property
    def usable(self) -> bool:
        """Whether nothing stands in the way."""
        return (
            self.agreement == "AVAILABLE"
            and self.authorization == "AUTHORIZED"
            and self.entitlement == "AVAILABLE"
            and self.region == "AVAILABLE"
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """An inference profile."""

    profile_id: str
    arn: str
    name: str
    model_arns: tuple[str, ...]
    """One for each region it may send a call to."""
    status: str
    kind: str
    """``SYSTEM_DEFINED`` or ``APPLICATION``."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions it may send a call to; permission is needed in each."""
        return tuple(sorted({arn.split(":")[3] for arn in self.model_arns if arn.count(":") >= 5} - {""}))

    def holds(self, model_id: str) -> bool:
        """Whether it leads to this foundation model."""
        return any(arn.endswith(f"foundation-model/{model_id}") for arn in self.model_arns)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What to call for a model that a user named."""

    asked: str
    """What the user wrote."""
    model_id: str
    """What Converse takes: a model id, a profile id, or an ARN."""
    base_id: str
    """The foundation model behind it, for prices, tokens and quotas; empty when not known (a deployment)."""
    profile: Profile | None = None
    """The inference profile, when one is used."""
    cross_region: bool = False
    """Whether the calls may leave the region: other quotas apply."""
    remark: str = ""
    """What the user should know, such as an id that was changed for a profile; one line, may be empty."""


def list_models(session: Session, *, provider: str = "", trainable: bool = False) -> tuple[Model, ...]:
    """The catalogue of the session's region.

    Args:
        session: Session.
        provider: Such as ``Amazon``; empty: all.
        trainable: Only those that take fine-tuning.

    Raises:
        Refused: AWS refused.
    """
    wanted: dict[str, str] = {}
    if provider:
        wanted["byProvider"] = provider
    if trainable:
        wanted["byCustomizationType"] = "FINE_TUNING"
    with session.calling("list the models"):
        answer = session.client("bedrock").list_foundation_models(**wanted)
    return tuple(_read_model(found) for found in answer.get("modelSummaries") or [])


def get_model(session: Session, model_id: str) -> Model:
    """One model of the catalogue.

    Raises:
        ModelRefused: The region has no such model (or it is past its end of life).
    """
    with session.calling("look up the model", model_id):
        try:
            answer = session.client("bedrock").get_foundation_model(modelIdentifier=model_id)
        except session.client("bedrock").exceptions.ResourceNotFoundException as error:
            raise _no_model(model_id, session.region) from error
        except session.client("bedrock").exceptions.ValidationException as error:
            raise _no_model(model_id, session.region) from error
    return _read_model(answer.get("modelDetails") or {"modelId": model_id, "modelArn": ""})


def availability(session: Session, model_id: str) -> Availability:
    """Whether this account may call a foundation model.

    Raises:
        ModelRefused: There is no such model.
        Refused: AWS refused.
    """
    with session.calling("ask for access to the model", model_id):
        answer = session.client("bedrock").get_foundation_model_availability(modelId=model_id)
    return Availability(
        model_id=model_id,
        agreement=str((answer.get("agreementAvailability") or {}).get("status") or ""),
        authorization=str(answer.get("authorizationStatus") or ""),
        entitlement=str(answer.get("entitlementAvailability") or ""),
        region=str(answer.get("regionAvailability") or ""),
    )


def list_profiles(session: Session) -> tuple[Profile, ...]:
    """All inference profiles of the session's region, of AWS and of the account.

    Raises:
        Refused: AWS refused.
    """
    with session.calling("list the inference profiles"):
        pages = session.client("bedrock").get_paginator("list_inference_profiles").paginate()
        return tuple(
            _read_profile(one) for page in pages for one in page.get("inferenceProfileSummaries") or []
        )


def prefixes(region: str) -> tuple[str, ...]:
    """Prefixes of inference profiles that suit a region, nearest first; ``global`` last."""
    if region.startswith("us-gov-"):
        return ("us-gov",)
    area = region.split("-")[0]
    near = {"us": ("us",), "eu": ("eu",), "ca": ("ca", "us"), "sa": ("us",)}.get(area, ("apac",))
    if region in ("ap-northeast-1", "ap-northeast-3"):
        near = ("jp", "apac")
    if region in ("ap-southeast-2", "ap-southeast-4"):
        near = ("au", "apac")
    return (*near, "global")


def foundation_id(model: str) -> str:
    """The foundation model id inside a profile id, a variant id or a foundation-model ARN.

    ``us.amazon.nova-pro-v1:0`` → ``amazon.nova-pro-v1:0``; ``amazon.nova-lite-v1:0:300k`` →
    ``amazon.nova-lite-v1:0``; the ARN of a custom model holds its base id. Deployments and provisioned
    throughput do not tell theirs: empty.
    """
    arn = _ARN.match(model)
    if arn:
        if arn["kind"] not in ("foundation-model", "inference-profile", "custom-model"):
            return ""
        model = arn["name"].split("/")[0]
    found = _FOUNDATION.fullmatch(_PREFIX.sub("", model, count=1))
    return found[1] if found else ""


def profile_scope(model: str) -> str:
    """Where calls of an inference profile of AWS's may go: ``us``, ``eu``, ``global`` …; from its id or ARN.

    Empty for all else. The account's own profiles do not tell.
    """
    arn = _ARN.match(model)
    if arn:
        if arn["kind"] != "inference-profile":
            return ""
        model = arn["name"]
    found = _PREFIX.match(model)
    return found[1] if found else ""


def resolve(session: Session, model: str) -> Resolved:
    """Find out what Converse must be given for a model.

    Args:
        session: Session of the region that is to be called.
        model: A model id, a profile id, or an ARN of a model, profile, deployment or provisioned throughput.

    Returns:
        A profile where only a profile is offered; the bare id where it can be called.

    Raises:
        ModelRefused: No such model, not callable from this region, or a custom-model ARN (which must be
            deployed first).
        Refused: AWS refused to look.
    """
    if is_custom_model(model):
        trouble = needs_deployment(model)
        raise ModelRefused(trouble.what, trouble.todo)
    arn = _ARN.match(model)
    if arn and arn["kind"] in ("custom-model-deployment", "provisioned-model"):
        return Resolved(model, model, "")
    if _PREFIX.match(model) or (arn and "inference-profile" in arn["kind"]):
        return _resolve_profile(session, model)
    return _resolve_bare(session, model, foundation_id(model) or model)


def _resolve_profile(session: Session, model: str) -> Resolved:
    with session.calling("look up the inference profile", model):
        try:
            answer = session.client("bedrock").get_inference_profile(inferenceProfileIdentifier=model)
        except session.client("bedrock").exceptions.ResourceNotFoundException:
            answer = None
        except session.client("bedrock").exceptions.ValidationException:
            answer = None
    if answer is None:
        offered = [one.profile_id for one in list_profiles(session) if one.holds(foundation_id(model))]
        todo = f"Offered here: {', '.join(offered[:4])}." if offered else "Check the id and the region."
        raise ModelRefused(f"There is no inference profile {model} in {session.region}.", todo)
    profile = _read_profile(answer)
    base = next((foundation_id(arn) for arn in profile.model_arns), "") or foundation_id(model)
    return Resolved(model, model, base, profile, cross_region=len(profile.regions) > 1)


def _resolve_bare(session: Session, asked: str, model_id: str) -> Resolved:
    found = get_model(session, model_id)
    remarks = [] if asked == model_id else [f"{asked} cannot be called; {model_id} is meant"]
    if found.lifecycle == "LEGACY":
        ends = f", ends {_day(found.ends)}" if found.ends else ""
        remarks.append(f"{model_id} is a legacy model{ends}")
    if "ON_DEMAND" in found.inference_types:
        return Resolved(asked, model_id, model_id, remark="; ".join(remarks))
    profile = _nearest(list_profiles(session), model_id, session.region)
    if profile is None:
        raise ModelRefused(
            f"{model_id} cannot be called from {session.region}, and no inference profile leads to it.",
            "Choose another region (aws.teacher_region) or another model.",
        )
    remarks.append(f"called through the inference profile {profile.profile_id}")
    return Resolved(
        asked, profile.profile_id, model_id, profile, len(profile.regions) > 1, "; ".join(remarks)
    )


def _nearest(profiles: Sequence[Profile], model_id: str, region: str) -> Profile | None:
    fitting = {
        one.profile_id: one for one in profiles if one.holds(model_id) and one.status in ("", "ACTIVE")
    }
    for prefix in prefixes(region):
        if f"{prefix}.{model_id}" in fitting:
            return fitting[f"{prefix}.{model_id}"]
    system = [one for one in fitting.values() if one.kind == "SYSTEM_DEFINED"]
    return min(system, key=lambda one: one.profile_id) if system else None


def _read_model(found: Mapping[str, Any]) -> Model:
    lifecycle = found.get("modelLifecycle") or {}
    return Model(
        model_id=str(found.get("modelId") or ""),
        arn=str(found.get("modelArn") or ""),
        name=str(found.get("modelName") or found.get("modelId") or ""),
        provider=str(found.get("providerName") or ""),
        inputs=tuple(map(str, found.get("inputModalities") or ())),
        inference_types=tuple(map(str, found.get("inferenceTypesSupported") or ())),
        customizations=tuple(map(str, found.get("customizationsSupported") or ())),
        lifecycle=str(lifecycle.get("status") or ""),
        ends=unix_time(lifecycle.get("endOfLifeTime")),
    )


def _read_profile(found: Mapping[str, Any]) -> Profile:
    return Profile(
        profile_id=str(found.get("inferenceProfileId") or ""),
        arn=str(found.get("inferenceProfileArn") or ""),
        name=str(found.get("inferenceProfileName") or ""),
        model_arns=tuple(str(one.get("modelArn") or "") for one in found.get("models") or ()),
        status=str(found.get("status") or ""),
        kind=str(found.get("type") or ""),
    )


def _no_model(model_id: str, region: str) -> ModelRefused:
    return ModelRefused(
        f"There is no model {model_id} in {region}.",
        "Check the id and the region; it may also be past its end of life.",
        code="ResourceNotFoundException",
    )


def _day(unix: float) -> str:
    return datetime.fromtimestamp(unix, UTC).date().isoformat()

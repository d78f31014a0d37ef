"""Models that can be called: catalogue, lifecycle, access, inference profiles."""

from __future__ import annotations

from dataclasses import dataclass

from stillroom.aws.session import Session


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
    raise NotImplementedError


def get_model(session: Session, model_id: str) -> Model:
    """One model of the catalogue.

    Raises:
        ModelRefused: The region has no such model (or it is past its end of life).
    """
    raise NotImplementedError


def availability(session: Session, model_id: str) -> Availability:
    """Whether this account may call a foundation model."""
    raise NotImplementedError


def list_profiles(session: Session) -> tuple[Profile, ...]:
    """All inference profiles of the session's region, of AWS and of the account."""
    raise NotImplementedError


def prefixes(region: str) -> tuple[str, ...]:
    """Prefixes of inference profiles that suit a region, nearest first; ``global`` last."""
    raise NotImplementedError


def foundation_id(model: str) -> str:
    """The foundation model id inside a profile id, a variant id or a foundation-model ARN.

    ``us.amazon.nova-pro-v1:0`` → ``amazon.nova-pro-v1:0``; ``amazon.nova-lite-v1:0:300k`` →
    ``amazon.nova-lite-v1:0``. Deployments and custom models do not tell theirs: empty.
    """
    raise NotImplementedError


def resolve(session: Session, model: str) -> Resolved:
    """Find out what Converse must be given for a model.

    Args:
        session: Session of the region that is to be called.
        model: A model id, a profile id, or an ARN of a model, profile, deployment or provisioned throughput.

    Returns:
        A profile where only a profile is offered; the bare id where it can be called.

    Raises:
        ModelRefused: No such model, not callable from this region, past its end, or a custom-model ARN
            (which must be deployed first).
    """
    raise NotImplementedError

"""The foundation models and inference profiles that the sandbox offers.

Ids, lifecycle dates, Regions and customization variants as in the Bedrock and Nova user guides of autumn
2026. Where two pages give different dates for Nova Premier's end of life, the later one is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from stillroom.sandbox import ACCOUNT


@dataclass(frozen=True, slots=True)
class Foundation:
    """One foundation model, or a variant of it for customization and provisioned throughput."""

    id: str
    name: str
    provider: str = "Amazon"
    pictures: bool = True
    """Takes pictures as input."""
    on_demand: frozenset[str] = frozenset()
    """Regions where the bare id can be called."""
    regions: frozenset[str] = frozenset()
    """Regions where the model is listed."""
    tunable: bool = False
    provisioned: bool = False
    context: int = 300_000
    """Input tokens."""
    most_output: int = 5000
    """Output tokens."""
    brain: Literal["teacher", "untuned"] = "untuned"
    since: datetime = datetime(2024, 12, 3, tzinfo=UTC)
    legacy: datetime | None = None
    """Since when it is legacy."""
    ends: datetime | None = None
    """End of life."""

    @property
    def base(self) -> str:
        """The id without the variant's suffix."""
        return ":".join(self.id.split(":")[:2])

    @property
    def variant(self) -> bool:
        """A customization or provisioned-throughput variant (``…:0:300k``)."""
        return self.id.count(":") > 1

    def arn(self, region: str) -> str:
        return f"arn:aws:bedrock:{region}::foundation-model/{self.id}"


@dataclass(frozen=True, slots=True)
class Profile:
    """One system-defined inference profile."""

    id: str
    model: Foundation
    name: str
    regions: tuple[str, ...]
    """Where it can be called from, and where it sends calls to."""

    def arn(self, region: str) -> str:
        return f"arn:aws:bedrock:{region}:{ACCOUNT}:inference-profile/{self.id}"


_US = ("us-east-1", "us-east-2", "us-west-2")
_EU = ("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-3")
_APAC = ("ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2")
_JP = ("ap-northeast-1", "ap-northeast-3")
_CA = ("ca-central-1",)
_EVERYWHERE = frozenset({*_US, *_EU, *_APAC, *_JP, *_CA, "eu-west-2"})
_EAST = frozenset({"us-east-1"})
_LITE = frozenset({*_US, "eu-west-2", "ap-northeast-1"})
_NEW = datetime(2025, 12, 2, tzinfo=UTC)

FOUNDATIONS = (
    Foundation(
        "amazon.nova-micro-v1:0",
        "Nova Micro",
        pictures=False,
        on_demand=_EAST | {"eu-west-2"},
        regions=_EVERYWHERE,
        context=128_000,
    ),
    Foundation(
        "amazon.nova-micro-v1:0:128k",
        "Nova Micro",
        pictures=False,
        regions=_EAST,
        tunable=True,
        provisioned=True,
        context=128_000,
    ),
    Foundation("amazon.nova-lite-v1:0", "Nova Lite", on_demand=_LITE, regions=_EVERYWHERE),
    Foundation("amazon.nova-lite-v1:0:24k", "Nova Lite", regions=_EAST, provisioned=True, context=24_000),
    Foundation("amazon.nova-lite-v1:0:300k", "Nova Lite", regions=_EAST, tunable=True, provisioned=True),
    Foundation("amazon.nova-pro-v1:0", "Nova Pro", on_demand=_EAST, regions=_EVERYWHERE, brain="teacher"),
    Foundation(
        "amazon.nova-pro-v1:0:24k",
        "Nova Pro",
        regions=_EAST,
        provisioned=True,
        context=24_000,
        brain="teacher",
    ),
    Foundation(
        "amazon.nova-pro-v1:0:300k",
        "Nova Pro",
        regions=_EAST,
        tunable=True,
        provisioned=True,
        brain="teacher",
    ),
    Foundation(
        "amazon.nova-premier-v1:0",
        "Nova Premier",
        regions=frozenset(_US),
        context=1_000_000,
        most_output=25_000,
        brain="teacher",
        since=datetime(2025, 4, 30, tzinfo=UTC),
        legacy=datetime(2026, 3, 14, tzinfo=UTC),
        ends=datetime(2026, 10, 31, tzinfo=UTC),
    ),
    Foundation(
        "amazon.nova-2-lite-v1:0",
        "Nova 2 Lite",
        regions=_EVERYWHERE,
        context=1_000_000,
        most_output=64_000,
        since=_NEW,
    ),
    Foundation(
        "amazon.nova-2-lite-v1:0:256k",
        "Nova 2 Lite",
        regions=_EAST,
        tunable=True,
        provisioned=True,
        context=256_000,
        since=_NEW,
    ),
    Foundation(
        "anthropic.claude-3-haiku-20240307-v1:0",
        "Claude 3 Haiku",
        "Anthropic",
        on_demand=frozenset({"us-east-1", "us-west-2", "eu-west-3"}),
        regions=frozenset({*_US, "eu-west-3"}),
        context=200_000,
        most_output=4096,
        since=datetime(2024, 3, 13, tzinfo=UTC),
        legacy=datetime(2026, 3, 10, tzinfo=UTC),
        ends=datetime(2026, 9, 10, tzinfo=UTC),
    ),
    Foundation(
        "anthropic.claude-3-haiku-20240307-v1:0:200k",
        "Claude 3 Haiku",
        "Anthropic",
        regions=frozenset({"us-west-2"}),
        tunable=True,
        provisioned=True,
        context=200_000,
        most_output=4096,
        since=datetime(2024, 3, 13, tzinfo=UTC),
        legacy=datetime(2026, 3, 10, tzinfo=UTC),
        ends=datetime(2026, 9, 10, tzinfo=UTC),
    ),
)

_REACH = {
    "us": ("US", _US),
    "eu": ("EU", _EU),
    "apac": ("APAC", _APAC),
    "jp": ("JP", _JP),
    "ca": ("CA", _CA),
    "global": ("GLOBAL", tuple(sorted(_EVERYWHERE))),
}
_OFFERED = {
    "amazon.nova-micro-v1:0": ("us", "eu", "apac"),
    "amazon.nova-lite-v1:0": ("us", "eu", "apac", "ca"),
    "amazon.nova-pro-v1:0": ("us", "eu", "apac"),
    "amazon.nova-premier-v1:0": ("us",),
    "amazon.nova-2-lite-v1:0": ("us", "eu", "jp", "global"),
}


def _profiles() -> Iterator[Profile]:
    for model in FOUNDATIONS:
        for reach in _OFFERED.get(model.id, ()):
            label, regions = _REACH[reach]
            yield Profile(f"{reach}.{model.id}", model, f"{label} {model.name}", regions)


PROFILES = tuple(_profiles())


def foundation(identifier: str, region: str) -> Foundation | None:
    """The model of an id or ARN that a Region lists."""
    name = identifier.rpartition("foundation-model/")[2]
    return next((one for one in FOUNDATIONS if one.id == name and region in one.regions), None)


def profile(identifier: str, region: str) -> Profile | None:
    """The profile of an id or ARN that can be called from a Region."""
    name = identifier.rpartition("inference-profile/")[2]
    return next((one for one in PROFILES if one.id == name and region in one.regions), None)

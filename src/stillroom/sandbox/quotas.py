"""Service Quotas: the published defaults, and what is in force here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from stillroom.sandbox import ACCOUNT
from stillroom.sandbox.bedrock.foundations import FOUNDATIONS
from stillroom.sandbox.knobs import Knobs
from stillroom.sandbox.runtime.throttle import Limits
from stillroom.sandbox.wire.refusal import Refusal
from stillroom.sandbox.wire.request import Call

_SERVICE = "bedrock"
UNBOUND = 1e9
"""What an unenforced quota shows."""
_ROOMY = frozenset({"us-east-1", "eu-west-2"})
_US = frozenset({"us-east-1", "us-east-2", "us-west-2"})

# Requests and tokens a minute, on demand in us-east-1 and through US profiles, as the page of Bedrock's
# endpoints and quotas has them.
_ON_DEMAND = {
    "amazon.nova-micro-v1:0": (2000, 4_000_000),
    "amazon.nova-lite-v1:0": (2000, 4_000_000),
    "amazon.nova-pro-v1:0": (250, 1_000_000),
}
_CROSS_REGION = {
    "amazon.nova-micro-v1:0": (4000, 8_000_000),
    "amazon.nova-lite-v1:0": (4000, 8_000_000),
    "amazon.nova-pro-v1:0": (500, 2_000_000),
    "amazon.nova-premier-v1:0": (500, 2_000_000),
    "amazon.nova-2-lite-v1:0": (2000, 8_000_000),
}
_DEPLOYED = {"amazon.nova-pro-v1:0": (200, 800_000)}
_DEPLOYED_ELSE = (2000, 4_000_000)
_CODES = {
    ("cross tokens", "amazon.nova-micro-v1:0"): "L-DC7FF66C",
    ("cross tokens", "amazon.nova-lite-v1:0"): "L-7C42E72A",
    ("cross tokens", "amazon.nova-pro-v1:0"): "L-C0326783",
    ("cross tokens", "amazon.nova-premier-v1:0"): "L-AA7FE948",
    ("cross tokens", "amazon.nova-2-lite-v1:0"): "L-C6F5908D",
    ("records", "amazon.nova-lite-v1:0"): "L-031F46A7",
    ("records", "amazon.nova-2-lite-v1:0"): "L-82EE9228",
    ("records", "amazon.nova-micro-v1:0"): "L-EC6A6ABC",
    ("records", "amazon.nova-pro-v1:0"): "L-70FC4C0E",
}
_MINUTES_A_DAY = 1440


@dataclass(frozen=True, slots=True)
class Quota:
    """One quota of a Region."""

    code: str
    name: str
    value: float
    adjustable: bool
    paced: bool
    """Requests or tokens: in force only with ``quotas = "aws"``."""


def _code(kind: str, model: str) -> str:
    known = _CODES.get((kind, model))
    # Codes that no document names; stable, and of the usual form.
    return known or f"L-{sum(ord(c) * 31**i for i, c in enumerate(kind + model)) & 0xFFFFFFFF:08X}"


def published(model: str, region: str, through: str) -> tuple[int, int] | None:
    """Default requests and tokens a minute of a model; None where none is published."""
    if through == "on-demand":
        found = _ON_DEMAND.get(model)
        return found if found is None or region in _ROOMY else (200, 200_000)
    if through == "cross-region":
        found = _CROSS_REGION.get(model)
        small = region not in _US and model in {"amazon.nova-lite-v1:0", "amazon.nova-micro-v1:0"}
        return (400, 400_000) if small else found
    return _DEPLOYED.get(model, _DEPLOYED_ELSE) if through == "deployment" else None


def _paced(region: str) -> Iterator[Quota]:
    for through, kind, words in (
        ("on-demand", "demand", "On-demand model inference"),
        ("cross-region", "cross", "Cross-region model inference"),
    ):
        for model in FOUNDATIONS:
            if model.variant or (found := published(model.id, region, through)) is None:
                continue
            name = f"Amazon {model.name}"
            requests, tokens = found
            yield Quota(
                _code(f"{kind} requests", model.id),
                f"{words} requests per minute for {name}",
                requests,
                False,
                True,
            )
            yield Quota(
                _code(f"{kind} tokens", model.id),
                f"{words} tokens per minute for {name}",
                tokens,
                kind == "cross",
                True,
            )
            daily = tokens * _MINUTES_A_DAY
            yield Quota(
                _code(f"{kind} daily", model.id),
                f"Model invocation max tokens per day for {name} ({through})",
                daily,
                False,
                True,
            )


def _fixed(units: int) -> Iterator[Quota]:
    for model in FOUNDATIONS:
        if model.tunable and model.provider == "Amazon":
            name = f"Sum of training and validation records for an Amazon {model.name} fine-tuning job"
            yield Quota(_code("records", model.base), name, 20_000, True, False)
    yield Quota("L-CB5B847D", "Custom models per account", 100, True, False)
    yield Quota("L-5B6D1C1E", "Scheduled customization jobs", 10, False, False)
    yield Quota("L-1EF80F3E", "Custom model deployments per account", 10, True, False)
    yield Quota("L-430C95DD", "Custom model deployments being created", 2, True, False)
    for code, what in (
        ("L-BE77399C", "no-commitment Provisioned Throughputs across custom models"),
        ("L-FE44174A", "no-commitment Provisioned Throughputs across base models"),
        ("L-07D3BCF0", "Provisioned Throughputs for Amazon Nova 2 Lite"),
    ):
        yield Quota(code, f"Model units {what}", units, True, False)


class Quotas:
    """Answers Service Quotas, and tells Converse its limits."""

    def __init__(self, knobs: Callable[[], Knobs]) -> None:
        self._knobs = knobs

    def handlers(self) -> dict[str, Callable[[Call], Any]]:
        """Handlers by operation name."""
        return {
            "ListServiceQuotas": lambda call: self._list(call, self._applied(call.region)),
            "ListAWSDefaultServiceQuotas": lambda call: self._list(call, self._defaults(call.region)),
            "GetServiceQuota": lambda call: self._get(call, self._applied(call.region)),
            "GetAWSDefaultServiceQuota": lambda call: self._get(call, self._defaults(call.region)),
            "ListServices": lambda call: {
                "Services": [{"ServiceCode": _SERVICE, "ServiceName": "Amazon Bedrock"}]
            },
        }

    def limits(self, model: str, region: str, through: str) -> Limits | None:
        """What a model allows now; None when no quota is in force."""
        knobs = self._knobs()
        found = published(model, region, through) if knobs.quotas == "aws" else None
        if found is None:
            return None
        requests, tokens = (one * knobs.quota_scale for one in found)
        return Limits(requests, tokens, tokens * _MINUTES_A_DAY)

    def _defaults(self, region: str) -> list[Quota]:
        return [*_paced(region), *_fixed(0)]

    def _applied(self, region: str) -> list[Quota]:
        knobs = self._knobs()
        rows = [*_paced(region), *_fixed(knobs.provisioned_units)]
        off = knobs.quotas == "off"
        return [
            Quota(row.code, row.name, UNBOUND if off else row.value * knobs.quota_scale, row.adjustable, True)
            if row.paced
            else row
            for row in rows
        ]

    def _list(self, call: Call, rows: list[Quota]) -> Any:
        _check_service(call)
        start = _start(call.params.get("NextToken") or "0")
        most = call.params.get("MaxResults", 100)
        shown = [_shown(row, call.region) for row in rows[start : start + most]]
        return {"Quotas": shown} | ({"NextToken": str(start + most)} if start + most < len(rows) else {})

    def _get(self, call: Call, rows: list[Quota]) -> Any:
        _check_service(call)
        for row in rows:
            if row.code == call.params["QuotaCode"]:
                return {"Quota": _shown(row, call.region)}
        raise Refusal("NoSuchResourceException", "The specified quota does not exist.")


def _start(token: str) -> int:
    if not (token.isascii() and token.isdigit()):
        raise Refusal("InvalidPaginationTokenException", "Invalid input was provided for the token.")
    return int(token)


def _check_service(call: Call) -> None:
    if call.params["ServiceCode"] != _SERVICE:
        raise Refusal("NoSuchResourceException", "The specified service does not exist.")


def _shown(row: Quota, region: str) -> dict[str, Any]:
    return {
        "ServiceCode": _SERVICE,
        "ServiceName": "Amazon Bedrock",
        "QuotaArn": f"arn:aws:servicequotas:{region}:{ACCOUNT}:{_SERVICE}/{row.code}",
        "QuotaCode": row.code,
        "QuotaName": row.name,
        "Value": float(row.value),
        "Unit": "None",
        "Adjustable": row.adjustable,
        "GlobalQuota": False,
    }

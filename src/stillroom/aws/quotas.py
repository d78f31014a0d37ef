"""Quotas of the account, as applied."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stillroom.aws.session import Session


@dataclass(frozen=True, slots=True)
class Quota:
    """One quota."""

    name: str
    """``QuotaName``: what it is found by. Codes differ between models and are only shown."""
    code: str
    value: float
    adjustable: bool
    applied: bool
    """True: the account's own value; False: AWS's default, which new accounts may be far below."""


@dataclass(frozen=True, slots=True)
class ModelQuota:
    """What a model allows an account."""

    requests_per_minute: float | None
    """None: Service Quotas names none."""
    tokens_per_minute: float | None
    """Input + maxTokens while a call runs."""
    tokens_per_day: float | None
    applied: bool
    """False when any of them is only AWS's default."""


def list_quotas(session: Session) -> tuple[Quota, ...]:
    """Bedrock's quotas: the applied value where there is one, else AWS's default.

    Raises:
        PermissionRefused: The caller may not read quotas.
    """
    defaults = _listed(session, "list_aws_default_service_quotas")
    applied = _listed(session, "list_service_quotas")
    found = {one["QuotaCode"]: _read(one, applied=False) for one in defaults}
    found.update({one["QuotaCode"]: _read(one, applied=True) for one in applied})
    return tuple(sorted(found.values(), key=lambda one: (one.name, one.code)))


def model_quota(
    quotas: Iterable[Quota], model_name: str, *, scope: str = "", custom: bool = False
) -> ModelQuota:
    """Find a model's quotas by their names.

    Names are like ``On-demand model inference requests per minute for Amazon Nova Pro`` and ``Cross-region
    model inference tokens per minute for Amazon Nova Pro``; their exact wording is not documented, so words
    are matched, not the text.

    Args:
        quotas: Of :func:`list_quotas`.
        model_name: As the catalogue names it (``Nova Pro``), or an id such as ``amazon.nova-pro-v1:0``.
        scope: Of the inference profile that is called: ``us``, ``eu``, ``global`` …; empty: none is.
        custom: For a deployed custom model.

    Returns:
        None for what no quota names; of several that fit, the smallest.
    """
    fitting = [
        one
        for one in quotas
        if _is_for(one.name, model_name) and _way(one.name) == _wanted_way(scope, custom)
    ]
    requests = _smallest(fitting, "requests per minute")
    tokens = _smallest(fitting, "tokens per minute")
    daily = _smallest(fitting, "tokens per day")
    known = [one for one in (requests, tokens, daily) if one is not None]
    return ModelQuota(
        requests_per_minute=requests.value if requests else None,
        tokens_per_minute=tokens.value if tokens else None,
        tokens_per_day=daily.value if daily else None,
        applied=bool(known) and all(one.applied for one in known),
    )


_WORDS = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
_VERSION = re.compile(r"(?:-\d{8})?-v\d+(?::.*)?$")
"""With the date that ids of some providers have."""


def _words(text: str) -> list[str]:
    """``amazon.nova-2-lite-v1:0``, ``Nova 2 Lite`` and ``Amazon Nova 2.0 Lite`` are nova, 2, lite.

    ``3.5`` is 3, 5, as in ``anthropic.claude-3-5-sonnet-20241022-v2:0``.
    """
    plain = _VERSION.sub("", text.casefold())
    words = [part for word in _WORDS.findall(plain) for part in word.removesuffix(".0").split(".")]
    return [word for word in words if word not in ("amazon", "us", "eu", "apac", "jp", "global")]


def _is_for(quota_name: str, model_name: str) -> bool:
    """The model's words stand at the end of the quota's name, after "for", in this order and alone."""
    _, found, tail = quota_name.rpartition(" for ")
    wanted = _words(model_name)
    return bool(found) and bool(wanted) and _words(re.sub(r"\(.*?\)|\bV\d+\b", " ", tail)) == wanted


_OTHER_CALLS = re.compile(r"latency[- ]optimi[sz]ed|long[- ]context|context length")
"""Quotas of calls that are asked for in a way of their own, which ours are not."""


def _way(quota_name: str) -> str:
    name = quota_name.casefold()
    if _OTHER_CALLS.search(name):
        return ""
    if "custom model" in name or "custom-model" in name:
        return "custom"
    if "global cross-region" in name:
        return "global"
    if "cross-region" in name:
        return "cross-region"
    return "in-region" if "on-demand" in name else ""


def _wanted_way(scope: str, custom: bool) -> str:
    if custom:
        return "custom"
    if scope == "global":
        return "global"
    return "cross-region" if scope else "in-region"


def _smallest(quotas: Iterable[Quota], words: str) -> Quota | None:
    fitting = [one for one in quotas if words in one.name.casefold()]
    return min(fitting, key=lambda one: one.value) if fitting else None


def _listed(session: Session, operation: str) -> list[dict[str, Any]]:
    with session.calling("read the quotas", "quota of Bedrock"):
        try:
            pages = session.client("service-quotas").get_paginator(operation).paginate(ServiceCode="bedrock")
            found = [one for page in pages for one in page.get("Quotas") or []]
        except session.client("service-quotas").exceptions.NoSuchResourceException:
            return []
    # What has no value is not known; it is not 0.
    return [one for one in found if "QuotaCode" in one and "Value" in one]


def _read(found: dict[str, Any], *, applied: bool) -> Quota:
    return Quota(
        name=str(found.get("QuotaName") or ""),
        code=str(found["QuotaCode"]),
        value=float(found["Value"]),
        adjustable=bool(found.get("Adjustable")),
        applied=applied,
    )

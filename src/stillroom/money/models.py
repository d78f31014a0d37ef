"""Which foundation model an id stands for, as far as prices care."""

from __future__ import annotations

import re
from dataclasses import dataclass

SCOPES = ("us", "eu", "apac", "ca", "jp", "au", "us-gov", "global")
"""Prefixes of inference profiles."""
_PROFILE = re.compile(rf"^(?:(?P<scope>{'|'.join(SCOPES)})\.)?(?P<model>[a-z0-9-]+\.[A-Za-z0-9.:-]+)$")
# Customization and provisioned-throughput variants name a context length after the version: v1:0:300k.
_VARIANT = re.compile(r"^(?P<model>.+:\d+):(?:\d+k|mm)$")
# Only these ARNs carry the model's own id; the others end in an id that AWS made up.
_ARN = re.compile(
    r"^arn:aws[a-z-]*:bedrock:[a-z0-9-]*:(?:\d{12})?:(?:foundation-model|inference-profile)/(?P<id>[^/]+)$"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A model id taken apart."""

    model: str
    """Foundation model id, without prefix and variant: ``amazon.nova-lite-v1:0``."""
    scope: str
    """``global`` for global inference profiles, else ""; geographic profiles cost what the region costs."""
    profile: str
    """The id with its prefix, as given, without ARN and variant."""


def named(identifier: str) -> Named | None:
    """Take a model id, profile id, variant id or ARN apart; None when it does not name its model.

    Sources: Bedrock user guide, inference profiles and model ids; ARN shapes from the service model of
    ``bedrock`` 2023-04-20.
    """
    arn = _ARN.match(identifier)
    text = arn["id"] if arn else identifier
    variant = _VARIANT.match(text)
    text = variant["model"] if variant else text
    match = None if text.startswith("arn:") else _PROFILE.match(text)
    if match is None:
        return None
    return Named(match["model"], "global" if match["scope"] == "global" else "", text)

"""The sandbox's own price list, in USD for us-east-1: a second opinion on every bill.

Sources: copies of the AWS Price List of July and August 2026, public price pages, and for provisioned
throughput of Nova Lite a public post of May 2025. The training prices of Lite and Pro and Micro's are not in
any price list that could be read: they are the best public guess, as are storage of Micro and Pro.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import Literal

Held = Literal["custom-model", "deployment", "provisioned"]

_THOUSAND = Decimal(1000)
_HOURS_A_MONTH = Decimal(730)

_CALLS = {
    "nova-micro": (Decimal("0.000035"), Decimal("0.00014")),
    "nova-lite": (Decimal("0.00006"), Decimal("0.00024")),
    "nova-pro": (Decimal("0.0008"), Decimal("0.0032")),
    "nova-premier": (Decimal("0.0025"), Decimal("0.0125")),
    "nova-2-lite": (Decimal("0.00033"), Decimal("0.00275")),
}
"""Input and output per 1,000 tokens."""
_NOVA_2_LITE_CHEAP = (Decimal("0.00030"), Decimal("0.0025"))
"""Through the global profile, and for custom models made from it."""

_TRAINING = {
    "nova-micro": Decimal("0.001"),
    "nova-lite": Decimal("0.002"),
    "nova-pro": Decimal("0.008"),
    "nova-2-lite": Decimal("0.00378"),
}
_STORAGE_A_MONTH = Decimal("1.95")
_PROVISIONED_AN_HOUR = {
    ("nova-lite", ""): Decimal("108.15"),
    ("nova-2-lite", ""): Decimal("60.50"),
    ("nova-2-lite", "OneMonth"): Decimal("55.00"),
}


class UnknownPrice(LookupError):
    """Nobody published this price. Unknown is never zero."""


def usd_for_call(model: str, input_tokens: int, output_tokens: int, *, custom: bool = False) -> Decimal:
    """Price of one Converse call.

    Args:
        model: Foundation model id, or a profile id or ARN that contains it.
        input_tokens: Tokens sent, pictures included.
        output_tokens: Tokens answered.
        custom: The call went to the deployment of a custom model made from ``model``.

    Raises:
        UnknownPrice: The model is not in the list.
    """
    family = family_of(model)
    if family not in _CALLS:
        raise UnknownPrice(f"no price is known for calls of {model}")
    sent, answered = _CALLS[family]
    if family == "nova-2-lite" and (custom or "global." in model):
        sent, answered = _NOVA_2_LITE_CHEAP
    return (sent * input_tokens + answered * output_tokens) / _THOUSAND


def usd_for_training(base: str, tokens: int) -> Decimal:
    """Price of a customization job.

    Args:
        base: Base model id or ARN.
        tokens: Tokens of the training set times epochs.

    Raises:
        UnknownPrice: The base model is not in the list.
    """
    family = family_of(base)
    if family not in _TRAINING:
        raise UnknownPrice(f"no training price is known for {base}")
    return _TRAINING[family] * tokens / _THOUSAND


def usd_held(
    what: Held, hours: Decimal | float, *, base: str, commitment: str = "", units: int = 1
) -> Decimal:
    """Price of what bills by time.

    Args:
        what: A stored custom model (by month of 730 hours), an on-demand deployment (free while idle), or
            provisioned throughput (each begun hour).
        hours: How long it has been held.
        base: Base model id or ARN.
        commitment: ``""``, ``OneMonth`` or ``SixMonths``; provisioned throughput only.
        units: Model units; provisioned throughput only.

    Raises:
        UnknownPrice: The price of this model or commitment is not public, or ``what`` is none of the three.
        ValueError: ``hours`` is negative.
    """
    held = hours if isinstance(hours, Decimal) else Decimal(repr(hours))
    if held < 0:
        raise ValueError("nothing is held for a negative time")
    family = family_of(base)
    if family not in _TRAINING:
        raise UnknownPrice(f"no price is known for holding {what} of {base}")
    if what == "deployment":
        return Decimal(0)
    if what == "custom-model":
        return _STORAGE_A_MONTH * held / _HOURS_A_MONTH
    price = _PROVISIONED_AN_HOUR.get((family, commitment)) if what == "provisioned" else None
    if price is None:
        raise UnknownPrice(f"no price is known for {what} of {base} {commitment}".rstrip())
    return price * units * held.to_integral_value(ROUND_CEILING)


def family_of(model: str) -> str:
    """The family of a model id, such as ``nova-lite``; empty when it is none of Nova's text families."""
    for family in ("nova-2-lite", "nova-micro", "nova-lite", "nova-pro", "nova-premier"):
        if f"amazon.{family}-v" in model:
            return family
    return ""

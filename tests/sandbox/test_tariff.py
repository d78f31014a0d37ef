"""The sandbox's own prices: published ones to the cent, unknown ones never zero."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stillroom.sandbox.tariff import UnknownPrice, usd_for_call, usd_for_training, usd_held

LITE = "amazon.nova-lite-v1:0:300k"
TWO_LITE = "amazon.nova-2-lite-v1:0:256k"


def test_a_teacher_labels_900_pictures() -> None:
    call = usd_for_call("us.amazon.nova-pro-v1:0", 1100, 90)
    assert call * 900 == Decimal("1.0512")


@pytest.mark.parametrize(
    ("model", "custom", "usd"),
    [
        ("amazon.nova-micro-v1:0", False, "0.000175"),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0", True, "0.0003"),
        ("us.amazon.nova-premier-v1:0", False, "0.015"),
        ("us.amazon.nova-2-lite-v1:0", False, "0.00308"),
        ("global.amazon.nova-2-lite-v1:0", False, "0.0028"),
        (TWO_LITE, True, "0.0028"),
    ],
)
def test_a_thousand_tokens_in_and_out(model: str, custom: bool, usd: str) -> None:
    assert usd_for_call(model, 1000, 1000, custom=custom) == Decimal(usd)


def test_training() -> None:
    assert usd_for_training(LITE, 1_050_000) == Decimal("2.1")
    assert usd_for_training("amazon.nova-pro-v1:0:300k", 1000) == Decimal("0.008")


def test_what_bills_by_time() -> None:
    assert usd_held("custom-model", 730, base=LITE) == Decimal("1.95")
    assert usd_held("deployment", 1000.5, base=LITE) == 0
    assert usd_held("provisioned", Decimal("0.1"), base=LITE) == Decimal("108.15")
    assert usd_held("provisioned", 1.5, base=TWO_LITE, commitment="OneMonth", units=2) == Decimal("220")


@pytest.mark.parametrize(
    ("base", "commitment"), [("amazon.nova-pro-v1:0", ""), (LITE, "OneMonth"), (TWO_LITE, "SixMonths")]
)
def test_unpublished_prices_are_unknown(base: str, commitment: str) -> None:
    with pytest.raises(UnknownPrice):
        usd_held("provisioned", 1, base=base, commitment=commitment)


def test_unknown_models_have_no_price() -> None:
    with pytest.raises(UnknownPrice):
        usd_for_call("anthropic.claude-3-haiku", 1, 1)
    with pytest.raises(UnknownPrice):
        usd_for_training("amazon.nova-premier-v1:0", 1)
    with pytest.raises(UnknownPrice):
        usd_held("deployment", 1, base="unheard.of")
    with pytest.raises(ValueError, match="negative"):
        usd_held("custom-model", -1, base=LITE)

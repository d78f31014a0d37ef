import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.training.hyperparameters import (
    BaseFamily,
    Weight,
    as_strings,
    base_family,
    check,
    plain_decimal,
    suggested_epochs,
)
from stillroom.training.settings import Hyperparameters

LITE = "amazon.nova-lite-v1:0:300k"


def names(hyperparameters: Hyperparameters, base: str = LITE, **more: object) -> list[tuple[str, Weight]]:
    return [(found.name, found.weight) for found in check(hyperparameters, base, **more)]  # type: ignore[arg-type]


def test_the_defaults_are_fine() -> None:
    assert check(Hyperparameters(), LITE, rows=900) == ()


@pytest.mark.parametrize(
    ("hyperparameters", "name"),
    [
        (Hyperparameters(epochs=0), "epochCount"),
        (Hyperparameters(epochs=6), "epochCount"),
        (Hyperparameters(epochs=2.5), "epochCount"),  # type: ignore[arg-type]
        (Hyperparameters(learning_rate=9e-7), "learningRate"),
        (Hyperparameters(learning_rate=1.1e-4), "learningRate"),
        (Hyperparameters(learning_rate=math.nan), "learningRate"),
        (Hyperparameters(learning_rate=math.inf), "learningRate"),
        (Hyperparameters(warmup_steps=-1), "learningRateWarmupSteps"),
        (Hyperparameters(warmup_steps=101), "learningRateWarmupSteps"),
    ],
)
def test_what_the_service_refuses(hyperparameters: Hyperparameters, name: str) -> None:
    assert names(hyperparameters) == [(name, Weight.ERROR)]


@pytest.mark.parametrize(
    "hyperparameters",
    [Hyperparameters(1, 1e-6, 0), Hyperparameters(5, 1e-4, 100)],
)
def test_the_ends_of_the_ranges_are_taken(hyperparameters: Hyperparameters) -> None:
    assert names(hyperparameters) == []


def test_messages_have_no_exponents() -> None:
    (found,) = check(Hyperparameters(learning_rate=1e-7), LITE)
    assert found.message == "learningRate 0.0000001 is outside 0.000001 to 0.0001."


@pytest.mark.parametrize(
    ("base", "family"),
    [
        (LITE, BaseFamily.NOVA_LITE),
        ("us.amazon.nova-pro-v1:0", BaseFamily.NOVA_PRO),
        ("amazon.nova-2-lite-v1:0:256k", BaseFamily.NOVA_2_LITE),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0:300k", BaseFamily.NOVA_LITE),
        ("arn:aws:bedrock:us-east-1:1:custom-model/amazon.nova-lite-v1:0:300k/abc", BaseFamily.NOVA_LITE),
        ("my-custom-model", BaseFamily.UNKNOWN),
        ("meta.llama3-3-70b-instruct-v1:0", BaseFamily.UNKNOWN),
    ],
)
def test_families(base: str, family: BaseFamily) -> None:
    assert base_family(base) is family


@pytest.mark.parametrize(
    ("base", "weight"),
    [
        ("amazon.nova-premier-v1:0", Weight.ERROR),
        ("amazon.nova-micro-v1:0:128k", Weight.ERROR),
        ("amazon.nova-lite-v1:0", Weight.ERROR),
        ("us.amazon.nova-lite-v1:0", Weight.ERROR),
        ("meta.llama3", Weight.WARNING),
    ],
)
def test_base_models_that_do_not_fit(base: str, weight: Weight) -> None:
    assert names(Hyperparameters(), base) == [("baseModelIdentifier", weight)]


def test_nova_2_lite_takes_no_validation_set_and_wants_more_rows() -> None:
    base = "amazon.nova-2-lite-v1:0:256k"
    assert names(Hyperparameters(), base, rows=150, validation=True) == [
        ("baseModelIdentifier", Weight.ERROR),
        ("rows", Weight.WARNING),
    ]
    assert names(Hyperparameters(), base, rows=200) == []


@pytest.mark.parametrize(
    ("rows", "weights"),
    [
        (7, [Weight.ERROR]),
        (8, [Weight.ADVICE]),
        (99, [Weight.ADVICE]),
        (100, []),
        (20_000, []),
        (20_001, [Weight.ERROR]),
    ],
)
def test_rows(rows: int, weights: list[Weight]) -> None:
    found = [one.weight for one in check(Hyperparameters(epochs=1, warmup_steps=0), LITE, rows=rows)]
    assert found == weights


def test_a_warm_up_longer_than_the_training_is_a_warning() -> None:
    assert ("learningRateWarmupSteps", Weight.WARNING) in names(
        Hyperparameters(epochs=1, warmup_steps=100), rows=50
    )


def test_more_epochs_than_suggested_is_advice() -> None:
    assert names(Hyperparameters(epochs=5), rows=6000) == [("epochCount", Weight.ADVICE)]
    assert (suggested_epochs(5000), suggested_epochs(5001)) == (2, 1)


def test_strings_are_plain_decimals() -> None:
    assert as_strings(Hyperparameters()) == {
        "epochCount": "2",
        "learningRate": "0.00001",
        "learningRateWarmupSteps": "10",
    }


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_plain_decimal_is_plain_and_means_the_same(value: float) -> None:
    text = plain_decimal(value)
    assert re.fullmatch(r"-?\d+(\.\d*[1-9])?", text)
    assert float(text) == value


@given(st.integers(-(10**30), 10**30))
def test_whole_numbers_stay_whole(value: int) -> None:
    assert plain_decimal(value) == str(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_not_written(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        plain_decimal(value)

"""The price book: what is in it, how it is asked, and what the user may put over it."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.errors import ProjectError
from stillroom.money import Kind, PriceBook
from stillroom.money.models import named

LITE, PRO, TWO = "amazon.nova-lite-v1:0", "amazon.nova-pro-v1:0", "amazon.nova-2-lite-v1:0"
BUCKET = {Kind.WRITE, Kind.GIGABYTE}
DEPLOYMENT = "arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/abcdefghijkl"
PROVISIONED = "arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abcdefghijkl"


@pytest.fixture
def book() -> PriceBook:
    return PriceBook.load()


@pytest.mark.parametrize(
    ("model", "kind", "amount"),
    [
        ("amazon.nova-micro-v1:0", Kind.INPUT, "0.000035"),
        (LITE, Kind.INPUT, "0.00006"),
        (LITE, Kind.OUTPUT, "0.00024"),
        (LITE, Kind.BATCH_INPUT, "0.00003"),
        (LITE, Kind.TRAINING, "0.002"),
        (LITE, Kind.STORAGE, "1.95"),
        (LITE, Kind.HOUR, "108.15"),
        (PRO, Kind.OUTPUT, "0.0032"),
        (PRO, Kind.BATCH_OUTPUT, "0.0016"),
        ("us.amazon.nova-premier-v1:0", Kind.INPUT, "0.0025"),
        (TWO, Kind.INPUT, "0.00033"),
        ("us." + TWO, Kind.OUTPUT, "0.00275"),
        ("global." + TWO, Kind.INPUT, "0.0003"),
        ("global." + TWO, Kind.OUTPUT, "0.0025"),
        (TWO, Kind.CUSTOM_INPUT, "0.0003"),
        ("amazon.nova-2-lite-v1:0:256k", Kind.TRAINING, "0.00378"),
        (TWO, Kind.HOUR, "60.5"),
        (TWO, Kind.HOUR_1_MONTH, "55"),
        ("eu.amazon.nova-pro-v1:0", Kind.INPUT, "0.0008"),
        ("amazon.nova-lite-v1:0:300k", Kind.TRAINING, "0.002"),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0:300k", Kind.TRAINING, "0.002"),
        (
            "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-pro-v1:0",
            Kind.INPUT,
            "0.0008",
        ),
    ],
)
def test_prices_are_found_by_every_kind_of_id(book: PriceBook, model: str, kind: Kind, amount: str) -> None:
    price = book.price(model, kind)
    assert price.amount == Decimal(amount)
    assert price.source
    assert price.date
    assert price.unit == kind.unit


def test_the_marks_of_the_facts_are_there(book: PriceBook) -> None:
    unverified = [(LITE, Kind.TRAINING), (PRO, Kind.TRAINING), (PRO, Kind.STORAGE), (TWO, Kind.BATCH_OUTPUT)]
    assert all(book.price(model, kind).unverified for model, kind in unverified)
    confirmed = [(LITE, Kind.INPUT), (LITE, Kind.HOUR), (TWO, Kind.TRAINING), (PRO, Kind.OUTPUT)]
    assert not any(book.price(model, kind).unverified for model, kind in confirmed)


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        (PRO, Kind.HOUR),
        (LITE, Kind.HOUR_6_MONTHS),
        ("us.amazon.nova-premier-v1:0", Kind.TRAINING),
        ("anthropic.claude-sonnet-4-20250514-v1:0", Kind.INPUT),
        (DEPLOYMENT, Kind.CUSTOM_INPUT),
        ("arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc", Kind.INPUT),
        ("not a model", Kind.INPUT),
    ],
)
def test_what_is_not_known_is_none(book: PriceBook, model: str, kind: Kind) -> None:
    price = book.price(model, kind)
    assert price.amount is None
    assert price.of(1000) is None
    assert price.note


def test_every_row_of_the_book_is_whole(book: PriceBook) -> None:
    for (model, scope, kind), price in book.prices.items():
        assert named(model).model == model
        assert scope in ("", "global")
        assert price.unit == kind.unit
        assert price.source
        assert price.date >= "2025"
        assert price.amount is None or 0 < price.amount < 200
    for model, kind in product((LITE, PRO, TWO, "amazon.nova-micro-v1:0"), set(Kind) - BUCKET):
        assert (model, "", kind) in book.prices


def test_uploads_have_prices(book: PriceBook) -> None:
    assert book.price("aws.s3", Kind.WRITE).of(1000) == Decimal("0.005")
    assert book.price("aws.s3", Kind.GIGABYTE).amount == Decimal("0.023")
    assert {kind for model, _, kind in book.prices if model == "aws.s3"} == BUCKET


def test_other_regions_are_marked(book: PriceBook) -> None:
    price = book.price("eu.amazon.nova-pro-v1:0", Kind.INPUT, region="eu-west-1")
    assert (price.amount, price.unverified, price.note) == (Decimal("0.0008"), True, "price of us-east-1")
    assert not book.price("global." + TWO, Kind.INPUT, region="eu-west-1").unverified


def test_a_scope_without_its_own_price_is_marked(book: PriceBook) -> None:
    price = book.price("global." + TWO, Kind.BATCH_INPUT)
    assert price.amount == Decimal("0.000165")
    assert price.unverified


def test_deployments_cost_what_custom_models_cost(book: PriceBook) -> None:
    prices = book.tokens(DEPLOYMENT, base_model="amazon.nova-2-lite-v1:0:256k")
    assert (prices.input.amount, prices.output.amount) == (Decimal("0.0003"), Decimal("0.0025"))
    assert book.tokens(DEPLOYMENT).of(1, 1) is None


@pytest.mark.parametrize(
    ("model", "commitment", "amount"),
    [
        (LITE, "", "108.15"),
        (LITE, "OneMonth", None),
        (LITE, "SixMonths", None),
        (TWO, "", "60.5"),
        (TWO, "OneMonth", "55"),
        (TWO, "SixMonths", None),
        (TWO, "TwelveMonths", None),
    ],
)
def test_an_hour_is_paid_by_its_commitment(
    book: PriceBook, model: str, commitment: str, amount: str | None
) -> None:
    price = book.hour(PROVISIONED, commitment, base_model=model)
    assert price.amount == (None if amount is None else Decimal(amount))
    assert price.unverified is (amount is None)


def test_own_prices_of_an_hour_hold_for_their_commitment_alone() -> None:
    own = PriceBook.load({LITE: {"hour_6_months": 70}})
    paid = [own.hour(LITE, commitment).amount for commitment in ("", "OneMonth", "SixMonths")]
    assert paid == [Decimal("108.15"), None, 70]


def test_provisioned_throughput_is_paid_by_the_hour_not_by_the_token(book: PriceBook) -> None:
    prices = book.tokens(PROVISIONED)
    assert prices.of(1_000_000, 1_000_000) == 0
    assert "hour" in prices.input.source


def test_the_teacher_example_of_the_facts(book: PriceBook) -> None:
    prices = book.tokens("us." + PRO)
    assert prices.of(900 * 1100, 900 * 90) == Decimal("1.0512")


def test_the_users_prices_come_first() -> None:
    book = PriceBook.load(
        {
            PRO: {"input": 0.001, "hour": "25"},
            "global." + TWO: {"input": Decimal("0.0002")},
            "amazon.nova-lite-v1:0:300k": {"training": 0.0015},
            DEPLOYMENT: {"custom_input": 1},
            "vendor.new-model-v1:0": {"input": 0.5, "output": 0},
        }
    )
    own = book.price("us." + PRO, Kind.INPUT)
    assert (own.amount, own.source, own.unverified) == (Decimal("0.001"), "project file", False)
    assert book.price(PRO, Kind.OUTPUT).source != "project file"
    assert book.price(PRO, Kind.HOUR).amount == 25
    assert book.price("global." + TWO, Kind.INPUT).amount == Decimal("0.0002")
    assert book.price("us." + TWO, Kind.INPUT).amount == Decimal("0.00033")
    assert book.price(LITE, Kind.TRAINING).amount == Decimal("0.0015")
    assert book.price("amazon.nova-lite-v1:0:300k", Kind.TRAINING).amount == Decimal("0.0015")
    assert book.price(DEPLOYMENT, Kind.CUSTOM_INPUT).amount == 1
    assert book.tokens("vendor.new-model-v1:0").of(1000, 5) == Decimal("0.5")
    unnamed = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc"
    assert book.price(unnamed, Kind.INPUT, base_model="vendor.new-model-v1:0").amount == Decimal("0.5")


@pytest.mark.parametrize(
    ("tables", "what", "todo"),
    [
        ({PRO: {"inputs": 1}}, "unknown price: inputs", "Did you mean input?"),
        ({PRO: {"qqq": 1}}, "unknown price: qqq", "Known: input"),
        ({PRO: {"input": -1}}, "is not a price: -1", "number"),
        ({PRO: {"input": True}}, "is not a price: True", "number"),
        ({PRO: {"input": float("nan")}}, "is not a price: nan", "number"),
        ({PRO: {"input": float("inf")}}, "is not a price: inf", "number"),
        ({PRO: {"input": "dear"}}, "is not a price: 'dear'", "number"),
        ({PRO: {"input": [1]}}, "is not a price: [1]", "number"),
        ({PRO: 3}, "is not a table", "model id"),
    ],
)
def test_a_wrong_override_is_refused_by_name(tables: dict, what: str, todo: str) -> None:
    with pytest.raises(ProjectError) as caught:
        PriceBook.load(tables)
    assert what in caught.value.what
    assert f'[prices."{PRO}"]' in caught.value.what
    assert todo in caught.value.todo


@given(st.text())
def test_any_text_can_be_asked_for(text: str) -> None:
    price = PriceBook.load().price(text, Kind.INPUT)
    assert price.amount is None or named(text)


@given(st.sampled_from(["", "us.", "eu.", "apac.", "global."]), st.sampled_from(["", ":300k", ":24k"]))
def test_prefix_and_variant_come_off(prefix: str, variant: str) -> None:
    name = named(prefix + LITE + variant)
    assert (name.model, name.scope) == (LITE, "global" if prefix == "global." else "")


def test_published_runs_are_known_for_nova_lite_alone(book: PriceBook) -> None:
    published = book.calibration("amazon.nova-lite-v1:0:300k")
    assert (published.low, published.high) == (Decimal("0.0014"), Decimal("0.0017"))
    assert book.calibration(PRO) is None
    assert book.calibration("arn:aws:bedrock:us-east-1:1:custom-model/x") is None
    assert book.calibration("arn:aws:bedrock:us-east-1:1:custom-model/x", LITE) == published


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("us.amazon.nova-por-v1:0", "us.amazon.nova-pro-v1:0"),
        ("amazon.nova-lte-v1:0", "amazon.nova-lite-v1:0"),
        ("amazon.nova-lte-v1:0:300k", "amazon.nova-lite-v1:0"),
        ("us.amazon.nova-pro-v1:0", None),
        ("amazon.nova-lite-v1:0:300k", None),
        ("maker.something-else-entirely", None),
        ("arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/abcdefghijkl", None),
    ],
)
def test_a_misspelt_model_is_like_one_with_a_price(written, meant):
    assert PriceBook.load().nearest(written) == meant


def test_a_model_that_the_user_has_priced_is_not_misspelt():
    book = PriceBook.load({"us.amazon.nova-por-v1:0": {"input": 1, "output": 1}})
    assert book.nearest("us.amazon.nova-por-v1:0") is None

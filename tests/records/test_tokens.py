"""Token estimates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.pictures.tokens import Family
from stillroom.records import TargetModel, target_of
from stillroom.records.tokens import record_tokens, text_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("a", 1), ("x" * 600, 100), ("하늘" * 50, 100), ("é" * 12, 7), ("바다, sky", 3)],
)
def test_text(text: str, tokens: int) -> None:
    assert text_tokens(text) == tokens


@given(st.text(st.characters()), st.text(st.characters()))
def test_more_text_is_never_fewer_tokens_and_never_more_than_its_bytes(first: str, second: str) -> None:
    whole = text_tokens(first + second)
    assert whole >= max(text_tokens(first), text_tokens(second))
    assert whole <= len((first + second).encode("utf-8", "surrogatepass"))


def test_pictures_count_by_family() -> None:
    assert record_tokens(["x" * 60, "x" * 60], [(900, 450)], Family.NOVA_V1) == 20 + 800
    assert record_tokens(["x" * 60], [(900, 450), (40, 40)], Family.NOVA_2_LITE) == 10 + 460
    assert record_tokens(["x" * 60], [None], Family.NOVA_V1) == 10 + 1300
    assert record_tokens(["x" * 60], [None], Family.TEXT_ONLY) == 10


@pytest.mark.parametrize(
    ("base", "target"),
    [
        ("amazon.nova-lite-v1:0:300k", TargetModel.LITE),
        ("amazon.nova-pro-v1:0:300k", TargetModel.PRO),
        ("amazon.nova-micro-v1:0:128k", TargetModel.MICRO),
        ("amazon.nova-2-lite-v1:0:256k", TargetModel.LITE_2),
        (
            "arn:aws:bedrock:us-east-1:1:custom-model/amazon.nova-lite-v1:0:300k/abc",
            TargetModel.LITE,
        ),
        ("anthropic.claude-3-haiku-20240307-v1:0:200k", None),
    ],
)
def test_target_of_a_base_model(base: str, target: TargetModel | None) -> None:
    assert target_of(base) is target


def test_families_of_targets() -> None:
    assert [target.family for target in TargetModel] == [
        Family.NOVA_V1,
        Family.NOVA_V1,
        Family.TEXT_ONLY,
        Family.NOVA_2_LITE,
    ]

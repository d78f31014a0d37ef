import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.pictures.tokens import Family, family_of, picture_tokens


@pytest.mark.parametrize(
    ("model_id", "family"),
    [
        ("amazon.nova-lite-v1:0", Family.NOVA_V1),
        ("amazon.nova-lite-v1:0:300k", Family.NOVA_V1),
        ("us.amazon.nova-pro-v1:0", Family.NOVA_V1),
        ("us.amazon.nova-premier-v1:0", Family.NOVA_V1),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0", Family.NOVA_V1),
        ("arn:aws:bedrock:us-east-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0", Family.NOVA_V1),
        (
            "arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.nova-lite-v1:0:300k/ab12",
            Family.NOVA_V1,
        ),
        ("global.amazon.nova-2-lite-v1:0", Family.NOVA_2_LITE),
        ("amazon.nova-2-lite-v1:0:256k", Family.NOVA_2_LITE),
        ("amazon.nova-micro-v1:0", Family.TEXT_ONLY),
        ("us.anthropic.claude-sonnet-4-20250514-v1:0", Family.CLAUDE),
        ("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0", Family.CLAUDE),
        ("arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/abcdef", Family.UNKNOWN),
        ("arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/xyz", Family.UNKNOWN),
        ("amazon.nova-canvas-v1:0", Family.UNKNOWN),
        ("amazon.nova-2-pro-v1:0", Family.UNKNOWN),
        ("notamazon.nova-lite-v1:0", Family.UNKNOWN),
        ("meta.llama3-2-90b-instruct-v1:0", Family.UNKNOWN),
        ("", Family.UNKNOWN),
    ],
)
def test_the_family_is_read_from_ids_profiles_and_arns(model_id: str, family: Family) -> None:
    assert family_of(model_id) is family


@pytest.mark.parametrize(
    ("width", "height", "published"),
    [(900, 450, 800), (900, 900, 1300), (1400, 900, 1800), (1800, 900, 2400), (1300, 1300, 2600)],
)
def test_nova_v1_is_within_a_tenth_of_the_published_table(width: int, height: int, published: int) -> None:
    tokens = picture_tokens(Family.NOVA_V1, width, height)
    assert tokens == pytest.approx(published, rel=0.10)
    assert picture_tokens(Family.NOVA_V1, height, width) == tokens


def test_nova_v1_saves_nothing_below_its_floor() -> None:
    assert picture_tokens(Family.NOVA_V1, 300, 199) == 800
    assert picture_tokens(Family.NOVA_V1, 900, 450) == 800


@pytest.mark.parametrize(("width", "height"), [(1, 1), (300, 199), (8000, 8000)])
def test_nova_2_lite_is_flat(width: int, height: int) -> None:
    assert picture_tokens(Family.NOVA_2_LITE, width, height) == 230


@pytest.mark.parametrize(
    ("width", "height", "tokens"),
    [(300, 199, 80), (1000, 665, 887), (200, 200, 54), (1000, 1000, 1334), (1092, 1092, 1590), (1, 1, 1)],
)
def test_claude_matches_its_published_examples(width: int, height: int, tokens: int) -> None:
    assert picture_tokens(Family.CLAUDE, width, height) == tokens


def test_claude_shrinks_by_the_long_side_and_by_the_tokens() -> None:
    assert picture_tokens(Family.CLAUDE, 3136, 400) == 419  # 1568 x 200 / 750 = 418.1
    assert picture_tokens(Family.CLAUDE, 4000, 3000) == pytest.approx(1600, abs=4)


@pytest.mark.parametrize("family", [Family.UNKNOWN, Family.TEXT_ONLY])
def test_what_is_not_known_is_not_zero(family: Family) -> None:
    assert picture_tokens(family, 900, 900) is None


@pytest.mark.parametrize(("width", "height"), [(0, 10), (10, 0), (-1, 5)])
def test_a_picture_without_pixels_is_a_mistake(width: int, height: int) -> None:
    with pytest.raises(ValueError, match="no pixels"):
        picture_tokens(Family.NOVA_V1, width, height)


@given(st.integers(1, 8000), st.integers(1, 8000))
def test_claude_never_counts_more_than_its_bound(width: int, height: int) -> None:
    tokens = picture_tokens(Family.CLAUDE, width, height)
    assert tokens is not None
    assert 1 <= tokens <= 1600

"""Token counts: every character is counted once, pictures follow the public tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.sandbox.counting import picture_tokens, pieces, text_tokens

LITE = "amazon.nova-lite-v1:0"


@given(st.text())
def test_pieces_joined_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text
    assert all(pieces(text))


@given(st.text(), st.text())
def test_a_longer_text_never_has_fewer_tokens(first: str, second: str) -> None:
    assert text_tokens(first + second) >= text_tokens(first)


def test_known_texts() -> None:
    assert text_tokens("") == 0
    assert text_tokens("red, sea") == 3
    assert text_tokens("silhouette") == 2
    assert text_tokens("하늘, 푸른 하늘") == 4


@pytest.mark.parametrize(
    ("width", "height", "tokens"),
    [
        (900, 450, 800),
        (450, 900, 800),
        (900, 900, 1300),
        (1400, 900, 1800),
        (1800, 900, 2400),
        (1300, 1300, 2600),
    ],
)
def test_nova_follows_the_published_estimates(width: int, height: int, tokens: int) -> None:
    assert picture_tokens(LITE, width, height) == tokens


def test_nova_has_a_floor() -> None:
    assert picture_tokens("us.amazon.nova-pro-v1:0", 30, 20) == 800


@given(st.integers(1, 8000), st.integers(1, 8000), st.integers(1, 500))
def test_a_larger_picture_never_costs_less(width: int, height: int, more: int) -> None:
    for model in (LITE, "anthropic.claude-3-haiku"):
        assert picture_tokens(model, width + more, height) >= picture_tokens(model, width, height) or (
            # Claude shrinks to a long side of 1568, so a longer picture can have less area left.
            "claude" in model and max(width + more, height) > 1568
        )


def test_other_families() -> None:
    assert picture_tokens("us.amazon.nova-2-lite-v1:0", 4000, 3000) == 230
    assert picture_tokens("anthropic.claude-3-haiku", 300, 199) == 80
    assert picture_tokens("anthropic.claude-3-haiku", 1000, 665) == 887
    assert picture_tokens("anthropic.claude-3-haiku", 8000, 8000) == 1600


def test_what_has_no_count_is_refused() -> None:
    with pytest.raises(ValueError, match="no pictures"):
        picture_tokens("amazon.nova-micro-v1:0", 100, 100)
    with pytest.raises(ValueError, match="no tokens"):
        picture_tokens(LITE, 0, 100)

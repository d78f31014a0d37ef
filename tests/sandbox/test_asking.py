"""Requests are read as a person would read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.sandbox.asking import MOST, understand


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("List 15-25 keywords.", 15, 25),
        ("List 12 – 18 search keywords", 12, 18),
        ("Give 15 to 25 keywords.", 15, 25),
        ("Write between 5 and 8 tags.", 5, 8),
        ("Exactly 10 keywords, please", 10, 10),
        ("give me 12 short comma-separated keywords", 12, 12),
        ("up to 10 tags", 6, 10),
        ("at least 20 keywords", 20, 30),
        ("2-5 keywords for each of five categories, 15-25 in all", 15, 25),
        ("15-25 keywords in total, with 2-5 keywords per category", 15, 25),
        ("키워드 15~25개를 쉼표로 구분해 주세요.", 15, 25),
        ("다섯 범주마다 2~5개씩, 모두 합쳐 15~25개의 키워드", 15, 25),
        ("검색 키워드를 영어로 10개", 10, 10),
        ("최대 10개의 키워드", 6, 10),
        ("10개 이상의 키워드", 10, 20),
        ("키워드를 10개 이상 12개 이하로 작성하세요", 10, 12),
        ("10개 이내의 키워드", 6, 10),
        ("7가지 검색 키워드", 7, 7),
        ("25-15 keywords", 15, 25),
        ("500 keywords", MOST, MOST),
    ],
)
def test_counts(text: str, low: int, high: int) -> None:
    request = understand("", text)
    assert (request.low, request.high, request.counted) == (low, high, True)


@pytest.mark.parametrize(
    "text", ["List search keywords.", "키워드를 나열하세요", "Keywords for a photo of 1999-2005"]
)
def test_without_a_count_the_usual_is_given(text: str) -> None:
    request = understand("", text)
    assert (request.low, request.high, request.counted) == (15, 25, False)


def test_the_prompt_wins_over_the_system_text() -> None:
    request = understand("You list 15-25 keywords in English.", "Only 5 keywords, in Korean.")
    assert (request.low, request.high, request.language) == (5, 5, "ko")
    assert understand("You list 15-25 keywords.", "This picture, please.").low == 15


@pytest.mark.parametrize(
    ("system", "prompt", "language"),
    [
        ("", "List keywords", "en"),
        ("", "키워드를 나열하세요", "ko"),
        ("", "키워드를 영어로 나열하세요", "en"),
        ("", "List keywords in Korean", "ko"),
        ("한국어로 답하세요", "List keywords", "ko"),
        ("한국어로 답하세요", "List keywords in English", "en"),
        ("당신은 키워드 전문가입니다", "", "ko"),
        ("", "", "en"),
        ("", "123", "en"),
    ],
)
def test_languages(system: str, prompt: str, language: str) -> None:
    assert understand(system, prompt).language == language


def test_what_is_not_about_keywords() -> None:
    assert not understand("You are helpful.", "Describe the picture in 2 to 3 sentences.").keywords
    assert understand("You are a keyword expert.", "Go.").keywords
    assert understand("", "List keywords, one per line").by_line


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_understood(system: str, prompt: str) -> None:
    request = understand(system, prompt)
    assert 1 <= request.low <= request.high <= MOST

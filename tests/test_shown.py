"""Nothing from outside can steer a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.shown import in_quotes, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain name.jpg", "plain name.jpg"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("two\nlines", "two\\nlines"),
        ("a\u202egpj.exe", "a\\u202egpj.exe"),
        ("하늘.jpg", "하늘.jpg"),
        ("lone \udc80", "lone \\udc80"),
    ],
)
def test_what_is_shown(text: str, expected: str) -> None:
    assert shown(text) == expected


@given(st.text(st.characters()))
def test_nothing_that_steers_is_left(text: str) -> None:
    left = shown(text)
    assert "\n" not in left
    assert not {unicodedata.category(char) for char in left if char != "\u200d"} & {"Cc", "Cf", "Cs", "Zl"}
    left.encode("utf-8")


def test_a_name_in_quotes_stands_as_it_was_typed() -> None:
    assert in_quotes("사진 cöx.jpg") == "'사진 cöx.jpg'"
    assert in_quotes("a\u202egpj.exe") == "'a\\u202egpj.exe'"

"""Cells: whatever the text, a line keeps its width."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len, split_graphemes

from stillroom.tui.cells import ASCII_SYMBOLS, SYMBOLS, ago, fit, safe, span, symbols, wrap

HOSTILE = st.one_of(
    st.text(),
    st.text(
        st.sampled_from("a바é… \t\x1b[]\u200d\ufe0f\u0301\u202e\u1160ᄀ👩👍🏽🇰🇷❤\n\u034f\U000e0101न\u093e")
    ),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("beach.jpg", "beach.jpg"),
        ("바다.jpg", "바다.jpg"),
        ("e\u0301te\u0301", "été"),
        ("\u1112\u1161\u11ab", "한"),
        ("a\tb", "a\\tb"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\u0301lone", "\\u0301lone"),
        (" \u0301", " \\u0301"),
        ("z\u0310\u0310\u0310\u0310", "z\u0310\u0310\\u0310\\u0310"),
        ("👩\u200d🔬", "👩🔬"),
        ("\u200d", "\\u200d"),
        ("❤\ufe0f", "❤"),
        ("\ufe0f", "\\ufe0f"),
        ("👍🏽", "👍"),
        ("🇰🇷", "KR"),
        ("[bold]x[/]", "[bold]x[/]"),
        ("a\u202egpj", "a\\u202egpj"),
        ("x\udcff", "x\\udcff"),
    ],
)
def test_safe(text: str, expected: str) -> None:
    assert safe(text) == expected


@given(HOSTILE)
@example("é\u200d\u0301")
def test_safe_text_is_one_line_whose_width_is_the_sum_of_its_characters(text: str) -> None:
    made = safe(text)
    assert safe(made) == made
    assert "\n" not in made
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in made)
    assert cell_len(made) == sum(cell_len(char) for char in made)


@given(
    HOSTILE,
    st.integers(0, 40),
    st.sampled_from(["left", "right"]),
    st.sampled_from(["end", "middle"]),
)
def test_fit_is_always_exactly_so_wide(
    text: str, width: int, align: Literal["left", "right"], cut: Literal["end", "middle"]
) -> None:
    made = fit(text, width, align=align, cut=cut)
    assert cell_len(made) == width
    assert split_graphemes(made)[1] == width


@pytest.mark.parametrize(
    ("text", "width", "align", "cut", "expected"),
    [
        ("beach", 8, "left", "end", "beach   "),
        ("beach", 8, "right", "end", "   beach"),
        ("beach_0412.jpg", 8, "left", "end", "beach_0…"),
        ("beach_0412.jpg", 8, "left", "middle", "beac…jpg"),
        ("바다사진", 8, "left", "end", "바다사진"),
        ("바다사진", 7, "left", "end", "바다사…"),
        ("바다사진", 6, "left", "end", "바다… "),
        ("바다사진", 6, "right", "end", " 바다…"),
        ("바다사진", 4, "left", "middle", "바… "),
        ("바", 1, "left", "end", "…"),
        ("abc", 1, "left", "middle", "…"),
        ("abc", 0, "left", "end", ""),
        ("abc", -3, "left", "end", ""),
    ],
)
def test_fit(
    text: str, width: int, align: Literal["left", "right"], cut: Literal["end", "middle"], expected: str
) -> None:
    assert fit(text, width, align=align, cut=cut) == expected


def test_what_stands_for_cut_text_can_be_ascii() -> None:
    assert fit("beach_0412.jpg", 8, more=ASCII_SYMBOLS.more) == "beach_0~"


@given(HOSTILE, st.integers(1, 30))
def test_wrapped_lines_are_never_too_wide(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert lines
    assert all(cell_len(line) <= width for line in lines)


@given(st.text(st.sampled_from("ab 바 \n"), max_size=60), st.integers(2, 30))
def test_wrapping_loses_no_letter(text: str, width: int) -> None:
    assert "".join("".join(wrap(text, width)).split()) == "".join(text.split())


def test_wrap() -> None:
    assert wrap("the quick brown fox", 9) == ["the quick", "brown fox"]
    assert wrap("first\n\nsecond", 20) == ["first", "", "second"]
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert wrap("바다 사진", 5) == ["바다", "사진"]
    assert wrap("", 5) == [""]


def test_every_symbol_is_one_cell() -> None:
    for some in (symbols(ascii=False), symbols(ascii=True)):
        assert {cell_len(getattr(some, name)) for name in some.__slots__} == {1}
        assert len({getattr(some, name) for name in some.__slots__}) == len(some.__slots__)
    assert symbols(ascii=False) is SYMBOLS
    assert all(getattr(ASCII_SYMBOLS, name).isascii() for name in ASCII_SYMBOLS.__slots__)


def test_times() -> None:
    assert [span(each) for each in (0, 0.03, 4.2, 9.97, 42, 252, 4200)] == [
        "0.0 s",
        "< 0.1 s",
        "4.2 s",
        "10 s",
        "42 s",
        "4 m 12 s",
        "1 h 10 m",
    ]
    assert [ago(each) for each in (-5, 0.4, 42, 252, 8000, 200_000)] == [
        "just now", "just now", "42 s ago", "4 m ago", "2 h ago", "2 d ago",
    ]  # fmt: skip


def test_a_path_is_broken_between_its_folders() -> None:
    assert wrap("in /home/mary/pictures/shop/keys.toml: no", 16) == [
        "in", "/home/mary/", "pictures/shop/", "keys.toml: no",
    ]  # fmt: skip
    assert wrap("/abcdefghij", 6) == ["/abcde", "fghij"]


def test_a_word_of_any_length_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    measured = []

    def counted(text: str) -> int:
        measured.append(len(text))
        return cell_len(text)

    monkeypatch.setattr("stillroom.tui.cells.cell_len", counted)
    word = "바" * 10_000
    lines = wrap(word, 60)
    assert "".join(lines) == word
    assert sum(measured) <= 3 * len(word)

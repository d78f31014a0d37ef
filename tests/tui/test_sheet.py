"""Sheets: pieces of text with styles, and the lines that they make."""

import pytest

from stillroom.tui.sheet import BAD, QUIET, Sheet


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("\n", [""]),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\nb", ["a", "b"]),
        ("a\n\nb\n", ["a", "", "b"]),
    ],
)
def test_lines_end_where_the_text_says(text: str, lines: list[str]) -> None:
    assert [line.plain for line in Sheet(text).lines] == lines


def test_a_piece_of_several_lines_keeps_its_style_in_each() -> None:
    first, second = Sheet("one ").append("two\nthree", BAD).append(" four", QUIET).lines
    assert first.pieces == (("one ", ""), ("two", BAD))
    assert second.pieces == (("three", BAD), (" four", QUIET))

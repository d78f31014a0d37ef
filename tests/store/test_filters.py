"""The filter language: what it understands, what it refuses and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.errors import FilterError
from stillroom.store.filters import COLUMNS, parse, parse_sort


def terms(text: str) -> list[tuple[str, str, object, bool]]:
    return [(term.column.name, term.operator, term.value, term.negated) for term in parse(text).terms]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  \t ", []),
        ("split:test", [("split", ":", ("test",), False)]),
        ("side:train,test", [("split", ":", ("train", "test"), False)]),
        ("SPLIT:Test", [("split", ":", ("test",), False)]),
        ("jaccard<0.3", [("jaccard", "<", 0.3, False)]),
        ("j<=.3", [("jaccard", "<=", 0.3, False)]),
        ("width>=1024 height=768", [("width", ">=", 1024, False), ("height", ":", 768, False)]),
        ("size>2MB", [("size", ">", 2_000_000, False)]),
        ("pixels<1.5M", [("pixels", "<", 1_500_000, False)]),
        ("jaccard:none", [("jaccard", ":", None, False)]),
        ('kw:"Golden  Hour"', [("keywords", ":", "golden hour", False)]),
        ("kw~sun", [("keywords", "~", "sun", False)]),
        ("kw<15", [("keywords", "<", 15, False)]),
        ("-status:failed", [("status", ":", ("failed",), True)]),
        ("excluded:yes failed:no", [("excluded", ":", True, False), ("failed", ":", False, False)]),
        ("name~Beach", [("name", "~", "beach", False)]),
        ("name:IMG_*.jpg", [("name", ":", "img_*.jpg", False)]),
        ("beach", [("path", "~", "beach", False)]),
        ('-"two words"', [("path", "~", "two words", True)]),
        (r'"a \"b\" \\ c"', [("path", "~", 'a "b" \\ c', False)]),
        ("--x", [("path", "~", "-x", True)]),
        ("path:2024/a,b.jpg", [("path", ":", "2024/a,b.jpg", False)]),
        ("name~a:b", [("name", "~", "a:b", False)]),
        ("flag:any -flag:bomb", [("flag", ":", ("any",), False), ("flag", ":", ("bomb",), True)]),
        ("STRASSE straße", [("path", "~", "strasse", False)] * 2),
        ("cafe\u0301", [("path", "~", "caf\u00e9", False)]),
    ],
)
def test_what_is_understood(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("split:tset", 6, "split is never 'tset'"),
        ("split:test jacard<0.3", 11, "no column 'jacard'"),
        ("width:wide", 6, "'wide' is not a number"),
        ("width>1e9", 6, "not a number"),
        ("jaccard<nan", 8, "not a number"),
        ("width~10", 6, "~ does not fit"),
        ("name<b", 5, "not a number"),
        ("excluded:maybe", 9, "yes or no"),
        ("excluded~yes", 9, "yes or no"),
        ("status:", 7, "comes a value"),
        ("status: done", 7, "comes a value"),
        (":x", 0, "name of a column"),
        ("-", 0, "what shall not be"),
        ("a - b", 2, "what shall not be"),
        ('name:"abc', 5, "not closed"),
        ('"abc"d', 5, "comes a blank"),
        ('""', 0, "nothing between"),
        ('kw:"  "', 3, "nothing to compare"),
        ("split:train,,test", 6, "never ''"),
        ("a\0b", 1, "NUL"),
        ("ab\udcff", 2, "broken"),
        ("4:3", 0, "no column '4'"),
    ],
)
def test_what_is_refused_and_where(text, position, message):
    with pytest.raises(FilterError) as error:
        parse(text)
    assert message in error.value.what
    assert error.value.position == position


@pytest.mark.parametrize(
    ("text", "todo"),
    [
        ("jacard<1", "jaccard"),
        ("splt:test", "split"),
        ("status:dnoe", "done"),
        ("zzzz:1", "Columns: path, name"),
    ],
)
def test_the_nearest_is_named(text, todo):
    with pytest.raises(FilterError) as error:
        parse(text)
    assert todo in error.value.todo


@pytest.mark.parametrize("text", ["jaccard", "-jaccard", "j", "-size"])
def test_orders(text):
    sort = parse_sort(text)
    assert sort.descending == text.startswith("-")
    assert sort.column.name.startswith(text.removeprefix("-")[0])


@pytest.mark.parametrize(("text", "position"), [("nothing", 0), ("-nothing", 1), ("", 0)])
def test_orders_that_are_none(text, position):
    with pytest.raises(FilterError) as error:
        parse_sort(text)
    assert error.value.position == position


PIECES = st.sampled_from(
    [
        *(column.name for column in COLUMNS),
        *':=<>~-" \\,*?.',
        "<=",
        ">=",
        "none",
        "test",
        "12",
        "1.5M",
        "é",
        "가",
        "\t",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
def test_the_parser_raises_nothing_but_its_own_error(text):
    try:
        found = parse(text)
    except FilterError as error:
        assert 0 <= error.position <= len(text)
        assert "\n" not in error.what
    else:
        assert all(0 <= term.position < len(text) for term in found.terms)


@pytest.mark.parametrize(("text", "example"), [("jaccard>nan", "jaccard>0.3"), ("size>1XB", "size>2MB")])
def test_the_example_of_a_number_is_one_of_its_column(text: str, example: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert caught.value.todo == f"Example: {example}"

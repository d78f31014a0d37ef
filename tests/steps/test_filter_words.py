"""Completion offers only what may stand there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.errors import FilterError
from stillroom.steps.filter_words import complete, operators, term_start
from stillroom.store.filters import COLUMNS, Kind, parse


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("sp", ["split"]),
        ("-sp", ["-split"]),
        ("split", ["split:", "split~"]),
        ("split:", ["split:train", "split:test", "split:validation", "split:out", "split:none"]),
        ("split:t", ["split:train", "split:test"]),
        ("split:train,t", ["split:train,test"]),
        ("-status:d", ["-status:done"]),
        ("jac", ["jaccard"]),
        ("jaccard", ["jaccard:", "jaccard<", "jaccard<=", "jaccard>", "jaccard>="]),
        ("jaccard<", []),
        ("jaccard:", ["jaccard:none"]),
        ("failed:y", ["failed:yes"]),
        ("kw", ["kw:", "kw~", "kw<", "kw<=", "kw>", "kw>="]),
        ('"spl', []),
        ('kw:"golden ', []),
        ("nothing:", []),
        ("split:test na", ["name"]),
    ],
)
def test_what_is_offered(text, offered):
    assert complete(text, len(text)) == offered


def test_only_the_term_at_the_cursor_is_completed():
    assert complete("sp status:done", 2) == ["split"]
    assert term_start("split:test  na", 14) == 12
    assert term_start('kw:"golden hour" na', 19) == 17
    assert term_start('kw:"golden hour', 15) == 0
    assert complete("", 0) == [column.name for column in COLUMNS]


@given(st.text(alphabet='spltkwa:<>=~," -\\', max_size=20), st.integers(0, 25))
def test_anything_may_be_written(text, cursor):
    start = term_start(text, min(cursor, len(text)))
    assert 0 <= start <= min(cursor, len(text))
    for word in complete(text, cursor):
        assert word != text[start:cursor]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_every_operator_that_is_offered_fits_its_column(column):
    for operator in operators(column):
        offered = complete(f"{column.name}{operator}", len(column.name) + len(operator))
        value = {Kind.NUMBER: "1", Kind.YES_NO: "yes"}.get(column.kind, "train")
        if column.kind is Kind.WORD and column.words and operator == ":":
            value = column.words[0]
        if column.kind is Kind.KEYWORDS and operator[0] in "<>":
            value = "3"
        assert parse(f"{column.name}{operator}{value}").terms[0].operator == operator
        for word in offered:
            assert parse(word).terms[0].column == column


def test_an_operator_that_is_not_offered_is_refused():
    for column in COLUMNS:
        for operator in {":", "~", "<", "<=", ">", ">="} - set(operators(column)):
            with pytest.raises(FilterError):
                parse(f"{column.name}{operator}1")

"""The filter language of big lists: ``split:test status:failed jaccard<0.3 kw:"golden hour" -name~beach``.

A space means *and*, ``-`` negates, a word alone searches the path. ``:`` (or ``=``) compares: a number with a
number, a word with a word (``*`` and ``?`` stand for anything; words of a fixed set may be joined by commas),
``kw`` with a whole keyword. ``~`` searches within a text. ``< <= > >=`` compare numbers; ``kw<15`` counts
keywords. Quotes hold blanks together; within them ``\\"`` is a quote.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stillroom.errors import FilterError
from stillroom.labeling.values import FailureClass
from stillroom.pictures import Flag, Side
from stillroom.pictures.formats import EXTENSIONS
from stillroom.shown import in_quotes
from stillroom.store.values import State


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WORD = "word"
    """One word of a set."""
    NUMBER = "number"
    YES_NO = "yes or no"
    KEYWORDS = "keywords"


@dataclass(frozen=True, slots=True)
class Column:
    """Something to filter and sort by."""

    name: str
    kind: Kind
    what: str
    """One line for help."""
    words: tuple[str, ...] = ()
    """The set, for WORD; empty: any word."""
    aliases: tuple[str, ...] = ()
    example: str = "100"
    """A number to compare with; what is wrong is told with it."""


@dataclass(frozen=True, slots=True)
class Term:
    """One condition."""

    column: Column
    operator: str
    """``:``, ``~``, ``<``, ``<=``, ``>`` or ``>=``."""
    value: str | float | bool | tuple[str, ...] | None
    """Number, folded text, alternatives, yes or no; None: the column is empty."""
    negated: bool
    position: int
    """0-based index in the filter's text."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that must all hold; none: everything."""

    text: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of a big list. What has no value comes last either way; ties are in order of id."""

    column: Column
    descending: bool = False


_STATES = (*(state.value for state in State), "none")
"""``none``: of a file that is never sent."""

COLUMNS: Final[tuple[Column, ...]] = (
    Column("path", Kind.TEXT, "path below the pictures' folder"),
    Column("name", Kind.TEXT, "file name"),
    Column("size", Kind.NUMBER, "bytes of the file; 2MB is understood", example="2MB"),
    Column("width", Kind.NUMBER, "pixels"),
    Column("height", Kind.NUMBER, "pixels"),
    Column("pixels", Kind.NUMBER, "width times height; 1M is understood", example="1M"),
    Column("format", Kind.WORD, "what the content is: jpeg, png …; none"),
    Column("flag", Kind.WORD, "why it is never sent; any, none", (*(f.value for f in Flag), "any", "none")),
    Column("split", Kind.WORD, "train, test …; none", (*(s.value for s in Side), "none"), ("side",)),
    Column("order", Kind.NUMBER, "place in the training order, from 0"),
    Column("copies", Kind.NUMBER, "files with this content", example="1"),
    Column("excluded", Kind.YES_NO, "left out by hand"),
    Column("status", Kind.WORD, "where the teacher's run stands; none", _STATES, ("teacher",)),
    Column("failed", Kind.YES_NO, "whether the teacher's run gave it up"),
    Column("class", Kind.WORD, "failure class of the teacher's run", tuple(c.value for c in FailureClass)),
    Column(
        "keywords", Kind.KEYWORDS, "a keyword of the teacher, or (< >) how many", aliases=("kw",), example="5"
    ),
    Column("student", Kind.WORD, "where the student's run stands; none", _STATES),
    Column("jaccard", Kind.NUMBER, "teacher against student, 0–1", aliases=("j",), example="0.3"),
)
_BY_NAME: Final = {name: column for column in COLUMNS for name in (column.name, *column.aliases)}

_OPERATORS = (":", "=", "~", "<", ">")
_COMPARING = ("<", "<=", ">", ">=")
_NUMBER = re.compile(r"(-?[0-9]{1,15}(?:\.[0-9]{1,15})?|-?\.[0-9]{1,15})([kmg]?)b?", re.IGNORECASE | re.ASCII)
_FACTORS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def parse(text: str) -> Filter:
    """Read a filter.

    Raises:
        FilterError: With the position of the character that is wrong.
    """
    for bad, char in enumerate(text):
        if char == "\0" or "\ud800" <= char <= "\udfff":
            raise FilterError("A filter is text without NUL and broken characters.", position=bad)
    terms = []
    at = 0
    while (at := _skip_blanks(text, at)) < len(text):
        term, at = _term(text, at)
        terms.append(term)
    return Filter(text, tuple(terms))


def asks_about_student(text: str) -> bool:
    """Whether a filter has a condition on what a student answered. A name of a picture has none."""
    if is_file_name(text):
        return False
    return any(term.column.name in ("student", "jaccard") for term in parse(text).terms)


def parse_sort(text: str) -> Sort:
    """Read an order: a column's name, with a ``-`` before it for the greatest first.

    Raises:
        FilterError: There is no such column.
    """
    descending = text.startswith("-")
    return Sort(_column(text.removeprefix("-").strip(), int(descending)), descending)


def fold(text: str) -> str:
    """Text as big lists compare it: composed (NFC) and without case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def fold_keyword(text: str) -> str:
    """A keyword as answers are stored: NFKC, without case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def has_wildcard(value: str) -> bool:
    """Whether ``*`` or ``?`` stands in a text's value."""
    return "*" in value or "?" in value


def is_file_name(text: str) -> bool:
    """Whether a word can only be meant as a picture's file: it ends as pictures do, and has no operator.

    A dash may be the beginning of a name: whoever has misspelt such a one means no other pictures.
    """
    stem, _, suffix = text.rpartition("/")[2].rpartition(".")
    return bool(stem) and suffix.casefold() in EXTENSIONS and _is_plain(text.removeprefix("-"))


def is_name(text: str) -> bool:
    """Whether a word looks like names or a folder; a folder's name can search paths as well."""
    return is_file_name(text) or (("/" in text or has_wildcard(text)) and _is_plain(text))


def _is_plain(text: str) -> bool:
    return not text.startswith(("-", '"')) and not any(sign in text for sign in _OPERATORS)


def _term(text: str, start: int) -> tuple[Term, int]:
    at = start
    negated = text[at] == "-"
    if negated:
        at += 1
        if at == len(text) or text[at].isspace():
            raise FilterError("After - comes what shall not be.", 'A minus itself is "-".', position=start)
    if text[at] == '"':
        word, end = _quoted(text, at)
        return _searching(word, negated, at), end
    end = at
    while end < len(text) and not text[end].isspace() and text[end] not in _OPERATORS:
        end += 1
    if end == len(text) or text[end].isspace():
        return _searching(text[at:end], negated, at), end
    if end == at:
        raise FilterError(
            f"Before {text[end]} comes the name of a column.",
            'To search for it, put it in "quotes".',
            position=at,
        )
    column = _column(text[at:end], at)
    operator = text[end : end + 2] if text[end : end + 2] in ("<=", ">=") else text[end]
    value_at = end + len(operator)
    if value_at == len(text) or text[value_at].isspace():
        raise FilterError(f"After {column.name}{operator} comes a value.", position=min(value_at, len(text)))
    quoted = text[value_at] == '"'
    if quoted:
        word, end = _quoted(text, value_at)
    else:
        end = value_at
        while end < len(text) and not text[end].isspace():
            end += 1
        word = text[value_at:end]
    operator = ":" if operator == "=" else operator
    return Term(column, operator, _value(column, operator, word, value_at, quoted), negated, at), end


def _searching(word: str, negated: bool, at: int) -> Term:
    if not word:
        raise FilterError("There is nothing between the quotes.", position=at)
    return Term(_BY_NAME["path"], "~", fold(word), negated, at)


def _quoted(text: str, start: int) -> tuple[str, int]:
    chars: list[str] = []
    at = start + 1
    while at < len(text) and text[at] != '"':
        if text[at] == "\\" and text[at + 1 : at + 2] in ('"', "\\"):
            at += 1
        chars.append(text[at])
        at += 1
    if at >= len(text):
        raise FilterError("The quote is not closed.", 'Add a " at the end.', position=start)
    if at + 1 < len(text) and not text[at + 1].isspace():
        raise FilterError("After a closing quote comes a blank.", position=at + 1)
    return "".join(chars), at + 1


def _column(name: str, at: int) -> Column:
    column = _BY_NAME.get(name.casefold())
    if column is None:
        near = difflib.get_close_matches(name.casefold(), _BY_NAME, n=1)
        todo = f"Did you mean {near[0]}?" if near else f"Columns: {', '.join(c.name for c in COLUMNS)}."
        raise FilterError(f"There is no column {in_quotes(name[:40])}.", todo, position=at)
    return column


def _value(
    column: Column, operator: str, word: str, at: int, quoted: bool
) -> str | float | bool | tuple[str, ...] | None:
    if operator in _COMPARING and column.kind not in (Kind.NUMBER, Kind.KEYWORDS):
        raise FilterError(
            f"{column.name} is not a number: {operator} does not fit.", "Use : or ~.", position=at
        )
    if column.kind is Kind.NUMBER or operator in _COMPARING:
        return _number(column, operator, word, at)
    if column.kind is Kind.YES_NO:
        return _yes_no(column, operator, word, at)
    if column.kind is Kind.KEYWORDS:
        return _nonempty(fold_keyword(word), at)
    if column.kind is Kind.WORD and operator == ":":
        return _alternatives(column, word, at, quoted)
    return _nonempty(fold(word), at)


def _number(column: Column, operator: str, word: str, at: int) -> float | None:
    if operator == "~":
        raise FilterError(f"{column.name} is a number: ~ does not fit.", "Use : < <= > or >=.", position=at)
    if operator == ":" and word.casefold() == "none":
        return None
    found = _NUMBER.fullmatch(word)
    if found is None:
        example = f"Example: {column.name}{operator}{column.example}"
        raise FilterError(f"{in_quotes(word[:40])} is not a number.", example, position=at)
    return float(found[1]) * _FACTORS[found[2].casefold()]


def _yes_no(column: Column, operator: str, word: str, at: int) -> bool:
    value = _YES_NO.get(word.casefold())
    if operator != ":" or value is None:
        raise FilterError(f"{column.name} is yes or no.", f"Example: {column.name}:yes", position=at)
    return value


def _alternatives(column: Column, word: str, at: int, quoted: bool) -> tuple[str, ...]:
    parts = [fold(word)] if quoted else fold(word).split(",")
    for part in parts:
        if not part or (column.words and part not in column.words):
            near = sorted(difflib.get_close_matches(part, column.words, n=2))
            todo = f"Did you mean {' or '.join(near)}?" if near else f"One of: {', '.join(column.words)}."
            raise FilterError(
                f"{column.name} is never {in_quotes(part[:40])}.", todo if column.words else "", position=at
            )
    return tuple(dict.fromkeys(parts))


def _nonempty(value: str, at: int) -> str:
    if not value:
        raise FilterError("There is nothing to compare with.", position=at)
    return value


def _skip_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at

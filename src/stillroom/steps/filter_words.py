"""How a filter that is being written may go on."""

from __future__ import annotations

from typing import Final

from stillroom.store.filters import COLUMNS, Column, Kind

_COMPARING = ("<", "<=", ">", ">=")
_OPERATORS: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.TEXT: ("~", ":"),
    Kind.WORD: (":", "~"),
    Kind.NUMBER: (":", *_COMPARING),
    Kind.YES_NO: (":",),
    Kind.KEYWORDS: (":", "~", *_COMPARING),
}
_BY_NAME: Final = {name: column for column in COLUMNS for name in (column.name, *column.aliases)}


def operators(column: Column) -> tuple[str, ...]:
    """What may stand between a column and its value."""
    return _OPERATORS[column.kind]


def term_start(text: str, cursor: int) -> int:
    """Where the term begins that the cursor is in, or at the end of."""
    start, quoted, at = 0, False, 0
    while at < cursor:
        char = text[at]
        if quoted and char == "\\":
            at += 1
        elif char == '"':
            quoted = not quoted
        elif char.isspace() and not quoted:
            start = at + 1
        at += 1
    return min(start, cursor)


def complete(text: str, cursor: int) -> list[str]:
    """What the term before the cursor may become.

    Args:
        text: The filter as far as it is written.
        cursor: 0-based place in it, from 0 to its length.

    Returns:
        Whole terms, to stand in place of ``text[term_start(text, cursor):cursor]``: names of columns, then
        operators, then the words of a fixed set. Empty where anything may follow.
    """
    cursor = max(0, min(cursor, len(text)))
    term = text[term_start(text, cursor) : cursor]
    minus = "-" if term.startswith("-") else ""
    term = term[len(minus) :]
    place = min((at for sign in ":=~<>" if (at := term.find(sign)) >= 0), default=-1)
    if term.startswith('"'):
        return []
    if place >= 0:
        return [minus + one for one in _values(term, place)]
    name = term.casefold()
    named = _BY_NAME.get(name)
    found = [f"{term}{sign}" for sign in operators(named)] if named is not None else []
    found += [
        column.name
        for column in COLUMNS
        if column is not named and any(one.startswith(name) for one in (column.name, *column.aliases))
    ]
    return [minus + one for one in found]


def _values(term: str, place: int) -> list[str]:
    column = _BY_NAME.get(term[:place].casefold())
    if column is None:
        return []
    operator = term[place : place + 2] if term[place : place + 2] in ("<=", ">=") else term[place]
    written = term[place + len(operator) :]
    head = term[: place + len(operator)]
    if operator not in (":", "="):
        return []
    words = {Kind.YES_NO: ("yes", "no"), Kind.WORD: column.words, Kind.NUMBER: ("none",)}.get(column.kind, ())
    before, comma, last = written.rpartition(",")
    if column.kind is not Kind.WORD:
        before, comma, last = "", "", written
    taken = set(before.casefold().split(","))
    return [
        f"{head}{before}{comma}{word}"
        for word in words
        if word.startswith(last.casefold()) and word != last and word not in taken
    ]

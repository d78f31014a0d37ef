"""Markdown tables: which of their rows and columns hold keywords.

The first row is a head only if one of its titles tells so: "| dog | park |" above its rule holds keywords.

All patterns expect folded text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stillroom.keywords.cutting import is_separated
from stillroom.keywords.names import NAMES, NOT_KEYWORDS
from stillroom.keywords.normalising import bare

_RULE = re.compile(r" ?\|?(?: ?:?-+:? ?\|)+(?: ?:?-+:? ?)?| ?:?-+:? ?(?:\| ?:?-+:? ?)+")
_OF_KEYWORDS = frozenset({
    "keyword", "keywords", "search keyword", "search keywords", "tag", "tags", "word", "words", "search term",
    "search terms", "키워드", "검색 키워드", "검색어", "태그", "단어",
})  # fmt: skip
_TITLES = NAMES | NOT_KEYWORDS | _OF_KEYWORDS


def without_table_heads(text: str) -> str:
    """Leave out the heads of tables, and their columns of numbers, categories and explanations."""
    lines = text.split("\n")
    rules = [number for number, line in enumerate(lines) if "-" in line and _RULE.fullmatch(line)]
    if not rules:
        return text
    read: list[str] = []
    done = 0
    for number, rule in enumerate(rules):
        # The line above the next rule is the next table's head
        last = rules[number + 1] - 1 if number + 1 < len(rules) else len(lines)
        head = next((place for place in range(rule - 1, done - 1, -1) if lines[place]), -1)
        if head < 0 or "|" not in lines[head]:
            continue
        start = next((place for place in range(rule + 1, last) if lines[place]), max(rule + 1, last))
        stop = next((place for place in range(start, last) if "|" not in lines[place]), max(start, last))
        read += [*lines[done:head], *_read(_cells(lines[head]), [_cells(line) for line in lines[start:stop]])]
        done = stop
    return "\n".join([*read, *lines[done:]])


def _read(first: list[str], body: list[list[str]]) -> list[str]:
    """The rows of a table, without what is no keyword."""
    titles = [bare(title) for title in first]
    if any(map(is_separated, first)) or _TITLES.isdisjoint([*first, *titles]):
        first, titles, body = [], [""] * len(first), [first, *body]
    columns = [[row[place] if place < len(row) else "" for row in body] for place in range(len(titles))]
    dropped: set[int] = set()
    if first:
        dropped = {
            place
            for place, title in enumerate(first)
            if title in NOT_KEYWORDS or titles[place] in NOT_KEYWORDS
        }
        dropped |= {
            place for place, cells in enumerate(columns) if all(cell.strip(".").isdigit() for cell in cells)
        }
    if (
        0 not in dropped
        and len(titles) > 1
        and titles[0] not in _OF_KEYWORDS
        and _is_of_headings(columns[0], columns[1] if first else [])
    ):
        dropped.add(0)
    if len(dropped) >= len(titles):
        dropped = set()
    return ["|".join(cell for place, cell in enumerate(row) if place not in dropped) for row in body]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]


def _is_of_headings(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether a column holds what stands in front of lists, or known names."""
    if any(is_separated(cell) for cell in first):
        return False
    lists = sum(is_separated(cell) for cell in second)
    return 2 * lists > len(second) or 2 * sum(bare(cell) in NAMES for cell in first) > len(first)

"""Labels as a student learns them: the keywords of the assistant's text, and how they were written down."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

MOST_WORDS = 2000
"""Size of a vocabulary at most; rarer keywords are not learnt."""
_LONGEST = 300
_SEPARATOR = re.compile(r"\s*(?:[,，、;；|]|\n)\s*")
_BULLET = re.compile(r"^\s*(?:[-*•·]|\d{1,3}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Taught:
    """All labels of a training set."""

    words: tuple[str, ...]
    """The vocabulary, most frequent first."""
    rows: tuple[tuple[int, ...], ...]
    """For each label the indexes of its words."""
    count: float
    """Mean number of words in a label."""
    separator: str
    lists: bool
    """False: the labels are sentences, and each whole text is one thing to say."""


def split_label(label: str) -> list[str]:
    """The keywords of a label, without repeats."""
    items = (_BULLET.sub("", item).strip(" \t\r\"'`.") for item in _SEPARATOR.split(label.strip()))
    return list(dict.fromkeys(" ".join(item.split())[:_LONGEST] for item in items if item))


def items_of(label: str, *, lists: bool) -> list[str]:
    """What a label says: its keywords, or its whole text."""
    if lists:
        return split_label(label)
    whole = " ".join(label.split())[:_LONGEST]
    return [whole] if whole else []


def teach(labels: Sequence[str], known: Sequence[str] = ()) -> Taught:
    """Read the labels of a training set.

    Args:
        labels: Assistant texts, any language.
        known: Vocabulary of the weights that training continues from; keeps its places.
    """
    lists = sum(len(split_label(label)) for label in labels) >= 2 * len(labels)
    items = [items_of(label, lists=lists) for label in labels]
    counts = Counter(word for found in items for word in found)
    kept = dict.fromkeys(known)
    for word, _ in counts.most_common():
        if len(kept) >= max(MOST_WORDS, len(known)):
            break
        kept[word] = None
    places = {word: place for place, word in enumerate(kept)}
    rows = tuple(tuple(places[word] for word in found if word in places) for found in items)
    return Taught(
        words=tuple(kept),
        rows=rows,
        count=sum(len(row) for row in rows) / max(1, len(rows)),
        separator=_usual_separator(labels),
        lists=lists,
    )


def _usual_separator(labels: Sequence[str]) -> str:
    counts = Counter(mark for label in labels for mark in label if mark in ",，、;；|\n")
    usual = counts.most_common(1)[0][0] if counts else ","
    return usual if usual in "，、；\n" else f"{usual} "

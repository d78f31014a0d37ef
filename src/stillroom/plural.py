"""Counts with their nouns, as people say them."""

from __future__ import annotations


def plural(count: int, noun: str, many: str = "") -> str:
    """``1 picture``, ``2,000 pictures``.

    Args:
        count: How many, 0 or more.
        noun: What one of them is called.
        many: What several are called; empty: the noun with an s.
    """
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"

"""A model's answer is read as a list of keywords."""

from __future__ import annotations

from collections.abc import Iterable

from stillroom.keywords.values import Keywords


def parse(text: str, *, low: int = 15, high: int = 25) -> Keywords:
    """Read an answer as an ordered set of normalised keywords. Never raises."""
    raise NotImplementedError


def joined(words: Iterable[str]) -> str:
    """The stored form: one keyword a line."""
    return "\n".join(words)


def split_joined(text: str) -> tuple[str, ...]:
    """Read the stored form back."""
    return tuple(text.split("\n")) if text else ()

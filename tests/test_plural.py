"""Counts with their nouns."""

from __future__ import annotations

from stillroom.plural import plural


def test_one_is_singular_and_everything_else_is_not() -> None:
    assert [plural(count, "picture") for count in (0, 1, 2, 2_000)] == [
        "0 pictures", "1 picture", "2 pictures", "2,000 pictures",
    ]  # fmt: skip
    assert plural(1, "exact copy", "exact copies") == "1 exact copy"
    assert plural(3, "exact copy", "exact copies") == "3 exact copies"

"""Times as people say them."""

from __future__ import annotations

import pytest

from stillroom.spans import left_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "less than 0.1 s left"), (4.2, "about 4.2 s left"), (252.0, "about 4 m 12 s left")],
)
def test_what_is_left_is_said_in_one_piece(seconds: float, words: str) -> None:
    assert left_words(seconds) == words

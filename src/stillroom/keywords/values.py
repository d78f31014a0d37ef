"""What an answer came to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keywords:
    """An ordered set of normalised keywords, and what was odd about the answer."""

    words: tuple[str, ...]
    """In the order of the answer, each once; empty for a refusal and for what cannot be read."""
    duplicates: int
    """How many further mentions of a word were dropped."""
    refusal: bool
    """The model declined, in words."""
    readable: bool
    """There is a plausible list. A list outside the bounds is readable; one long sentence is not."""
    remark: str = ""
    """Why it does not count, or what is odd about it (too few, too many); one line, may be empty."""

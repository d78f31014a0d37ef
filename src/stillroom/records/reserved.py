"""Words that no text of a record may hold."""

from __future__ import annotations

import re
from functools import lru_cache

DOCUMENTED = frozenset({"user:", "bot:", "assistant:", "system:", "<image>", "<video>", "[eos]"})
"""Nova user guide, fine-tune-prepare-data-understanding. The letter case is ours: the newer validator of AWS
compares without it, and a job that fails hours later is dearer than a rephrased label."""

_WORDS = re.compile(r"(?:user|bot|assistant|system|thought):|<(?:image|video|unk)>|\[eos\]")
_LONGEST_REMEMBERED = 20_000


def reserved_words(text: str) -> tuple[str, ...]:
    """The reserved words of a text, in lower case, each once, in order.

    A label with one of them must not be written: the customization job fails on it.

    Args:
        text: A prompt, a system text or a label.
    """
    if not (":" in text or "<" in text or "[" in text):
        return ()
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _search(text)


def _search(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_WORDS.findall(text.lower())))


_remembered = lru_cache(maxsize=64)(_search)  # the system text is the same in every record

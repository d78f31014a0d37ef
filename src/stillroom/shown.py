"""Text from outside, made fit to be shown.

File names, model answers, failure messages and TOML values may hold escape sequences, bidirectional
overrides or line breaks. They are text to be shown, never control codes.
"""

from __future__ import annotations

import unicodedata

_KEPT = frozenset("\u200d")  # zero-width joiner: Indic scripts and emoji are wrong without it


def shown(text: str) -> str:
    """Make one line of ``text``, with everything that could steer a terminal spelt out.

    Control characters, format characters (right-to-left overrides, zero-width marks), line breaks
    and lone surrogates become ``\\x1b``-like escapes; everything else stays as it is.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def in_quotes(text: str) -> str:
    """A name as it was typed, in quotes, with what could steer a terminal spelt out."""
    return f"'{shown(text)}'"


def _shown(char: str) -> str:
    if char in _KEPT or char == " ":
        return char
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}:
        return char.encode("unicode_escape", "backslashreplace").decode("ascii")
    return char

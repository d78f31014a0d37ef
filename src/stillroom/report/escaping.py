"""Text from outside becomes text on a page: never markup, never a control code."""

from __future__ import annotations

import re
from html import escape

_REPLACEMENT = "\ufffd"

# C0, DEL and C1 controls; marks and overrides that turn the direction of what follows (Unicode Bidirectional
# Algorithm, UAX #9, section 2); line and paragraph separators; halves of surrogate pairs (how Python holds
# the bytes of a file name that is not UTF-8, and what cannot be written as UTF-8); the byte order mark and
# non-characters.
_UNSHOWABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_UNSHOWABLE_BUT_LINES = re.compile(_UNSHOWABLE.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))


def clean(value: str, *, lines: bool = False) -> str:
    """Make every character of a text visible.

    Args:
        value: Any text.
        lines: Keep line feeds and tabs.

    Returns:
        The text with C0 controls shown as their pictures (``␊``), and other characters that would act instead
        of being read as ``�``.
    """
    if lines:
        return _UNSHOWABLE_BUT_LINES.sub(_visible, re.sub("\r\n?|\u2028|\u2029", "\n", value))
    return _UNSHOWABLE.sub(_visible, value)


def text(value: str, *, lines: bool = False) -> str:
    """Make a text safe between tags and inside quoted attributes; see ``clean``."""
    return escape(clean(value, lines=lines))


def outside(value: str) -> str:
    """A text from outside as an element of its own, whose writing direction stays inside."""
    return f"<bdi>{text(value)}</bdi>"


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else _REPLACEMENT

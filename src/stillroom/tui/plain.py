"""The last thing before the terminal where the locale promises no more than ASCII.

Every character that is not ASCII gives way to one that is, or to two where it is two cells wide: what was
aligned stays aligned. Screens need not know.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from stillroom.tui.cells import ASCII_SYMBOLS, SYMBOLS

_PLAIN: Final = {
    **{getattr(SYMBOLS, name): getattr(ASCII_SYMBOLS, name) for name in SYMBOLS.__slots__},
    **dict.fromkeys("─━═╌┄╴╶▔▁", "-"),
    **dict.fromkeys("│┃║▏▕╎┆", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝╋", "+"),
    **dict.fromkeys("▂▃▄▀▌▐░▎▍▖▗▘▝", "."),
    **dict.fromkeys("▅▆▒▚▞▋▊", "o"),
    **dict.fromkeys("▇█▓▉", "#"),
    "–": "-", "—": "-", "−": "-", "×": "x", "→": ">", "←": "<", "↑": "^", "↓": "v", "⏎": "E", "⌫": "<",
    "≤": "<", "≥": ">", "≈": "~", "‘": "'", "’": "'", "“": '"', "”": '"', "•": "*", "▸": ">", "▾": "v",
    "\u00a0": " ", "\u2800": " ",
}  # fmt: skip


_KEYS: Final = {"⏎": "enter", "⌫": "backspace", "↑": "up", "↓": "down", "←": "left", "→": "right"}
"""A letter in the place of a symbol would be read as another key."""


def plain_key(key: str) -> str:
    """A key's name in words, of ASCII alone."""
    return _KEYS.get(key, key)


@lru_cache(4096)
def in_ascii(text: str) -> str:
    """The same in ASCII, as many cells wide."""
    return text if text.isascii() else "".join(map(_plain, text))


def _plain(char: str) -> str:
    if char.isascii():
        return char
    width = cell_len(char)
    known = _PLAIN.get(char)
    if known is None and 0x2801 <= ord(char) <= 0x28FF:
        known = ":"  # braille: a curve
    if known is None:
        known = unicodedata.normalize("NFKD", char)[0]  # é is e
    return known if known.isascii() and known.isprintable() and width == 1 else "?" * width


class InAscii(LineFilter):
    """For ``App.get_line_filters``."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Exchange characters; styles stay."""
        return [
            segment if segment.control else Segment(in_ascii(segment.text), segment.style)
            for segment in segments
        ]

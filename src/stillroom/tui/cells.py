"""Text cut to terminal cells, and text from outside made safe for a line that must stay aligned.

A terminal and a program agree about a line's width only while each character's width stands on its own.
What changes the width of its neighbours, or has none that terminals agree about, is left out or spelt out.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len, get_character_cell_size

from stillroom.shown import shown
from stillroom.spans import ago, span

__all__ = ["Symbols", "ago", "cell_len", "fit", "safe", "span", "symbols", "wrap"]

MORE = "…"
"""Stands where text was cut."""
_MOST_MARKS = 2
"""Combining marks that one character keeps; scripts in use need no more, and piles spill over lines."""
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_REGIONAL = range(0x1F1E6, 0x1F200)
"""Regional indicators: pairs are flags, which terminals draw one to four cells wide."""


def safe(text: str) -> str:
    """Make one line of ``text`` whose width is the sum of its characters' widths.

    On top of :func:`stillroom.shown.shown`: characters are composed where that is possible; joiners,
    variation selectors and skin tones are left out where they only vary a picture; flags become their two
    letters; marks that combine with nothing, or too many of them, are spelt out. Safe text stays as it is.
    """
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", shown(text))
    if text.isascii():
        return text
    kept: list[str] = []
    base, marks = False, 0
    for char in text:
        if _REGIONAL.start <= ord(char) < _REGIONAL.stop:
            char = chr(ord(char) - _REGIONAL.start + ord("A"))
        elif base and _only_varies(char, kept[-1]):
            continue
        if _width(char):
            base, marks = char != " ", 0
        elif base and marks < _MOST_MARKS and not _is_selector(char):
            marks += 1
        else:
            char = char.encode("unicode_escape").decode("ascii")
            base, marks = False, 0
        kept.append(char)
    # Dropping a joiner can leave a mark beside a character that it composes with.
    return unicodedata.normalize("NFC", "".join(kept))


def _width(char: str) -> int:
    return 0 if char == _JOINER else get_character_cell_size(char)


def _is_selector(char: str) -> bool:
    code = ord(char)
    return (
        char == _JOINER
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0100 <= code <= 0xE01EF
        or 0x180B <= code <= 0x180F
        or code == 0x034F  # combining grapheme joiner
    )


def _only_varies(char: str, before: str) -> bool:
    if _is_selector(char):
        return True
    return ord(char) in _SKIN_TONES and not before.isascii()


def rate_number(rate: float) -> str:
    """How many a second, without the decimal that nobody reads of a fast one: ``12.5``, ``131``."""
    return f"{rate:.1f}" if rate < 99.95 else f"{rate:,.0f}"


def fit(
    text: str,
    width: int,
    *,
    align: Literal["left", "right"] = "left",
    cut: Literal["end", "middle"] = "end",
    more: str = MORE,
) -> str:
    """Make ``text`` safe and exactly ``width`` terminal cells wide.

    Args:
        text: Anything, also from outside.
        width: Terminal cells; below one gives an empty text.
        align: Where text that is too short stands.
        cut: What goes when it is too long. ``middle`` keeps both ends, as file names need.
        more: One cell that stands where text was cut.
    """
    if width < 1:
        return ""
    text = safe(text)
    cells = len(text) if text.isascii() else cell_len(text)
    if cells > width:
        if cut == "end":
            text = _head(text, width - 1) + more
        else:
            right = (width - 1) // 2
            text = _head(text, width - 1 - right) + more + _tail(text, right)
        cells = cell_len(text)
    padding = " " * (width - cells)
    return text + padding if align == "left" else padding + text


def _head(text: str, width: int) -> str:
    """The longest beginning that is at most so wide, with the marks of its last character."""
    if text.isascii():
        return text[:width]
    used = 0
    for index, char in enumerate(text):
        used += _width(char)
        if used > width:
            return text[:index]
    return text


def _tail(text: str, width: int) -> str:
    """The longest end that is at most so wide; it never begins with a mark of what was cut."""
    if width == 0:
        return ""
    if text.isascii():
        return text[-width:]
    used = 0
    start = len(text)
    for index in range(len(text) - 1, -1, -1):
        size = _width(text[index])
        used += size
        if used > width:
            break
        if size:
            start = index
    return text[start:]


def wrap(text: str, width: int) -> list[str]:
    """Break ``text`` between words into lines of at most ``width`` cells, made safe and not padded.

    Its own line breaks stay; a word that is wider than a line is broken inside, where it is a path between
    its folders. There is always a line.
    """
    lines: list[str] = []
    for paragraph in text.replace("\r\n", "\n").split("\n"):
        lines.extend(_wrapped(safe(paragraph), max(1, width)))
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    lines, line, used = [], "", 0
    for word in text.split(" "):
        if not word:
            continue
        size = cell_len(word)
        if line and used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line)
        while size > width:
            piece = _head(word, width)
            piece = piece[: piece.rfind("/", 1) + 1] or piece
            taken = piece or word[0]
            word = word[len(taken) :]
            lines.append(piece or MORE)
            size -= cell_len(taken)  # of the rest it would be counted anew for every line
        line, used = word, size
    if line or not lines:
        lines.append(line)
    return lines


@dataclass(frozen=True, slots=True)
class Symbols:
    """One cell for each state of a thing; a word always stands beside it."""

    done: str
    running: str
    waiting: str
    paused: str
    failed: str
    stopped: str
    more: str
    """Stands where text was cut."""
    dot: str
    """Parts facts of one line."""
    warning: str
    pointer: str
    """Stands before the line that the cursor is on."""


SYMBOLS = Symbols("✓", "●", "◌", "‖", "✗", "■", MORE, "·", "⚠", "›")
ASCII_SYMBOLS = Symbols("+", "*", ".", "=", "x", "#", "~", "-", "!", ">")


def symbols(ascii: bool) -> Symbols:
    """The symbols of states, or those that every terminal has."""
    return ASCII_SYMBOLS if ascii else SYMBOLS

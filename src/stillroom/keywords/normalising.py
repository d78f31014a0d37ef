"""One spelling for one keyword: Unicode form, case, white space, and what surrounds it."""

from __future__ import annotations

import re
import unicodedata

# Number signs that NFKC would turn into plain digits, so that "① sea" became the keyword "1 sea".
_NUMBER_SIGNS = re.compile(
    r"[\u2460-\u2473\u2474-\u2487\u24EA-\u24FF\u2776-\u2793\u3251-\u325F\u32B1-\u32BF]|\d\uFE0F?\u20E3"
)
_UNSEEN = re.compile(r"[\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFE0E\uFE0F\uFEFF\uD800-\uDFFF]")
_APOSTROPHES = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "‛": "'", "´": "'"})
_LINE_ENDS = re.compile(r"[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")
_SPACES = re.compile(r"[^\S\n]+")

_KEPT_BEFORE = frozenset("$€£¥₩°&+")
_KEPT_AFTER = frozenset("%+#°$€£¥₩")
_PAIRS = {")": "(", "]": "[", "}": "{"}


def fold(text: str) -> str:
    """Bring a whole answer into NFKC, folded case and plain spaces; line feeds stay.

    Folding twice changes nothing.

    Args:
        text: Any text, also with lone surrogates and control characters.
    """
    if text.isascii():
        return _tidy(text.lower())
    text = _UNSEEN.sub("", _NUMBER_SIGNS.sub("\n", text))
    for _ in range(4):  # a few characters need a second round; none is known to need a third
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        folded = _UNSEEN.sub("", folded.translate(_APOSTROPHES))
        if folded == text:
            break
        text = folded
    return _tidy(text)


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", _CONTROLS.sub(" ", _LINE_ENDS.sub("\n", text)))


def bare(item: str) -> str:
    """Take away the punctuation, symbols and spaces that surround a folded keyword.

    What belongs to a word stays: ``c++``, ``c#``, ``100%``, ``$5``, and a bracket whose partner is inside.
    """
    start, end = 0, len(item)
    while start < end and not _opens_word(item, start, end):
        start += 1
    while end > start and not _closes_word(item, start, end):
        end -= 1
    return item[start:end]


def _opens_word(item: str, start: int, end: int) -> bool:
    char = item[start]
    if char.isalnum():
        return True
    if char == "(":
        close = item.find(")", start, end)
        return start + 1 < close < end - 1 and item[start + 1].isalnum()
    if char in _KEPT_BEFORE:
        return start + 1 < end and item[start + 1].isalnum()
    return False


def _closes_word(item: str, start: int, end: int) -> bool:
    char = item[end - 1]
    if char.isalnum():
        return True
    if char in _PAIRS:
        return item.count(_PAIRS[char], start, end) >= item.count(char, start, end) > 0
    if char in _KEPT_AFTER:
        return end - 2 >= start and (item[end - 2].isalnum() or item[end - 2] == char)
    return unicodedata.category(char)[0] == "M"

"""Where an answer may be cut: what keeps keywords apart, and where a sentence ends.

All patterns expect folded text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SEPARATORS = (",", ";", "、", "،", "؛", "|", "。", " · ", " • ", " ∙ ", " ‧ ", " ・ ", "• ", "・ ")
SEPARATOR = re.compile(r"[,;、،؛|。]| [·•∙‧・] |[•・] ")
"""One of ``SEPARATORS``."""
# A pattern that begins with what it looks for is found several times as fast as one that looks back first
STOP = re.compile(r"[.!?](?<=[\w)\]%+#°\"'].)(?= )")
_THOUSANDS = re.compile(r",(?<=\d.)(?=\d{3}(?!\d))")
_ABBREVIATION = re.compile(
    r"(?<!\w)(?:st|mt|ft|dr|mr|mrs|ms|jr|sr|no|vs|nr|ca)$|(?<=[^\W\d_])\.[a-z]$|"
    r"(?<=\w)(?<!\band)(?<!\bor)(?<!및)(?<!그리고) [a-z]$"
)
_LONGEST_ABBREVIATION = 3
_NUMBER = re.compile(r"\W*\d{1,3}")


def is_separated(text: str) -> bool:
    """Whether there is a separator; asked of every line of every answer, and mostly answered by a comma."""
    if "," in text or ";" in text or "|" in text:
        return True
    return not text.isascii() and SEPARATOR.search(text) is not None


def shielded(folded: str) -> str:
    """Keep the commas of "10,000 lakes" from separating; folding left no control character."""
    return _THOUSANDS.sub("\0", folded) if "," in folded else folded


def unshielded(piece: str) -> str:
    """Give the commas back."""
    return piece.replace("\0", ",")


def parts(piece: str) -> Iterator[str]:
    """Cut behind sentences; a full stop after an abbreviation or a number ends none."""
    start = 0
    for match in STOP.finditer(piece):
        if match[0] == "." and is_abbreviated(piece, start, match.start()):
            continue
        yield piece[start : match.start()].strip()
        start = match.end()
    yield piece[start:].strip()


def is_abbreviated(piece: str, start: int, stop: int) -> bool:
    """Whether what begins at ``start`` ends, at a full stop, in an abbreviation or is a number.

    Looked at from its end: an answer that says "no. no. no. …" would be gone through again at every stop.
    """
    if piece[stop - 1].isdecimal():
        return _NUMBER.fullmatch(piece, start, stop) is not None
    return _ABBREVIATION.search(piece, max(start, stop - _LONGEST_ABBREVIATION), stop) is not None

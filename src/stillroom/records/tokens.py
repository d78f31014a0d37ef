"""How many tokens a text or a record is, by estimate.

Nova's tokenizer is not public and its CountTokens call is not offered, so this is a rule of thumb:

* AWS's documents count "about 6 characters per token" for English (Bedrock guide, quotas of older text
  models). Lists of keywords are denser than prose: the true figure can be half as much again.
* For Korean, Chinese and Japanese no figure is published. One token a character is counted, which is what
  tokenizers of that generation need at most for common words. Two-byte letters (accents, Greek, Cyrillic)
  count half a token each.

After the first answers, measured usage is the better figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from stillroom.pictures.tokens import Family, picture_tokens

CHARACTERS_PER_TOKEN = 6
RECORD_LIMIT = 32_000
"""Tokens of one record (Nova user guide: 32k for every model; whether 32,000 or 32,768 is not said)."""
ASSUMED_PICTURE = (900, 900)
"""Width and height of a picture of which nothing is known."""


def text_tokens(text: str) -> int:
    """Estimate the tokens of a text; 0 only for the empty text.

    Args:
        text: Any text.
    """
    if text.isascii():
        return -(-len(text) // CHARACTERS_PER_TOKEN)
    length = len(text)
    # In UTF-8 a Hangul syllable has two bytes more than an ASCII letter, an accented letter one.
    surplus = len(text.encode("utf-8", "surrogatepass")) - length
    wide = surplus / 2
    return math.ceil(wide + max(0.0, length - wide) / CHARACTERS_PER_TOKEN)


def record_tokens(texts: Iterable[str], sizes: Sequence[tuple[int, int] | None], family: Family) -> int:
    """Estimate the tokens of one record: all its texts and all its pictures.

    How training counts a picture is not documented; the figures of inference are taken.

    Args:
        texts: System, user and assistant texts.
        sizes: Width and height in pixels of each picture; None where they are not known.
        family: Family of the model that is trained; a family that counts no pictures counts none.
    """
    total = sum(map(text_tokens, texts))
    for size in sizes:
        width, height = size or ASSUMED_PICTURE
        total += picture_tokens(family, width, height) or 0
    return total

"""How many tokens a text or a picture costs: the sandbox's own count.

AWS publishes neither Nova's tokenizer nor its picture formula. Texts are cut into pieces of the usual size
(Titan's documentation speaks of some 6 characters a token; Hangul is dearer); pictures follow the tables that
are public.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from math import ceil

# Every character belongs to exactly one piece, so that the pieces joined are the text again.
_PIECE = re.compile(
    r" ?[A-Za-z\u00c0-\u024f]{1,6}"
    r"| ?[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]{1,2}"
    r"| ?[\u3040-\u30ff\u3400-\u9fff]"
    r"| ?[0-9]{1,3}"
    r"|\s+(?=\s)"
    r"| ?\S"
    r"|\s",
    re.DOTALL,
)

# (pixels, tokens) as the Nova user guide estimates them: 900x450, 900x900, 1400x900, 1800x900, 1300x1300.
_NOVA_TABLE = ((405_000, 800), (810_000, 1300), (1_260_000, 1800), (1_620_000, 2400), (1_690_000, 2600))
_NOVA_SLOPE = 500 / 405_000
"""Tokens a pixel beyond the table: its own mean slope."""
_NOVA_2_TOKENS = 230
_CLAUDE_LONG_SIDE = 1568
_CLAUDE_MOST = 1600


def pieces(text: str) -> list[str]:
    """Cut a text into tokens; joined they are the text again."""
    return _PIECE.findall(text)


def text_tokens(text: str) -> int:
    """Number of tokens of a text."""
    return len(pieces(text))


def picture_tokens(model_id: str, width: int, height: int) -> int:
    """Number of tokens one picture costs.

    Args:
        model_id: Foundation model id, or an inference profile id or ARN that contains it.
        width: Pixels.
        height: Pixels.

    Returns:
        230 for Nova 2 (user guide: flat), w·h/750 after shrinking for Claude, else Nova v1's published
        estimates, interpolated by area, never below 800: small pictures are scaled up.

    Raises:
        ValueError: A side is not positive, or the model takes no pictures.
    """
    if width < 1 or height < 1:
        raise ValueError(f"a picture of {width}x{height} pixels has no tokens")
    if "nova-micro" in model_id:
        raise ValueError("Nova Micro takes no pictures")
    if "nova-2" in model_id:
        return _NOVA_2_TOKENS
    if "claude" in model_id:
        return _claude(width, height)
    return _nova(width * height)


def _nova(pixels: int) -> int:
    first, last = _NOVA_TABLE[0], _NOVA_TABLE[-1]
    if pixels <= first[0]:
        return first[1]
    if pixels >= last[0]:
        return round(last[1] + (pixels - last[0]) * _NOVA_SLOPE)
    after = bisect_right(_NOVA_TABLE, pixels, key=lambda point: point[0])
    (left, low), (right, high) = _NOVA_TABLE[after - 1], _NOVA_TABLE[after]
    return round(low + (high - low) * (pixels - left) / (right - left))


def _claude(width: int, height: int) -> int:
    shrink = min(1.0, _CLAUDE_LONG_SIDE / max(width, height))
    return min(_CLAUDE_MOST, ceil(width * shrink * height * shrink / 750))

"""How many input tokens a picture costs, by model family.

The formulas differ widely (Claude's is not Nova's), and Nova v1's is an estimate from a published table, so
estimates are always shown beside measured usage.
"""

from __future__ import annotations

import math
import re
from enum import StrEnum


class Family(StrEnum):
    """Models that count pictures alike. Stored: never rename."""

    NOVA_V1 = "nova-v1"
    """Nova Lite, Pro and Premier of the first generation."""
    NOVA_2_LITE = "nova-2-lite"
    CLAUDE = "claude"
    TEXT_ONLY = "text-only"
    """Nova Micro: takes no pictures."""
    UNKNOWN = "unknown"


_FAMILIES = (
    (re.compile(r"(?:^|[./])amazon\.nova-(?:lite|pro|premier)-v1(?=$|[:/])"), Family.NOVA_V1),
    (re.compile(r"(?:^|[./])amazon\.nova-2-lite-v1(?=$|[:/])"), Family.NOVA_2_LITE),
    (re.compile(r"(?:^|[./])amazon\.nova-micro-v1(?=$|[:/])"), Family.TEXT_ONLY),
    (re.compile(r"(?:^|[./])anthropic\.claude-"), Family.CLAUDE),
)

_NOVA_V1_FLOOR = 800
_NOVA_2_LITE_TOKENS = 230
_CLAUDE_PIXELS_PER_TOKEN = 750
_CLAUDE_LONGEST_SIDE = 1568
_CLAUDE_MOST_TOKENS = 1600


def family_of(model_id: str) -> Family:
    """Tell the family from a model id, an inference-profile id, or an ARN that names its base model.

    Ids that hide the base model (a deployment, an application inference profile) are unknown: pass the base
    model that was stored with them.

    Args:
        model_id: Such as ``amazon.nova-lite-v1:0:300k``, ``us.amazon.nova-pro-v1:0`` or
            ``arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.nova-lite-v1:0:300k/abc``.
    """
    for pattern, family in _FAMILIES:
        if pattern.search(model_id):
            return family
    return Family.UNKNOWN


def picture_tokens(family: Family, width: int, height: int) -> int | None:
    """Estimate the input tokens of one picture.

    Nova v1: a line through the estimates of the Nova user guide, "Image understanding" (900x450 is 800,
    900x900 is 1,300 …), right within about 10 %; below 900x450 nothing is saved, because small pictures are
    scaled up. Nova 2 Lite: 230 whatever the size (Nova 2 user guide). Claude: pixels / 750 after the
    service's own shrinking (Anthropic's vision documentation).

    Args:
        family: Model family.
        width: Pixels of the prepared picture.
        height: Pixels of the prepared picture.

    Returns:
        Tokens; None when the family is unknown or takes no pictures, which is not the same as zero.

    Raises:
        ValueError: A side is not positive.
    """
    if width < 1 or height < 1:
        raise ValueError(f"a picture of {width}x{height} px has no pixels")
    if family is Family.NOVA_V1:
        return max(_NOVA_V1_FLOOR, round(300 + 500 * width * height / 405_000))
    if family is Family.NOVA_2_LITE:
        return _NOVA_2_LITE_TOKENS
    if family is Family.CLAUDE:
        return _claude_tokens(width, height)
    return None


def _claude_tokens(width: int, height: int) -> int:
    most_pixels = _CLAUDE_MOST_TOKENS * _CLAUDE_PIXELS_PER_TOKEN
    scale = min(1.0, _CLAUDE_LONGEST_SIDE / max(width, height), math.sqrt(most_pixels / (width * height)))
    pixels = max(1, int(width * scale)) * max(1, int(height * scale))
    return math.ceil(pixels / _CLAUDE_PIXELS_PER_TOKEN)

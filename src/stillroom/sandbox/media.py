"""What the service refuses in the objects that records point to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from stillroom.sandbox.counting import picture_tokens
from stillroom.sandbox.rules import MOST_TOKENS, BadRecord, Media, MediaKind, Parsed
from stillroom.sandbox.vision import UnreadablePicture, header

MOST_BYTES: dict[MediaKind, int] = {"image": 10 << 20, "video": 50 << 20, "document": 10 << 20}
"""Of one object: 10 MB, 50 MB and 10 MB (Nova user guide; its validator counts them so)."""
LONGEST_SIDE = 8000
SHORTEST_SIDE = 25


@dataclass(frozen=True, slots=True)
class PictureSize:
    """What the bytes of a picture really are."""

    format: str
    width: int
    height: int


def check_size(medium: Media, size: int) -> None:
    """Check how large an object is.

    Args:
        medium: What the record says of it.
        size: Its bytes.

    Raises:
        BadRecord: It is larger than the service takes.
    """
    most = MOST_BYTES[medium.kind]
    if size > most:
        _refuse(medium, "picture-bytes", f"{size} bytes exceed the limit of {most}.")


def check_picture(medium: Media, data: bytes) -> PictureSize:
    """Check the bytes of a picture by what its header says.

    Args:
        medium: What the record says of it.
        data: All bytes of the object.

    Raises:
        BadRecord: Too large, unreadable, of another format than declared, or of forbidden sides.
    """
    check_size(medium, len(data))
    try:
        found = header(data)
    except UnreadablePicture as unreadable:
        _refuse(medium, "picture-unreadable", f"{unreadable}.")
    if found.format != medium.format:
        _refuse(
            medium,
            "picture-format",
            f"the declared format is {medium.format}, the object is {found.format}.",
        )
    sides = f"{found.width}x{found.height}"
    if max(found.width, found.height) > LONGEST_SIDE:
        _refuse(medium, "picture-pixels", f"{sides} exceed {LONGEST_SIDE}x{LONGEST_SIDE} pixels.")
    if min(found.width, found.height) < SHORTEST_SIDE:
        _refuse(medium, "picture-pixels", f"{sides}: a side is below {SHORTEST_SIDE} pixels.")
    return PictureSize(found.format, found.width, found.height)


def record_tokens(parsed: Parsed, sizes: Sequence[PictureSize], model: str) -> int:
    """Tokens of a record with its pictures; how videos and documents count nobody published.

    Raises:
        BadRecord: More than the service takes.
    """
    tokens = parsed.text_tokens + sum(picture_tokens(model, size.width, size.height) for size in sizes)
    if tokens > MOST_TOKENS:
        raise BadRecord(
            f"Maximum input token count {tokens} exceeds limit of {MOST_TOKENS}",
            rule="tokens",
            stage="dataProcessing",
        )
    return tokens


def _refuse(medium: Media, rule: str, why: str) -> NoReturn:
    raise BadRecord(f"Invalid {medium.kind} {medium.uri}: {why}", rule=rule, stage="dataProcessing")

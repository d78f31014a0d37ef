"""Rules about the objects that URIs point to, by what is known of them."""

from __future__ import annotations

from stillroom.records.media import FORMATS, Add, Media, quoted, quoted_uri
from stillroom.records.values import PictureFact

MIB = 1 << 20
MOST_IMAGE_BYTES = 10 * MIB
MOST_VIDEO_BYTES = 50 * MIB
MOST_DOCUMENT_BYTES = 10 * MIB
LEAST_SIDE = 25
MOST_SIDE = 8000
_MOST_BYTES = {"image": MOST_IMAGE_BYTES, "video": MOST_VIDEO_BYTES, "document": MOST_DOCUMENT_BYTES}
_SIZE_RULES = {"image": "picture-size", "video": "video-size", "document": "document-size"}


def check_object(media: Media, fact: PictureFact, side: str, add: Add) -> None:
    """Check what is known about the object behind a URI.

    Args:
        media: What the record says.
        fact: What is known.
        side: ``train`` or ``validation``: what the file is for.
        add: Called for each finding.
    """
    where = f"{media.field}.source.s3Location.uri"
    if not fact.exists:
        add("picture-missing", where, f"{quoted_uri(media.uri)} is not there")
        return
    if fact.size > _MOST_BYTES[media.kind]:
        add(_SIZE_RULES[media.kind], where, f"the {media.kind} has {fact.size / MIB:.1f} MiB")
    if fact.side is not None and fact.side != side:
        add("leak-side", where, f"{quoted_uri(media.uri)} belongs to {fact.side}, the file is for {side}")
    if media.kind != "image":
        return
    if fact.format not in FORMATS["image"]:
        add("picture-unreadable", where, f"the bytes are {_named(fact.format)}")
    elif fact.format != media.format and media.format in FORMATS["image"]:
        field = f"{media.field}.format"
        add("picture-format", field, f"the record says {quoted(media.format)}, the bytes are {fact.format}")
    if fact.width is None or fact.height is None:
        return
    if min(fact.width, fact.height) < LEAST_SIDE:
        add("picture-too-thin", where, f"the picture has {fact.width} x {fact.height} px")
    if max(fact.width, fact.height) > MOST_SIDE:
        add("picture-too-large", where, f"the picture has {fact.width} x {fact.height} px")


def _named(format: str) -> str:
    return f"{format}, which is not taken" if format else "no picture"

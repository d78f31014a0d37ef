"""Rules about what a record says of a picture, a video or a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from stillroom.records.values import TargetModel
from stillroom.shown import shown

Add = Callable[[str, str, str], None]
"""Takes a rule id, a field and a message."""

FORMATS: Mapping[str, frozenset[str]] = {
    "image": frozenset({"png", "jpeg", "gif", "webp"}),
    "video": frozenset({"mov", "mkv", "mp4", "webm"}),
    "document": frozenset({"pdf"}),
}
_NOT_FOR_2_LITE = frozenset({"webp", "webm"})
_KEYS = {
    "image": frozenset({"format", "source"}),
    "video": frozenset({"format", "source"}),
    "document": frozenset({"format", "name", "source"}),
}
_SOURCE_KEYS = frozenset({"s3Location", "bytes"})
_LOCATION_KEYS = frozenset({"uri", "bucketOwner"})

GOOD_URI = re.compile(
    r"s3://(?![^/]*\.\.|(?:[0-9]+\.){3}[0-9]+/)([a-z0-9][a-z0-9.\-]{1,61}[a-z0-9])/[A-Za-z0-9_\-/.]{1,1024}"
)
"""By S3's naming rules: two dots side by side, and what looks like an IP address, name no bucket."""
_CHARACTERS = re.compile(r"[A-Za-z0-9_\-/.]*")
_BAD_CHARACTER = re.compile(r"[^A-Za-z0-9_\-/.]")
_OWNER = re.compile(r"[0-9]{12}")


class Media(NamedTuple):
    """A reference to an object in S3."""

    kind: str
    """``image``, ``video`` or ``document``."""
    format: str
    """As the record declares it, in lower case."""
    uri: str
    bucket: str
    """Empty where the URI names none."""
    message: int
    block: int
    is_good: bool = False
    """Whether the URI can name an object in S3: only such a one may be looked up."""

    @property
    def field(self) -> str:
        """The path of the block inside the record."""
        return f"messages[{self.message}].content[{self.block}].{self.kind}"


_MOST_OF_A_VALUE = 60
_MOST_OF_A_URI = 1100
"""Characters: ``s3://``, a bucket of 63 and a key of 1,024 bytes are fewer, so that no URI is cut."""


def quoted_uri(uri: str) -> str:
    """A URI from a file, whole unless it is longer than any: two differ at their end."""
    return f"'{_cut(uri, _MOST_OF_A_URI)}'"


def quoted(value: object) -> str:
    """A value from a file, cut and made fit to be shown.

    Only strings stand in quotes: of another type it is said what it is, since that may be all that is wrong.
    """
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    if not isinstance(value, str):
        return f"{value}".lower() if isinstance(value, bool) else f"the number {_cut(str(value))}"
    return f"'{_cut(value)}'"


def _cut(text: str, most: int = _MOST_OF_A_VALUE) -> str:
    """What is too long loses its middle: names of one folder have their beginning in common."""
    half = most // 2
    return f"{shown(text[:half])}…{shown(text[-half:])}" if len(text) > most else shown(text)


def unknown_keys(found: Mapping[str, Any], known: frozenset[str], field: str, add: Add) -> None:
    """Report keys that the format does not have."""
    for key in found.keys() - known:
        add(
            "unknown-key",
            f"{field}.{shown(key)}" if field else shown(key),
            f"the key {quoted(key)} is unknown",
        )


def read_media(
    kind: str, value: object, message: int, block: int, model: TargetModel, add: Add
) -> Media | None:
    """Check an ``image``, ``video`` or ``document`` member.

    Returns:
        None when there is no URI to go on with.
    """
    if type(value) is dict:
        source = value.get("source")
        location = source.get("s3Location") if type(source) is dict else None
        if (
            type(source) is dict
            and type(location) is dict
            and type(location.get("uri")) is str
            and type(value.get("format")) is str
        ):
            media = Media(kind, value["format"].lower(), location["uri"], "", message, block)
            _check_keys(value, source, location, media, add)
            _check_format(value["format"], media, model, add)
            _check_owner(location.get("bucketOwner"), media, add)
            return _with_bucket(media, add)
    _say_what_is_missing(kind, value, f"messages[{message}].content[{block}].{kind}", add)
    return None


def _say_what_is_missing(kind: str, value: object, field: str, add: Add) -> None:
    rule = f"{kind}-shape"
    if not isinstance(value, dict):
        add(rule, field, f"{kind} is no object")
        return
    if not isinstance(value.get("format"), str):
        add(rule, f"{field}.format", "format is missing or no string")
    source = value.get("source")
    if not isinstance(source, dict):
        add(rule, f"{field}.source", "source is missing or no object")
        return
    location = source.get("s3Location")
    if location is None and "bytes" in source:
        add("inline-bytes", f"{field}.source.bytes", f"the {kind} is inline")
    elif not isinstance(location, dict):
        add(rule, f"{field}.source.s3Location", "s3Location is missing or no object")
    elif not isinstance(location.get("uri"), str):
        add(rule, f"{field}.source.s3Location.uri", "uri is missing or no string")


def _check_keys(
    value: Mapping[str, Any], source: Mapping[str, Any], location: Mapping[str, Any], media: Media, add: Add
) -> None:
    if len(value) > 2 or len(source) > 1 or len(location) > 2 or not location.keys() <= _LOCATION_KEYS:
        unknown_keys(value, _KEYS[media.kind], media.field, add)
        unknown_keys(source, _SOURCE_KEYS, f"{media.field}.source", add)
        unknown_keys(location, _LOCATION_KEYS, f"{media.field}.source.s3Location", add)
        if source.get("bytes") is not None:
            add("inline-bytes", f"{media.field}.source.bytes", f"the {media.kind} is inline")


def _check_format(written: str, media: Media, model: TargetModel, add: Add) -> None:
    name = media.format
    if name in FORMATS[media.kind]:
        if written != name:
            add("format-case", f"{media.field}.format", f"the format is written {quoted(written)}")
        if model is TargetModel.LITE_2 and name in _NOT_FOR_2_LITE:
            rule = "image-format-2-lite" if media.kind == "image" else "video-format-2-lite"
            add(rule, f"{media.field}.format", f"Nova 2 Lite takes no {name}")
    elif media.kind == "image" and name == "jpg":
        add("image-format-jpg", f"{media.field}.format", f"the format is written {quoted(written)}")
    else:
        add(f"{media.kind}-format", f"{media.field}.format", f"the format is {quoted(written)}")


def _check_owner(owner: object, media: Media, add: Add) -> None:
    if type(owner) is str and _OWNER.fullmatch(owner):
        return
    field = f"{media.field}.source.s3Location.bucketOwner"
    if owner is None:
        add("bucket-owner-missing", field, "bucketOwner is missing")
    else:
        add("bucket-owner-shape", field, f"bucketOwner is {quoted(owner)}")


def _with_bucket(media: Media, add: Add) -> Media:
    good = GOOD_URI.fullmatch(media.uri)
    if good:
        return media._replace(bucket=good[1], is_good=True)
    field = f"{media.field}.source.s3Location.uri"
    if not media.uri.startswith("s3://"):
        add("uri-scheme", field, f"the URI is {quoted_uri(media.uri)}")
        return media
    rest = media.uri[5:]
    if not _CHARACTERS.fullmatch(rest):
        bad = "".join(dict.fromkeys(_BAD_CHARACTER.findall(rest)))
        add("uri-characters", field, f"the URI {quoted_uri(media.uri)} has {quoted(bad)}")
    else:
        add("uri-shape", field, f"the URI {quoted_uri(media.uri)} does not name a bucket and a key")
    return media._replace(bucket=rest.partition("/")[0])

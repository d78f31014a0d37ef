"""What the service refuses in training data, and the words it uses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Stage = Literal["validation", "dataProcessing"]


class BadRecord(Exception):
    """The service refuses the data.

    Attributes:
        message: The text of the job's ``failureMessage``.
        rule: Short name of the rule, for tests.
        stage: The stage of the job that finds it.
    """

    def __init__(self, message: str, *, rule: str, stage: Stage = "validation") -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.stage: Stage = stage


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, video or document that a record points to."""

    kind: Literal["image", "video", "document"]
    format: str
    """As declared, lower case."""
    uri: str
    bucket: str
    key: str
    bucket_owner: str
    """Empty when the record names none."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    text: str
    """Text blocks joined by newlines."""
    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A record that passed every rule which needs only its text."""

    system: str
    turns: tuple[Turn, ...]
    text_tokens: int
    """Of system and all turns, without media."""

    @property
    def prompt(self) -> str:
        """All text of the user's turns."""
        return "\n".join(turn.text for turn in self.turns if turn.role == "user")

    @property
    def label(self) -> str:
        """Text of the last assistant turn."""
        return self.turns[-1].text

    @property
    def media(self) -> tuple[Media, ...]:
        return tuple(medium for turn in self.turns for medium in turn.media)


@dataclass(frozen=True, slots=True)
class PictureSize:
    """What the bytes of a picture really are."""

    format: str
    width: int
    height: int


def check_line(
    line: bytes, number: int, model: str, *, file: str = "train.jsonl", bucket: str = ""
) -> Parsed:
    """Check one line of a dataset.

    Args:
        line: The line's bytes, with or without its line end.
        number: 1-based number of the line.
        model: Base model id or ARN.
        file: Name of the data file, for messages.
        bucket: Bucket of the data file; media elsewhere are refused. Empty: not checked.

    Raises:
        BadRecord: The line breaks a rule.
    """
    try:
        raw = json.loads(line)
    except ValueError:
        raise BadRecord(
            f"Unable to parse Amazon S3 file: {file}. Data files must conform to JSONL format.", rule="json"
        ) from None
    turns = []
    for message in raw["messages"]:
        text = "\n".join(block["text"] for block in message["content"] if "text" in block)
        media = []
        for block in message["content"]:
            if "image" in block:
                where = block["image"]["source"]["s3Location"]
                first, _, key = where["uri"][5:].partition("/")
                media.append(
                    Media(
                        "image",
                        block["image"]["format"],
                        where["uri"],
                        first,
                        key,
                        where.get("bucketOwner", ""),
                    )
                )
        turns.append(Turn(message["role"], text, tuple(media)))
    return Parsed("\n".join(item["text"] for item in raw.get("system", [])), tuple(turns), 0)


def check_dataset(
    count: int, validation_count: int, model: str, *, kinds: Sequence[str] | frozenset[str] = ()
) -> None:
    """Check what only the whole set shows.

    Args:
        count: Records of the training file.
        validation_count: Records of the validation file; 0 without one.
        model: Base model id or ARN.
        kinds: Kinds of media over all records.

    Raises:
        BadRecord: The set breaks a rule.
    """


def check_picture(data: bytes, declared: str, *, uri: str = "") -> PictureSize:
    """Check the bytes of a picture.

    Raises:
        BadRecord: Too large, unreadable, of another format than declared, or of a forbidden size.
    """
    return PictureSize(declared, 1, 1)


def record_tokens(
    parsed: Parsed, sizes: Sequence[PictureSize], model: str, *, file: str = "train.jsonl"
) -> int:
    """Tokens of a record with its pictures.

    Raises:
        BadRecord: More than 32k tokens.
    """
    return parsed.text_tokens

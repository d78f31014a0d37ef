"""What the service refuses in training data, and the words it uses.

From the Nova user guide (fine-tune-prepare-data-understanding and its constraints), AWS's two dataset
validators, and the troubleshooting pages of the Bedrock user guide for the wording.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from stillroom.sandbox.counting import text_tokens

Stage = Literal["validation", "dataProcessing"]
MediaKind = Literal["image", "video", "document"]

FEWEST_RECORDS = 8
MOST_RECORDS = 20_000
"""Training and validation together."""
MOST_TOKENS = 32_000
MOST_IMAGES = 10
RESERVED = ("User:", "Bot:", "Assistant:", "System:", "<image>", "<video>", "[EOS]")
"""Anywhere in prompt, system text or label they make the job fail, in whatever case."""

_RESERVED = re.compile("|".join(re.escape(word) for word in RESERVED), re.IGNORECASE)
_KEY = re.compile(r"[A-Za-z0-9_\-/.]+")
_BUCKET = re.compile(r"[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]")
_ACCOUNT = re.compile(r"[0-9]{12}")
_FORMATS: dict[MediaKind, frozenset[str]] = {
    "image": frozenset({"png", "jpeg", "gif", "webp"}),
    "video": frozenset({"mov", "mkv", "mp4", "webm"}),
    "document": frozenset({"pdf"}),
}
_NOT_FOR_2_LITE = frozenset({"webp", "webm"})
_OTHER_BLOCKS = ("reasoningContent", "toolUse", "toolResult")
"""Blocks besides text and media; Nova 2 Lite only."""


class BadRecord(Exception):
    """The service refuses the data.

    Attributes:
        message: The text of the job's ``failureMessage``.
        rule: Short name of the rule.
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

    kind: MediaKind
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
        """In the order in which the record names them."""
        return tuple(medium for turn in self.turns for medium in turn.media)


def check_file(uri: str) -> tuple[str, str]:
    """Check the name of a data file.

    Returns:
        Its bucket and key.

    Raises:
        BadRecord: It is no S3 URI, has forbidden characters, or does not end in ``.jsonl``.
    """
    bucket, key = _split_uri(uri)
    if not _KEY.fullmatch(key):
        raise BadRecord(
            f"Unable to parse Amazon S3 file: {uri}. The key has forbidden characters.", rule="key"
        )
    if not key.endswith(".jsonl"):
        raise _unparsable(uri, "The file name does not end in .jsonl.", "file-name")
    return bucket, key


def check_line(
    line: bytes, number: int, model: str, *, file: str = "train.jsonl", bucket: str = ""
) -> Parsed:
    """Check one line of a dataset by every rule of the first stage that needs only its text.

    Args:
        line: The line's bytes, with or without its line end.
        number: 1-based number of the line.
        model: Base model id or ARN.
        file: Name of the data file, for messages.
        bucket: Bucket of the data file; media elsewhere are refused. Empty: not checked.

    Raises:
        BadRecord: The line breaks a rule.
    """
    record = _decoded(line, number, file)
    reading = _Reading(number, model, file, bucket)
    parsed = reading.record(record)
    if parsed.text_tokens > MOST_TOKENS:
        start = line[:60].decode(errors="ignore")
        raise BadRecord(f"Input size exceeded in file {file} for record starting with {start}", rule="tokens")
    return parsed


def check_words(parsed: Parsed, number: int, file: str = "train.jsonl") -> None:
    """Look for reserved words in a record that passed: the service only notices when it processes the data.

    Raises:
        BadRecord: There is one in the system text, a prompt or a label.
    """
    for where, text in (("system", parsed.system), *((turn.role, turn.text) for turn in parsed.turns)):
        if found := _RESERVED.search(text):
            raise BadRecord(
                f"Record at line {number} of {file} is invalid: {where}: the reserved keyword {found[0]!r} "
                "is not allowed in a text.",
                rule="reserved",
                stage="dataProcessing",
            )


def check_dataset(count: int, validation_count: int, model: str, *, kinds: Iterable[str] = ()) -> None:
    """Check what only the whole set shows.

    Args:
        count: Records of the training file.
        validation_count: Records of the validation file; 0 without one.
        model: Base model id or ARN.
        kinds: Kinds of media over all records of one file.

    Raises:
        BadRecord: The set breaks a rule.
    """
    if count < FEWEST_RECORDS or count > MOST_RECORDS:
        raise BadRecord(
            f"Number of samples {count} out of bounds between {FEWEST_RECORDS} and {MOST_RECORDS} "
            f"for {model}",
            rule="count",
        )
    if validation_count and "nova-2-lite" in model:
        raise BadRecord(f"A validation dataset is not supported for {model}", rule="validation-set")
    if count + validation_count > MOST_RECORDS:
        raise BadRecord(
            f"Number of training and validation samples {count + validation_count} exceeds {MOST_RECORDS} "
            f"for {model}",
            rule="count",
        )
    mixed = sorted(set(kinds))
    if len(mixed) > 1:
        raise BadRecord(
            f"A dataset must hold one media type, found: {', '.join(mixed)}",
            rule="media-mix",
            stage="dataProcessing",
        )


def _unparsable(file: str, why: str, rule: str) -> BadRecord:
    return BadRecord(
        f"Unable to parse Amazon S3 file: {file}. Data files must conform to JSONL format. {why}", rule=rule
    )


def _split_uri(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    if not uri.startswith("s3://") or not key or not _BUCKET.fullmatch(bucket):
        raise BadRecord(f"Invalid S3 URI: {uri}", rule="uri")
    return bucket, key


def _not_a_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _decoded(line: bytes, number: int, file: str) -> dict[str, Any]:
    if line.startswith(b"\xef\xbb\xbf"):
        raise _unparsable(file, f"Line {number} starts with a byte order mark.", "bom")
    if not line.strip():
        raise _unparsable(file, f"Line {number} is blank.", "blank")
    try:
        record = json.loads(line.decode("utf-8"), parse_constant=_not_a_number)
    except UnicodeDecodeError:
        raise _unparsable(file, f"Line {number} is not UTF-8.", "utf-8") from None
    except (ValueError, RecursionError):
        raise _unparsable(file, f"Line {number} is not valid JSON.", "json") from None
    if not isinstance(record, dict):
        raise _unparsable(file, f"Line {number} is no JSON object.", "json")
    return record


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads one record of a known file for a known model."""

    number: int
    model: str
    file: str
    bucket: str

    def refuse(self, rule: str, where: str, why: str) -> NoReturn:
        raise BadRecord(f"Record at line {self.number} of {self.file} is invalid: {where}: {why}", rule=rule)

    @property
    def is_2_lite(self) -> bool:
        return "nova-2-lite" in self.model

    def record(self, raw: dict[str, Any]) -> Parsed:
        if not isinstance(raw.get("schemaVersion", ""), str):
            self.refuse("schema", "schemaVersion", "must be a string")
        system = self.system(raw.get("system"))
        messages = raw.get("messages")
        if not isinstance(messages, list) or len(messages) < 2:
            self.refuse("messages", "messages", "must be a list of at least two messages")
        turns = tuple(self.turn(message, place) for place, message in enumerate(messages))
        if turns[-1].role != "assistant":
            self.refuse("roles", "messages", "the last message must be of the assistant")
        media = [medium for turn in turns for medium in turn.media]
        if sum(medium.kind == "image" for medium in media) > MOST_IMAGES:
            self.refuse("pictures", "messages", f"more than {MOST_IMAGES} images")
        if sum(medium.kind == "video" for medium in media) > 1:
            self.refuse("pictures", "messages", "more than one video")
        if len({medium.kind for medium in media}) > 1:
            self.refuse("media-mix", "messages", "more than one media type")
        tokens = text_tokens(system) + sum(text_tokens(turn.text) for turn in turns)
        return Parsed(system, turns, tokens)

    def system(self, raw: object) -> str:
        if raw is None:
            return ""
        if not isinstance(raw, list):
            self.refuse("system", "system", "must be a list")
        for item in raw:
            if not isinstance(item, dict) or not isinstance(item.get("text"), str):
                self.refuse("system", "system", "holds text only")
        return "\n".join(item["text"] for item in raw)

    def turn(self, raw: object, place: int) -> Turn:
        where = f"messages.{place}"
        if not isinstance(raw, dict):
            self.refuse("messages", where, "must be an object")
        role: Literal["user", "assistant"] = "assistant" if place % 2 else "user"
        if raw.get("role") != role:
            self.refuse("roles", f"{where}.role", "roles must alternate, first user, lower case")
        content = raw.get("content")
        if not isinstance(content, list) or not content:
            self.refuse("content", f"{where}.content", "must be a list that is not empty")
        texts: list[str] = []
        media: list[Media] = []
        others = 0
        for index, block in enumerate(content):
            others += self.block(block, f"{where}.content.{index}", texts, media)
        if not media and not others and not any(texts):
            self.refuse("empty", f"{where}.content", "the text content is empty")
        if media and role == "assistant":
            self.refuse("media-role", f"{where}.content", "media are allowed in user messages only")
        if media and "nova-micro" in self.model:
            self.refuse("media-micro", f"{where}.content", "Nova Micro takes text only")
        return Turn(role, "\n".join(texts), tuple(media))

    def block(self, raw: object, where: str, texts: list[str], media: list[Media]) -> bool:
        """Read one content block into ``texts`` or ``media``; True when it is another kind that counts."""
        if not isinstance(raw, dict):
            self.refuse("content", where, "must be an object")
        if "text" in raw:
            if not isinstance(raw["text"], str):
                self.refuse("content", f"{where}.text", "must be a string")
            texts.append(raw["text"])
        kinds: list[MediaKind] = [kind for kind in _FORMATS if kind in raw]
        media += [self.medium(kind, raw[kind], f"{where}.{kind}") for kind in kinds]
        other = self.is_2_lite and any(kind in raw for kind in _OTHER_BLOCKS)
        if not kinds and not other and "text" not in raw:
            self.refuse("content", where, "must hold text or media")
        return other

    def medium(self, kind: MediaKind, raw: object, where: str) -> Media:
        if kind == "document" and not self.is_2_lite:
            self.refuse("format", where, "documents are not supported by this model")
        declared = raw.get("format") if isinstance(raw, dict) else None
        lowered = declared.lower() if isinstance(declared, str) else ""
        refused = self.is_2_lite and lowered in _NOT_FOR_2_LITE
        if lowered not in _FORMATS[kind] or refused:
            self.refuse("format", f"{where}.format", f"{declared!r} is not a supported {kind} format")
        source = raw.get("source") if isinstance(raw, dict) else None
        location = source.get("s3Location") if isinstance(source, dict) else None
        uri = location.get("uri") if isinstance(location, dict) else None
        if not isinstance(location, dict) or not isinstance(uri, str):
            self.refuse("source", f"{where}.source", "media must be given by s3Location.uri")
        try:
            bucket, key = _split_uri(uri)
        except BadRecord as bad:
            self.refuse("uri", f"{where}.source.s3Location.uri", bad.message)
        if not _KEY.fullmatch(key):
            self.refuse(
                "key", f"{where}.source.s3Location.uri", f"{uri} has characters besides A-Z a-z 0-9 _ - / ."
            )
        if self.bucket and bucket != self.bucket:
            self.refuse(
                "bucket",
                f"{where}.source.s3Location.uri",
                f"{uri} is not in the bucket of the dataset, {self.bucket}",
            )
        owner = location.get("bucketOwner", "")
        if not isinstance(owner, str) or (owner and not _ACCOUNT.fullmatch(owner)):
            self.refuse("owner", f"{where}.source.s3Location.bucketOwner", "must be a 12-digit account id")
        return Media(kind, lowered, uri, bucket, key, owner)

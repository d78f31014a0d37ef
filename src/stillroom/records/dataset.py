"""Rules about a file as a whole: counts, one bucket, one media type, copies, leaks, consistency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stillroom.pictures.tokens import Family, picture_tokens
from stillroom.plural import plural
from stillroom.records.content import PARTS, Reading
from stillroom.records.digests import FirstLines, digest_of
from stillroom.records.media import Add, Media, quoted, quoted_uri
from stillroom.records.objects import check_object
from stillroom.records.tokens import RECORD_LIMIT, record_tokens
from stillroom.records.values import LEAST_RECORDS, MOST_RECORDS, PictureFact, PictureFacts, TargetModel

LEAST_RECORDS_2_LITE = 200
ADVISED_RECORDS = 100

BAD_URIS = "pictures, videos or documents whose URI names no object in S3"
UNKNOWN_PICTURES = "pictures, videos or documents of which nothing is known"
UNKNOWN_PIXELS = "pictures whose pixel size cannot be told"
UNKNOWN_LENGTH = "videos: length (at most 90 seconds) is never measured"
UNREAD_OTHER = "lines of the other file that cannot be read"
UNKNOWN_BUCKET = "whether the URIs name the project's own bucket, which is not known"

_NEAR_LIMIT = RECORD_LIMIT * 2 // 3
_ASSUMED_PICTURE_TOKENS = 1300


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a file is for, where it stands, and where its pictures are."""

    model: TargetModel
    bucket: str | None
    validation: bool
    together: int
    folder: str = ""
    """The one in which a person has said that the pictures are; empty: none was named."""


class Dataset:
    """Looks at readable records one after the other, and remembers a few bytes of each."""

    def __init__(self, purpose: Purpose, facts: PictureFacts | None, leaked: FirstLines | None) -> None:
        self._purpose = purpose
        self._side = "validation" if purpose.validation else "train"
        self._family: Family = purpose.model.family
        self._facts = facts
        self._leaked = leaked
        self._bucket = purpose.bucket
        self._bucket_line = 0
        self._kind = ""
        self._kind_line = 0
        self._records_seen = FirstLines()
        self._pictures_seen = FirstLines()
        self._parts: dict[tuple[str, ...], list[int]] = {}
        """Parts that a record has, to how many have them and the first of these lines."""
        self._looked_up = 0
        self._unknown = 0
        self.not_checked: dict[str, int] = {}

    def add_record(self, line: int, raw: bytes, reading: Reading, add: Add) -> None:
        """Check a record against those before it.

        Args:
            line: 1-based.
            raw: The line's bytes without its end.
            reading: What `read_record` made of it.
            add: Called for each finding.
        """
        first = self._records_seen.add(digest_of(raw), line)
        if first:
            add("duplicate-record", "", f"the record is the same as line {first}")
        counted = self._parts.setdefault(reading.parts, [0, line])
        counted[0] += 1
        facts: list[PictureFact | None] = []
        for media in reading.media:
            fact = self._look_up(media, add)
            facts.append(fact)
            self._check_bucket(line, media, add)
            self._check_kind(line, media, reading.mixed, add)
            if media.kind == "image" and not first:
                self._check_copies(line, media, fact, add)
        if self._leaked is not None:
            self._check_leak(reading, facts, add)
        self._check_tokens(len(raw), reading, facts, add)

    def finish(self, records: int, add: Add) -> None:
        """Check what only the whole file shows."""
        purpose = self._purpose
        if purpose.validation and purpose.model is TargetModel.LITE_2:
            add("validation-2-lite", "", "the file is a validation file for Nova 2 Lite")
        if not purpose.validation:
            _check_least(records, purpose.model, add)
        if records > MOST_RECORDS:
            add("too-many-records", "", f"there are {records:,} records")
        elif records + purpose.together > MOST_RECORDS:
            add("too-many-together", "", f"both files have {records + purpose.together:,} records")
        self._check_parts(add)
        if self._purpose.bucket is None and self._kind:
            self.not_checked[UNKNOWN_BUCKET] = 1
        folder = self._purpose.folder
        if self._unknown:
            where = f"pictures, videos or documents that are not in {folder}" if folder else UNKNOWN_PICTURES
            self.not_checked[where] = self._unknown
        if folder and 0 < self._unknown == self._looked_up:
            # The records may well be good; but nobody names a folder in order to look at nothing.
            self.not_checked[f"files of which no picture is in {folder}: is it the right folder?"] = 1

    def _not_checked(self, what: str) -> None:
        self.not_checked[what] = self.not_checked.get(what, 0) + 1

    def _look_up(self, media: Media, add: Add) -> PictureFact | None:
        if media.kind == "video":
            self._not_checked(UNKNOWN_LENGTH)
        if self._facts is not None and not media.is_good:
            self._not_checked(BAD_URIS)
            return None
        fact = self._facts.lookup(media.uri) if self._facts is not None else None
        self._looked_up += 1
        if fact is None:
            self._unknown += 1
            return None
        check_object(media, fact, self._side, add)
        if media.kind == "image" and fact.exists and fact.width is None:
            self._not_checked(UNKNOWN_PIXELS)
        return fact

    def _check_bucket(self, line: int, media: Media, add: Add) -> None:
        if media.bucket == self._bucket or not media.bucket:
            return
        if self._bucket is None:
            if media.is_good:  # what is misspelt would put all others in the wrong
                self._bucket = media.bucket
                self._bucket_line = line
            return
        home = f"the media of line {self._bucket_line}" if self._bucket_line else "the records file"
        field = f"{media.field}.source.s3Location.uri"
        add("other-bucket", field, f"the bucket is {quoted(media.bucket)}, {home} has {quoted(self._bucket)}")

    def _check_kind(self, line: int, media: Media, mixed: bool, add: Add) -> None:
        if media.kind == self._kind:
            return
        if not self._kind:
            self._kind = media.kind
            self._kind_line = line
        elif not mixed:
            add(
                "media-mix", media.field, f"this is a {media.kind}, line {self._kind_line} has a {self._kind}"
            )

    def _check_copies(self, line: int, media: Media, fact: PictureFact | None, add: Add) -> None:
        first = self._pictures_seen.add(_key(media, fact), line)
        if first and first != line:
            add(
                "duplicate-picture",
                media.field,
                f"the picture {quoted_uri(media.uri)} is in line {first}, too",
            )

    def _check_leak(self, reading: Reading, facts: list[PictureFact | None], add: Add) -> None:
        if self._leaked is None:
            return
        for key, where in zip(keys_of(reading, facts), _places(reading), strict=True):
            line = self._leaked.line_of(key)
            if line:
                add("leak-file", where, f"it is in line {line} of the other file, too")

    def _check_tokens(self, size: int, reading: Reading, facts: list[PictureFact | None], add: Add) -> None:
        # A text has never more tokens than bytes: most records need no closer look
        if size + sum([_tokens_at_most(self._family, fact) for fact in facts]) < _NEAR_LIMIT:
            return
        sizes = [
            (fact.width, fact.height) if fact and fact.width and fact.height else None
            for media, fact in zip(reading.media, facts, strict=True)
            if media.kind == "image"
        ]
        tokens = record_tokens(reading.texts, sizes, self._family)
        if tokens > RECORD_LIMIT:
            add("record-tokens", "", f"the record has about {tokens:,} tokens")
        elif tokens > _NEAR_LIMIT:
            add("record-tokens-near", "", f"the record has about {tokens:,} tokens")

    def _check_parts(self, add: Add) -> None:
        if len(self._parts) < 2:
            return
        total = sum(count for count, _ in self._parts.values())
        for part in PARTS:
            having = [found for parts, found in self._parts.items() if part in parts]
            lacking = [found for parts, found in self._parts.items() if part not in parts]
            if having and lacking:
                count = sum(found[0] for found in having)
                fewer, word = (having, "with") if count * 2 < total else (lacking, "without")
                line = min(found[1] for found in fewer)
                message = f"{count:,} of {total:,} records have {part}; the first {word} it is line {line}"
                add("field-consistency", part, message)


def look_up(media: Media, facts: PictureFacts | None) -> PictureFact | None:
    """What is known of the object behind a URI; one that S3 would never take is not asked for."""
    return facts.lookup(media.uri) if facts is not None and media.is_good else None


def _check_least(records: int, model: TargetModel, add: Add) -> None:
    count = f"there {'is' if records == 1 else 'are'} {plural(records, 'record')}"
    if records < LEAST_RECORDS:
        add("too-few-records", "", f"{count}, at least {LEAST_RECORDS} are needed")
    elif model is TargetModel.LITE_2 and records < LEAST_RECORDS_2_LITE:
        add("few-records-2-lite", "", f"{count}, at least {LEAST_RECORDS_2_LITE} are wanted")
    elif records < ADVISED_RECORDS:
        add("few-records", "", f"{count}, at least {ADVISED_RECORDS} are advised")


def _tokens_at_most(family: Family, fact: PictureFact | None) -> int:
    if fact is None or not fact.width or not fact.height:
        return _ASSUMED_PICTURE_TOKENS
    return picture_tokens(family, fact.width, fact.height) or 0


def _key(media: Media, fact: PictureFact | None) -> int:
    """Equal for the same picture: its content where that is known, else its URI."""
    name = f"content {fact.content}" if fact is not None and fact.content else media.uri
    return digest_of(name.encode("utf-8", "surrogatepass"))


def keys_of(reading: Reading, facts: Iterable[PictureFact | None]) -> list[int]:
    """What must not be in two files: the media of a record, or the question of one without media."""
    if reading.media:
        return [_key(media, fact) for media, fact in zip(reading.media, facts, strict=True)]
    return [digest_of("\0".join(reading.question).encode("utf-8", "surrogatepass"))]


def _places(reading: Reading) -> list[str]:
    return [media.field for media in reading.media] or ["messages[0].content"]

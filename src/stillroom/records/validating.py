"""A records file is read once, and everything that is wrong with it is said.

Lines are read one at a time and forgotten; what is kept is 15 to 30 bytes a record, and as many a picture,
for finding copies.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from stillroom.errors import UsageError
from stillroom.records.catalogue import RULES
from stillroom.records.content import read_record
from stillroom.records.dataset import UNREAD_OTHER, Dataset, Purpose, keys_of, look_up
from stillroom.records.digests import FirstLines
from stillroom.records.media import quoted
from stillroom.records.rules import Finding, Weight
from stillroom.records.templates import Templates
from stillroom.records.values import PictureFacts, TargetModel

LONGEST_LINE = 16 << 20
"""Bytes. A longer line is not read, so that memory stays flat whatever the file is."""

_BOM = b"\xef\xbb\xbf"
_WHITE_SPACE = b" \t\r\n"
"""Of JSON: Python's own takes page breaks for white space, too."""
_FILE_NAME = re.compile(r"[A-Za-z0-9_\-.]+")


@dataclass(frozen=True, slots=True)
class Summary:
    """What one pass over a file came to."""

    path: Path
    model: TargetModel
    records: int
    """Lines that are not blank, good or bad."""
    bytes: int
    """Bytes that were read."""
    by_rule: Mapping[str, int]
    """Findings by rule id, in the order of the catalogue; rules without findings are left out."""
    not_checked: Mapping[str, int]
    """What could not be looked at, in words, and how often. Never silently passed."""

    def count(self, weight: Weight) -> int:
        """Findings of a weight."""
        return sum(count for rule, count in self.by_rule.items() if RULES[rule].weight is weight)

    @property
    def passed(self) -> bool:
        """No error was found; warnings and advice may have been."""
        return self.count(Weight.ERROR) == 0

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "file": str(self.path),
            "model": self.model.value,
            "records": self.records,
            "bytes": self.bytes,
            "passed": self.passed,
            "errors": self.count(Weight.ERROR),
            "warnings": self.count(Weight.WARNING),
            "advice": self.count(Weight.ADVICE),
            "rules": dict(self.by_rule),
            "not_checked": dict(self.not_checked),
        }


_HEAD = 4096
"""Bytes that tell what a file is."""


class _NoNumber(ValueError):
    """A word that Python's JSON takes for a number, and no other."""


def _refuse_word(word: str) -> object:
    raise _NoNumber(f"{word} is no number of JSON")


_JSON = json.JSONDecoder(parse_constant=_refuse_word)


class Validation:
    """One pass over a file: iterate to get the findings as they are found, then ask for the summary."""

    def __init__(self, path: Path, purpose: Purpose, facts: PictureFacts | None, other: Path | None) -> None:
        self._path = path
        self._purpose = purpose
        self._facts = facts
        self._other = other
        self._pending: list[Finding] = []
        self._counts: dict[str, int] = {}
        self._line: int | None = None
        self._summary: Summary | None = None
        self._templates = Templates()
        self._pass = self._run()

    def __iter__(self) -> Iterator[Finding]:
        """The findings that were not handed out yet, in the order of the lines; the file's own come last.

        Raises:
            UsageError: A file is missing or cannot be read.
        """
        return self._pass

    @property
    def summary(self) -> Summary:
        """The summary; asking for it finishes the pass and drops the findings that nobody took.

        Raises:
            UsageError: A file is missing or cannot be read.
        """
        for _ in self._pass:
            pass
        if self._summary is None:
            raise UsageError(f"{self._path} was not read to its end.", "Validate it again.")
        return self._summary

    def _add(self, rule: str, field: str, message: str) -> None:
        """Keep a finding until the line is through."""
        known = RULES[rule]
        self._counts[rule] = self._counts.get(rule, 0) + 1
        self._pending.append(Finding(self._line, field, rule, known.weight, message, known.todo))

    def _run(self) -> Iterator[Finding]:
        leaked, unread = None, 0
        if self._other:
            leaked, unread = _read_other(self._other, self._purpose.model, self._facts)
        dataset = Dataset(self._purpose, self._facts, leaked)
        if unread:
            dataset.not_checked[UNREAD_OTHER] = unread
        self._check_name()
        pending = self._pending
        records = size = 0
        for number, line in _lines(self._path):
            self._line = number
            size += len(line)
            records += self._check_line(number, line, dataset)
            if pending:
                yield from pending
                pending.clear()
        self._line = None
        dataset.finish(records, self._add)
        yield from pending
        pending.clear()
        by_rule = {rule: self._counts[rule] for rule in RULES if rule in self._counts}
        self._summary = Summary(
            self._path, self._purpose.model, records, size, by_rule, dict(dataset.not_checked)
        )

    def _check_name(self) -> None:
        name = self._path.name
        if not name.endswith(".jsonl"):
            self._add("file-name-suffix", "", f"the name is {quoted(name)}")
        if not _FILE_NAME.fullmatch(name):
            self._add("file-name-characters", "", f"the name is {quoted(name)}")

    def _check_line(self, number: int, line: bytes, dataset: Dataset) -> int:
        """Check one line; 1 when it counts as a record, 0 when it is blank."""
        if number == 1 and line.startswith(_BOM):
            self._add("byte-order-mark", "", "the file begins with EF BB BF")
            line = line[3:]
        if len(line) > LONGEST_LINE:
            self._add("line-too-long", "", f"the line has more than {LONGEST_LINE >> 20} MiB")
            return 1
        raw = line.strip(_WHITE_SPACE)
        if not raw:
            self._add("blank-line", "", "the line is blank")
            return 0
        try:
            text = raw.decode()
            reading = self._templates.read(text)
            record = None if reading is not None else _JSON.decode(text)
        except UnicodeDecodeError as error:
            self._add("not-utf8", "", f"byte {error.start + 1} of the line is not UTF-8")
            return 1
        except RecursionError:
            self._add("not-json", "", "the JSON is nested too deeply")
            return 1
        except ValueError as error:
            self._add("not-json", "", f"it is no JSON: {_reason(error)}")
            return 1
        if reading is None:
            if type(record) is not dict:
                self._add("not-an-object", "", f"the line is a JSON {_json_type(record)}")
                return 1
            reading = read_record(record, self._purpose.model, self._add)
            if reading is not None and not self._pending:
                self._templates.learn(text, reading)
        if reading is not None:
            if "\\u" in text:
                self._check_surrogates(reading.texts)
            dataset.add_record(number, raw, reading, self._add)
        return 1

    def _check_surrogates(self, texts: list[str]) -> None:
        """Only an escape such as ``\\ud83d`` can bring half a character into a UTF-8 file."""
        for text in texts:
            try:
                text.encode()
            except UnicodeEncodeError as error:
                self._add("lone-surrogate", "", f"half a character: {quoted(text[error.start])}")
                return


def validate(
    path: Path,
    *,
    model: TargetModel = TargetModel.LITE,
    facts: PictureFacts | None = None,
    other: Path | None = None,
    bucket: str | None = None,
    validation: bool = False,
    together: int = 0,
    folder: str = "",
) -> Validation:
    """Check a records file against every rule of the catalogue, in one pass and in flat memory.

    Nothing is read before the findings are asked for.

    Args:
        path: The file.
        model: What is to be trained on it.
        facts: Knows the pictures; None: rules about bytes, pixels and sides are counted as not checked.
        other: A second records file that may share no picture with this one (train against test).
        bucket: The bucket that the records file is in; None: media must only agree among themselves.
        validation: The file is the validation file of a job (no lower bound; not taken by Nova 2 Lite).
        together: Records of the companion file (validation for training, and the other way round).
        folder: Where ``facts`` looks for the pictures, as the user named it; empty: the user named none.

    Returns:
        An iterable of findings, one pass; then its ``summary``.
    """
    return Validation(path, Purpose(model, bucket, validation, together, folder), facts, other)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Line numbers and lines; of a line that is too long the beginning."""
    try:
        with path.open("rb") as file:
            if _is_binary(file.peek(_HEAD)[:_HEAD]):
                raise UsageError(
                    f"{path} is not a JSONL file: it begins with bytes that no text has.",
                    "Give a file of training records, one JSON object a line.",
                )
            number = 0
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                    _skip_line(file)
                yield number, line
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(f"{path} cannot be read: {reason}.", "Give the path of a JSONL file.") from error


def _is_binary(head: bytes) -> bool:
    """Whether a file is a picture, an archive and the like. UTF-16, which has zero bytes too, is text."""
    return b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))


def _skip_line(file: BinaryIO) -> None:
    while piece := file.readline(1 << 20):
        if piece.endswith(b"\n"):
            return


def _read_other(path: Path, model: TargetModel, facts: PictureFacts | None) -> tuple[FirstLines, int]:
    """The media, or questions, of the other file, and how many of its lines cannot be read."""
    found = FirstLines()
    unread = 0
    for number, line in _lines(path):
        if line.isspace():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        reading = read_record(record, model, _ignore) if type(record) is dict else None
        if reading is None:
            unread += 1
            continue
        known = [look_up(media, facts) for media in reading.media]
        for key in keys_of(reading, known):
            found.add(key, number)
    return found, unread


def _ignore(rule: str, field: str, message: str) -> None:
    """The other file's own findings are not asked for."""


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos + 1}"
    if isinstance(error, _NoNumber):
        return str(error)
    return quoted(str(error))


def _json_type(value: object) -> str:
    names = {list: "list", str: "string", int: "number", float: "number", bool: "value", type(None): "null"}
    return names.get(type(value), "value")

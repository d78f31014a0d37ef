"""What the store keeps and hands out about pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from stillroom.pictures import Flag, Side


class KnownFile(NamedTuple):
    """What the last scan saw of a file. A tuple, because a scan makes one for each of many files."""

    size: int
    mtime_ns: int
    content: str | None
    """sha256 of the bytes; None: the file could not be read."""
    flag: str | None
    """A ``Flag`` as text."""


@dataclass(frozen=True, slots=True)
class ContentRow:
    """One usable content that at least one file has."""

    id: int
    content: str
    path: str
    """First by name of the files with this content."""
    copies: int
    """Files with this content, 1 or more."""
    size: int
    """Bytes."""
    format: str
    width: int
    height: int
    dhash: int | None
    """64 bits, not negative."""
    side: Side | None
    order: int | None
    """Place in the training order, from 0."""
    excluded: bool


@dataclass(frozen=True, slots=True)
class FlaggedRow:
    """A file that is never sent, and why."""

    path: str
    flag: Flag
    reason: str
    size: int
    content: str | None


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """Counts of what is present."""

    pictures: int = 0
    """Files, flagged ones included."""
    unique: int = 0
    """Usable contents."""
    flagged: dict[str, int] = field(default_factory=dict)
    """Files by flag."""
    duplicates: int = 0
    """Usable files that have a content that an earlier file has."""
    near_duplicates: int = 0
    """As the last scan counted them."""
    sides: dict[str, int] = field(default_factory=dict)
    """Usable contents by side; excluded ones are not counted."""
    excluded: int = 0
    """Usable contents that the user excluded."""
    bytes: int = 0
    """Sum over all files."""

    @property
    def unsplit(self) -> int:
        """Usable contents that have been looked at and have no side yet."""
        return max(0, self.unique - self.excluded - sum(self.sides.values()))

    @property
    def scanned(self) -> bool:
        """Whether every picture that takes part has a side: before that nobody knows what is to be done."""
        return bool(self.pictures) and not self.unsplit


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One file as a big list shows it."""

    id: int
    path: str
    content: str | None
    size: int
    """Bytes of the file."""
    format: str
    width: int
    height: int
    flag: str | None
    reason: str
    side: Side | None
    order: int | None
    excluded: bool
    copies: int
    status: str
    """State of the teacher's run: waiting, asking, done, failed, unknown."""
    failure: str | None
    """Failure class of the teacher's run."""
    keywords: str
    """The teacher's keywords, joined by newlines."""
    student_status: str
    student_keywords: str
    jaccard: float | None
    """Teacher against the student run in view."""

    @property
    def name(self) -> str:
        """Last part of the path."""
        return self.path.rpartition("/")[2]

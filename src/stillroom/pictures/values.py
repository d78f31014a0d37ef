"""The facts of a picture on its way from the folder to a prepared file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stillroom.errors import PictureError


class Flag(StrEnum):
    """Why a picture is never sent. The words are stored and typed by users: never rename."""

    EMPTY = "empty"
    """Zero bytes."""
    TRUNCATED = "truncated"
    """The file ends before the picture does."""
    UNREADABLE = "unreadable"
    """Not a picture, damaged, or the system refuses to read the file."""
    WRONG_EXTENSION = "wrong_extension"
    """The content is of another format than the name says."""
    BOMB = "bomb"
    """More pixels than the limit; it was not decoded."""
    UNSUPPORTED = "unsupported"
    """A format, or a size of file, that Stillroom does not read."""
    BAD_NAME = "bad_name"
    """The name is no valid UTF-8; the path shows the bytes as backslash escapes."""
    TOO_THIN = "too_thin"
    """The shorter side has too few pixels for a model."""
    GONE = "gone"
    """The file vanished before it was read."""
    CHANGED = "changed"
    """The file was replaced, or written to, while or before it was read."""


PASSING = frozenset({Flag.GONE, Flag.CHANGED, Flag.EMPTY, Flag.UNREADABLE})
"""What can be wrong, when a picture is prepared, with its file at that moment and not with the picture.

The scan has decoded the very same bytes: what cannot be read now is a disk, a permission or a want of memory.
It can be put right, so it is not remembered.
"""


class PictureFlagged(PictureError):
    """One picture cannot be sent.

    Attributes:
        flag: Its class.
        reason: Why, one line.
    """

    def __init__(self, flag: Flag, reason: str) -> None:
        super().__init__(reason)
        self.flag = flag
        self.reason = reason


class Side(StrEnum):
    """Where a content belongs. Stored: never rename."""

    TRAIN = "train"
    TEST = "test"
    VALIDATION = "validation"
    OUT = "out"
    """Resembles pictures of two sides and is kept out of both."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file that may be a picture."""

    path: str
    """POSIX path below the folder. Raw text from outside: may hold spaces, newlines, escape sequences."""
    size: int
    """Bytes."""
    mtime_ns: int
    """Time of last change, nanoseconds since 1970."""
    undecodable: bytes | None = None
    """The real path below the folder when it is no valid UTF-8; `path` then shows it with escapes."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a walk found, compared with what was known."""

    new: Sequence[FoundFile]
    """Paths that were not known."""
    changed: Sequence[FoundFile]
    """Known paths whose size or time of change differs."""
    gone: Sequence[str]
    """Known paths that are no longer there."""
    same: int
    """Number of known files that did not change."""
    unfollowed: int = 0
    """Number of links, to pictures or to folders, that lead out of the folder or nowhere."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What reading one file told."""

    path: str
    size: int
    """Bytes, of the file that was really read."""
    mtime_ns: int
    content: str | None
    """SHA-256 of the file's bytes, hex; None when they were not read."""
    format: str
    """What the content is: jpeg, png, webp, gif, bmp, tiff, heic; other names, or empty, when unsupported."""
    width: int
    """Pixels after EXIF rotation; 0 when unknown."""
    height: int
    """Pixels after EXIF rotation; 0 when unknown."""
    dhash: int | None
    """64-bit difference hash of the upright picture, unsigned; None when it was not decoded."""
    flag: Flag | None
    """None: the picture can be prepared and sent."""
    reason: str
    """Why it is flagged, one line; empty when it is not."""


@dataclass(frozen=True, slots=True)
class Member:
    """One unique content that takes part in the split. Flagged and excluded pictures do not."""

    content: str
    dhash: int | None
    """None: resembles nothing."""
    side: Side | None
    """None: a newcomer."""


@dataclass(frozen=True, slots=True)
class KeptOut:
    """A newcomer that belongs to no side."""

    content: str
    reason: str


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """Where the newcomers go. Members that had a side keep it and are not listed."""

    sides: Mapping[str, Side]
    """Side of each newcomer by content; Side.OUT for those in `kept_out`."""
    kept_out: Sequence[KeptOut]
    shortfalls: Sequence[str]
    """What could not be had exactly, or a training size that cannot be met: one plain sentence each."""
    near_duplicates: int
    """Unique contents that resemble another one, less one for each group: what dropping copies would drop."""


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """The outcome of preparing one content."""

    content: str
    """SHA-256 of the original file: the key."""
    path: str
    """Prepared file, relative to the target folder, POSIX; empty when flagged."""
    sha256: str
    """SHA-256 of the prepared bytes, hex; empty when flagged."""
    format: str
    """jpeg, png or webp, as Converse names it; empty when flagged."""
    width: int
    height: int
    size: int
    """Bytes."""
    flag: Flag | None
    """None: the file may be sent."""
    reason: str
    """Why it is flagged; empty when it is not."""
    remark: str = ""
    """What had to be done to respect a limit (lower quality, fewer pixels); empty when nothing."""

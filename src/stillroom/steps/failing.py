"""Which pictures a labeling run gave up, and why: what both front doors tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from stillroom.pictures import Flag, PreparedFile
from stillroom.steps.scan import Flagged
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow

_MOST_LISTED = 1000
"""Pictures of one class; a run may give up a million, and who reads JSON reads it whole."""


@dataclass(frozen=True, slots=True)
class Failed:
    """One picture that has no answer."""

    image: str
    """POSIX path below the pictures' folder."""
    kind: str = field(metadata={"json": "class"})
    """Class of failure; ``gone`` when its file is missing, and it was not sent."""
    message: str
    """The service's own words, or what is wrong with the answer."""


@dataclass(frozen=True, slots=True)
class Failures:
    """Those that were given up, by class and then by path; of each class the first ones alone."""

    listed: tuple[Failed, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many there are of each class, listed or not."""

    def of(self, kind: str) -> tuple[Failed, ...]:
        """Those listed of one class."""
        return tuple(one for one in self.listed if one.kind == kind)


def failures(
    workspace: Workspace, run_id: int, contents: Set[str], gone: Mapping[str, str] | None = None
) -> Failures:
    """Tell of the pictures that a run gave up.

    Args:
        workspace: The project.
        run_id: The run.
        contents: Those that are meant; the others are left out.
        gone: Paths of those that could not be sent because their files are missing, by content.
    """
    runs, absent = workspace.store.runs, gone or {}
    tried = contents - absent.keys()
    counts: dict[str, int] = {}
    listed: list[Failed] = []
    for kind, count in sorted(runs.counts(run_id, tried).classes) if tried else ():
        counts[kind.value] = count
        rows = runs.failures(run_id, (kind,), most=_MOST_LISTED, contents=tried)
        listed += (Failed(row.path, kind.value, row.message) for row in rows)
    if absent:
        missing = [Failed(path, Flag.GONE.value, "its file is missing") for path in sorted(absent.values())]
        counts[Flag.GONE.value] = len(missing)
        listed += missing[:_MOST_LISTED]
    return Failures(tuple(sorted(listed, key=lambda one: one.kind)), counts)


@dataclass(frozen=True, slots=True)
class Unprepared:
    """Pictures that could not be prepared although their files are there, by flag and then by path."""

    listed: tuple[Flagged, ...]
    """Of each flag the first ones alone."""
    counts: Mapping[str, int]
    """How many there are of each flag, listed or not."""


def unprepared(rows: Iterable[ContentRow], prepared: Mapping[str, PreparedFile]) -> Unprepared:
    """Tell of the pictures that were not sent because of what is in their files; they are no failures.

    Args:
        rows: The pictures that were to be sent.
        prepared: What became of each, by content.
    """
    found = [
        Flagged(row.path, file.flag, file.reason)
        for row in rows
        if (file := prepared[row.content]).flag and file.flag is not Flag.GONE
    ]
    by_flag: dict[str, list[Flagged]] = {}
    for one in sorted(found, key=lambda one: (one.flag, one.path)):
        by_flag.setdefault(one.flag, []).append(one)
    listed = (one for those in by_flag.values() for one in those[:_MOST_LISTED])
    return Unprepared(tuple(listed), {flag: len(those) for flag, those in by_flag.items()})

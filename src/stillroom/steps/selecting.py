"""Which pictures a person means: names, ``@FILE`` lists, filters; and leaving pictures out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from stillroom.errors import UsageError
from stillroom.pictures import Side
from stillroom.plural import plural
from stillroom.steps.plan import Line, Plan, Watch
from stillroom.steps.present import present_views
from stillroom.steps.quoting import plan_command
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow

_LOSSES = {
    Side.TRAIN: "training picture: no student can be trained",
    Side.VALIDATION: "validation picture: training tells no validation loss",
    Side.TEST: "test picture: no student can be compared",
}
"""What each side is needed for."""
_CHANGES = {
    Side.TRAIN: "training: records built from now on change, and with them the students",
    Side.VALIDATION: "validation: the validation records change",
    Side.TEST: "test: all scores change",
}
"""What follows when pictures of a side come or go."""
_MOST_NAMED = 5
"""Words that a plan repeats; its command has all of them."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What some words mean."""

    contents: tuple[str, ...]
    """Without repetition, in the order of the words."""
    idle: tuple[str, ...]
    """Words that select nothing: filters, and lists without a name."""
    named: Mapping[str, str]
    """Content by path, of the pictures that were named one by one."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """A line for every word that selects nothing."""
        return tuple(f"{word} selects no picture." for word in self.idle)


def select(workspace: Workspace, words: Sequence[str]) -> Selection:
    """Find the contents that ``words`` mean.

    Raises:
        FilterError: A filter is wrong at a known character.
        UsageError: A list cannot be read, a picture that is named is not there, or nothing was scanned yet.
    """
    refuse_unscanned(workspace)
    views = present_views(workspace)
    each = views.resolve_each(words)
    contents = tuple(dict.fromkeys(content for part in each for content in part))
    idle = tuple(word for word, part in zip(words, each, strict=True) if not part)
    paths = ((views.path_of(word), part) for word, part in zip(words, each, strict=True))
    return Selection(contents, idle, {path: part[0] for path, part in paths if path and part})


def refuse_unscanned(workspace: Workspace) -> None:
    """Say that no picture can be known by its name before any has been looked at.

    Raises:
        UsageError: Nothing was scanned yet.
    """
    summary = workspace.store.pictures.summary()
    if not summary.pictures or (summary.unsplit and not summary.sides):
        raise UsageError("No picture has been scanned yet.", "Run: stillroom scan")


def copies_named(selection: Selection, rows: Iterable[ContentRow]) -> Iterator[str]:
    """A line for each picture that was named and is a copy of one that goes by another name.

    Args:
        selection: What was named.
        rows: The pictures that are meant, each under the one name that it goes by.
    """
    names = {row.content: row.path for row in rows}
    for path, content in selection.named.items():
        known = names.get(content, path)
        if known != path:
            yield f"{path} is an exact copy of {known}, under whose name its answer stands."


def nothing_selected(selection: Selection) -> UsageError:
    """What to say when words select nothing at all, and a step needs something."""
    return UsageError(" ".join(selection.remarks) or "No picture is selected.", "Write another filter.")


def asides(workspace: Workspace, named: Set[str], sides: Sequence[Side]) -> Iterator[str]:
    """Why contents that were named are not asked about: left out by hand, or of another side.

    Args:
        workspace: The project.
        named: Contents.
        sides: The sides that are asked about.
    """
    rows = [row for row in workspace.store.pictures.contents() if row.content in named]
    excluded = sum(row.excluded for row in rows)
    if excluded:
        yield f"{_of_those(excluded)} left out by hand; to take back in: stillroom include"
    meant = "+".join(side.value for side in sides)
    for side, count in Counter(row.side for row in rows if not row.excluded).items():
        if side in (None, Side.OUT):
            yield f"{_of_those(count)} in no split."
        else:
            yield f"{_of_those(count)} in the {side} split, and only {meant} is asked about: --split {side}"


def _of_those(count: int) -> str:
    return f"{plural(count, 'picture')} of those named {'is' if count == 1 else 'are'}"


@dataclass(frozen=True, kw_only=True)
class SelectPlan(Plan):
    """Which contents change."""

    contents: tuple[str, ...] = field(metadata={"private": True})


@dataclass(frozen=True, slots=True)
class SelectResult:
    """What changed."""

    selected: int
    changed: int
    excluded: int
    """Unique pictures that are left out now."""
    remarks: tuple[str, ...]
    """Words that select nothing, exact copies that go along, a side of the split left without pictures."""


@dataclass(frozen=True)
class Exclude:
    """Leaves pictures out of everything that follows, or takes them back in. Answers are kept."""

    words: tuple[str, ...]
    excluded: bool = True

    def plan(self, workspace: Workspace) -> SelectPlan:
        """Find the pictures.

        Raises:
            UsageError: The words select nothing.
        """
        selection = select(workspace, self.words)
        contents = selection.contents
        if not contents:
            raise nothing_selected(selection)
        verb = "exclude" if self.excluded else "include"
        doing = "Leave out" if self.excluded else "Take back in"
        rows = _rows(workspace, contents)
        follows = tuple(_follows(row for row in rows if row.excluded != self.excluded))
        return SelectPlan(
            verb=verb,
            title=f"{doing} {plural(len(contents), 'picture')}",
            count=len(contents),
            lines=(
                Line("selected", _in_short(self.words)),
                *self._already(rows),
                _answers(workspace, contents),
                *(() if self.excluded else (Line("changes", one) for one in follows)),
            ),
            loses=follows if self.excluded else (),
            notes=(
                *selection.remarks,
                *_copies(workspace, contents),
                *(_emptied(workspace, contents) if self.excluded else ()),
            ),
            command=plan_command(verb, *self.words),
            seen_first=True,
            contents=contents,
        )

    def _already(self, rows: Sequence[ContentRow]) -> Iterator[Line]:
        count = sum(row.excluded == self.excluded for row in rows)
        if count:
            where = "left out" if self.excluded else "taking part"
            yield Line("already", f"{plural(count, 'picture is', 'pictures are')} {where}")

    def execute(self, workspace: Workspace, plan: SelectPlan, watch: Watch) -> SelectResult:
        """Change the marks; records and comparisons follow when they are made anew."""
        pictures = workspace.store.pictures
        changed = pictures.set_excluded(plan.contents, self.excluded)
        workspace.store.diary.add_event(plan.verb, plural(changed, "picture"))
        return SelectResult(len(plan.contents), changed, pictures.summary().excluded, plan.notes)


def _in_short(words: Sequence[str]) -> str:
    left = len(words) - _MOST_NAMED
    return " ".join(words[:_MOST_NAMED]) + (f" and {left:,} more" if left > 0 else "")


def _rows(workspace: Workspace, contents: Collection[str]) -> list[ContentRow]:
    chosen = set(contents)
    return [row for row in workspace.store.pictures.contents() if row.content in chosen]


def _follows(changing: Iterable[ContentRow]) -> Iterator[str]:
    """A line for each side of the split of which pictures come or go."""
    sides = Counter(row.side for row in changing)
    for side, words in _CHANGES.items():
        if sides[side]:
            yield f"{plural(sides[side], 'picture')} of {words}"


def _answers(workspace: Workspace, contents: Collection[str]) -> Line:
    """How many have the teacher's answer: it stays, whatever becomes of the picture."""
    (done,) = present_views(workspace).resolve_each(("status:done",))
    count = len(set(done) & set(contents))
    return Line("answers", f"{count:,} of {len(contents):,} have the teacher's; answers are kept")


def _copies(workspace: Workspace, contents: Collection[str]) -> Iterator[str]:
    """A line where more files go than pictures: nobody has named the copies, maybe."""
    files = sum(row.copies for row in _rows(workspace, contents))
    if files > len(contents):
        yield f"Exact copies count as one picture and go with it: {plural(files, 'file')} in all."


def _emptied(workspace: Workspace, contents: Collection[str]) -> Iterator[str]:
    """A warning for every side that has pictures now and keeps none of them."""
    gone = set(contents)
    for side, loss in _LOSSES.items():
        there = [row for row in workspace.store.pictures.contents((side,)) if not row.excluded]
        if there and all(row.content in gone for row in there):
            yield f"This leaves no {loss}. Take some back in with: stillroom include 'split:{side.value}'"

"""Which pictures a person means: names, ``@FILE`` lists, filters; and leaving pictures out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from stillroom.errors import UsageError
from stillroom.pictures import Side
from stillroom.plural import plural
from stillroom.steps.plan import Counted, Line, Plan, Watch
from stillroom.steps.present import present_views
from stillroom.steps.quoting import picture_word, plan_command, sentences
from stillroom.steps.remembered_comparison import compared_specs
from stillroom.steps.scanned import refuse_changed_since_scan
from stillroom.steps.teaching import answered_of
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow
from stillroom.store.filters import asks_about_student

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
_MEND = "Mend or replace what is damaged, then run: stillroom scan. Or name another picture."
"""What can be done about files that are never sent."""
_IDLE = "Flagged files take part in nothing as it is; to see why: stillroom scan"
"""Why they need no leaving out."""
_MOST_NAMED = 5
"""Words that a plan repeats; its command has all of them."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What some words mean."""

    words: tuple[str, ...]
    contents: tuple[str, ...]
    """Without repetition, in the order of the words."""
    idle: tuple[str, ...]
    """Words that mean no file at all: filters, and lists without a name."""
    unsent: tuple[str, ...]
    """Which files are meant that are never sent, a sentence for each word that means such."""
    named: Mapping[str, str]
    """Content by path, of the pictures that were named one by one."""
    by: str = ""
    """Whose answers a filter looks at that asks about the student; empty: none does."""

    @property
    def names(self) -> Mapping[str, str]:
        """Path by content, of the pictures that were named one by one."""
        return {content: path for path, content in self.named.items()}

    @property
    def remarks(self) -> tuple[str, ...]:
        """A line for every word that selects nothing, or names files that are never sent; and the student."""
        whose = (f"The student that is filtered by is {self.by}.",) if self.by else ()
        return (*(f"{word} selects no picture." for word in self.idle), *self.unsent, *whose)


def select(workspace: Workspace, words: Sequence[str]) -> Selection:
    """Find the contents that ``words`` mean.

    Raises:
        FilterError: A filter is wrong at a known character.
        UsageError: A list cannot be read, a picture that is named is not there, or nothing was scanned yet.
    """
    refuse_unscanned(workspace)
    views = present_views(workspace)
    each = views.resolve_each(words)
    contents = tuple(dict.fromkeys(content for part in each for content in part.contents))
    idle = tuple(word for word, part in zip(words, each, strict=True) if not any(part))
    unsent = tuple(part.unsent for part in each if part.unsent)
    paths = [views.path_of(word) for word in words]
    named = {path: part.contents[0] for path, part in zip(paths, each, strict=True) if path and part.contents}
    filters = [word for word, path in zip(words, paths, strict=True) if path is None and word[:1] != "@"]
    by = _student_of(workspace) if any(map(asks_about_student, filters)) else ""
    return Selection(tuple(words), contents, idle, unsent, named, by)


def _student_of(workspace: Workspace) -> str:
    """Name of the run that filters take for the student's; empty: nobody was asked yet."""
    run = workspace.store.runs.foremost(compared_specs(workspace))
    return "" if run is None else workspace.store.runs.get(run).spec.name


def refuse_unscanned(workspace: Workspace) -> None:
    """Say that no picture can be known by its name before any of the folder has been looked at.

    Raises:
        UsageError: Nothing was scanned yet, or another folder was.
    """
    refuse_changed_since_scan(workspace)
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


@dataclass(frozen=True, slots=True)
class Aside:
    """Why pictures that were meant are of no use to a step."""

    why: str
    """No full stop behind it."""
    todo: str = ""
    """What mends that; empty: nothing does."""

    def __str__(self) -> str:
        return f"{self.why}; {self.todo[0].lower()}{self.todo[1:]}" if self.todo else f"{self.why}."


def nothing_selected(selection: Selection, aside: Sequence[Aside] = (), *, unsent: str = _MEND) -> UsageError:
    """What to say when words select nothing at all that a step needs.

    Args:
        selection: What the words mean.
        aside: Why the pictures that they do mean are of no use here.
        unsent: What to do where they mean only files that are never sent.
    """
    why = " ".join((*selection.remarks, *(f"{one.why}." for one in aside)))
    todo = sentences(one.todo for one in aside)
    if selection.unsent and not (selection.idle or selection.contents):
        todo = unsent
    only_named = selection.named and len(selection.named) == len(selection.contents) and not selection.idle
    other = "Name another picture." if only_named else "Write another filter."
    return UsageError(why or "No picture is selected.", todo or other)


def asides(
    workspace: Workspace,
    selection: Selection,
    used: Set[str],
    sides: Sequence[Side],
    asking: Callable[[Side], str],
) -> Iterator[Aside]:
    """Why contents that were selected are not asked about: left out by hand, or of another side.

    Args:
        workspace: The project.
        selection: What was selected.
        used: Contents of it that are asked about.
        sides: The sides that are asked about.
        asking: The command that asks about those of another side.
    """
    unused = set(selection.contents) - used
    by_side = dict[Side | None, list[str]]()
    excluded = list[str]()
    for row in workspace.store.pictures.contents():
        if row.content in unused:
            (excluded if row.excluded else by_side.setdefault(row.side, [])).append(row.content)
    if excluded:
        who, those = _told(selection, excluded)
        names = [picture_word(selection.names[one]) for one in excluded if one in selection.names]
        again = names if len(names) == len(excluded) <= _MOST_NAMED else selection.words
        yield Aside(f"{who} left out by hand", f"To take {those} back in: {plan_command('include', *again)}")
    meant = "+".join(side.value for side in sides)
    for side, contents in by_side.items():
        who, those = _told(selection, contents)
        if side in (None, Side.OUT):
            yield Aside(f"{who} in no split")
        else:
            yield Aside(
                f"{who} in the {side} split, and only {meant} is asked about",
                f"To ask about {those}: {asking(side)}",
            )


def _told(selection: Selection, contents: Sequence[str]) -> tuple[str, str]:
    """Some of what was selected, as the subject of a sentence with its verb, and as its object."""
    if len(contents) > 1:
        return f"{len(contents):,} pictures of those named are", "them"
    return f"{selection.names.get(contents[0], '1 picture of those named')} is", "it"


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
    """Words that select nothing, named files that are never sent, exact copies that go along, a side of the
    split left without pictures."""


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
            raise nothing_selected(selection, unsent=_IDLE if self.excluded else _MEND)
        verb = "exclude" if self.excluded else "include"
        doing = "Leave out" if self.excluded else "Take back in"
        rows = workspace.store.pictures.contents(only=contents)
        changing = Counter(row.side for row in rows if row.excluded != self.excluded)
        follows = tuple(_follows(changing))
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
                *_copies(rows),
                *(_emptied(workspace, changing) if self.excluded else ()),
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


def _follows(changing: Mapping[Side | None, int]) -> Iterator[str]:
    """A line for each side of the split of which pictures come or go."""
    for side, words in _CHANGES.items():
        if changing.get(side):
            yield f"{plural(changing[side], 'picture')} of {words}"


def _answers(workspace: Workspace, contents: Collection[str]) -> Line:
    """How many have the teacher's answer: it stays, whatever becomes of the picture."""
    count = answered_of(workspace, contents)
    return Line("answers", f"{count:,} of {len(contents):,} have the teacher's; answers are kept")


def _copies(rows: Collection[ContentRow]) -> Iterator[str]:
    """A line where more files go than pictures: nobody has named the copies, maybe."""
    files = sum(row.copies for row in rows)
    if files > len(rows):
        line = f"Exact copies count as one picture and go with it: {plural(files, 'file')} in all."
        yield Counted(line, "copies", files)


def _emptied(workspace: Workspace, going: Mapping[Side | None, int]) -> Iterator[str]:
    """A warning for every side that has pictures now and keeps none of them."""
    there = workspace.store.pictures.summary().sides
    for side, loss in _LOSSES.items():
        if there.get(side) and there[side] == going.get(side):
            yield f"This leaves no {loss}. Take some back in with: stillroom include 'split:{side.value}'"

"""Labels out to, and in from, files of ``{"image": NAME, "label": TEXT}``, one a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from stillroom.errors import UsageError, reason
from stillroom.keywords import split_joined
from stillroom.labeling import Verdict
from stillroom.plural import plural
from stillroom.replacing import replacing
from stillroom.steps.comparing import keep_scores
from stillroom.steps.judging import accept, judge_anew
from stillroom.steps.mending import flaws
from stillroom.steps.placing import refuse_no_place, refuse_own, unwritable
from stillroom.steps.plan import Plan, Watch
from stillroom.steps.quoting import plan_command
from stillroom.steps.selecting import refuse_unscanned
from stillroom.steps.teaching import answered_itself, labels
from stillroom.steps.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What was written."""

    path: str
    """Empty: standard output."""
    lines: int
    """Files; copies repeat the label."""
    unique: int


@dataclass(frozen=True)
class ExportLabels:
    """Writes the teacher's labels, one line a file, by name."""

    path: Path

    def plan(self, workspace: Workspace) -> Plan:
        """Name the file.

        Raises:
            UsageError: Its folder is not there, or the project is made of it.
        """
        refuse_no_place(self.path)
        refuse_own(workspace, self.path)
        return Plan(
            verb="export", title="Export labels", count=1,
            command=plan_command("export", "labels", output=str(self.path)),
        )  # fmt: skip

    def execute(self, workspace: Workspace, plan: Plan, watch: Watch) -> ExportResult:
        """Write the file; it appears whole or not at all.

        Raises:
            UsageError: There is no label yet.
            StorageFull: The file cannot be written.
        """
        rows = list(label_lines(workspace))
        try:
            with replacing(self.path) as file:
                for name, _, text in rows:
                    file.write(f"{json.dumps({'image': name, 'label': text}, ensure_ascii=False)}\n".encode())
        except OSError as error:
            raise unwritable(self.path, error) from error
        return ExportResult(str(self.path), len(rows), len({content for _, content, _ in rows}))


def label_lines(workspace: Workspace) -> Iterator[tuple[str, str, str]]:
    """Path, content and label of every labeled file, ordered by path.

    Raises:
        UsageError: There is no label yet.
    """
    known = workspace.store.pictures.known_files()
    paths = sorted((path, file.content) for path, file in known.items() if file.content and not file.flag)
    contents = sorted({content for _, content in paths})
    found = {c: text for c, text in zip(contents, labels(workspace, contents), strict=True) if text}
    if not found:
        raise UsageError("There is no label yet.", "Run: stillroom label teacher")
    for path, content in paths:
        if content in found:
            yield path, content, ", ".join(split_joined(found[content]))


@dataclass(frozen=True, slots=True)
class UnusableLine:
    """A line of which nothing was taken in as a label."""

    line: int
    """Its number in the file, from 1."""
    image: str
    reason: str
    """Why its label is no keyword list."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A usable label that another one in the same file took the place of."""

    line: int
    """Its number in the file, from 1."""
    image: str
    by_line: int
    """The line that counts in its place: the last usable one of the same picture, or of an exact copy."""
    by_image: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was taken in."""

    lines: int
    labeled: int
    """Unique usable pictures that the file has a usable label for."""
    own: int
    """Of them, those whose imported label does not count: the teacher's own answer stands."""
    new: int
    """Of them, those that had no label before."""
    replaced: int
    """Of them, those whose label was imported before, said other keywords, and counts no longer."""
    flagged: int
    """Unique pictures with a usable label that are never sent, being damaged, say: it counts for nothing."""
    unusable: int
    """Lines whose label is no keyword list."""
    unusable_lines: tuple[UnusableLine, ...]
    """Those lines, in the order of the file."""
    conflicts: tuple[Conflict, ...]
    """In the order of the file; lines that say the same keywords are none."""
    strangers: tuple[str, ...]
    """Names that no picture of the project has."""
    outdates: bool = field(metadata={"private": True})
    """Whether records that were built of other labels are out of date with these."""


@dataclass(frozen=True)
class ImportLabels:
    """Takes labels made elsewhere as the teacher's; its own answers come first where it has any."""

    path: Path

    def plan(self, workspace: Workspace) -> Plan:
        return Plan(
            verb="import", title=f"Import labels from {self.path}", count=1,
            command=plan_command("import", "labels", str(self.path)),
        )  # fmt: skip

    def execute(self, workspace: Workspace, plan: Plan, watch: Watch) -> ImportResult:
        """Read the whole file, then store all labels or none.

        Raises:
            UsageError: Nothing was scanned yet, the file cannot be read, or a line is not of the form.
            StoreBusy: Somebody labels as the teacher, or imports.
        """
        refuse_unscanned(workspace)
        known = workspace.store.pictures.known_files()
        judge = accept(workspace)
        taken = _Taken()
        strangers = []
        lines = 0
        for number, name, text in _read(self.path):
            lines += 1
            file = known.get(name)
            if file is None:
                strangers.append(name)
            else:
                # A file that could not be read has no content, and so no label is stored for its path.
                taken.add(file.content or name, _Labeled(number, name, text, judge(text, "end_turn")))
        usable = {row.content for row in workspace.store.pictures.contents()}
        labeled = sorted(taken.usable.keys() & usable)
        before, true = labels(workspace, labeled), _up_to_date(workspace)
        run = workspace.store.answers.import_labels(taken.texts(), judge)
        judge_anew(workspace, run)
        keep_scores(workspace, run)
        changed = [old for old, now in zip(before, labels(workspace, labeled), strict=True) if old != now]
        workspace.store.diary.add_event("import", f"{plural(len(labeled), 'label')} from {self.path.name}")
        return ImportResult(
            lines=lines,
            labeled=len(labeled),
            own=len(answered_itself(workspace).intersection(labeled)),
            new=changed.count(None),
            replaced=len(changed) - changed.count(None),
            flagged=len(taken.usable.keys() - usable),
            unusable=len(taken.unusable),
            unusable_lines=tuple(
                UnusableLine(one.line, one.image, one.verdict.remark) for _, one in taken.unusable
            ),
            conflicts=tuple(taken.conflicts()),
            strangers=tuple(strangers),
            outdates=bool(true - _up_to_date(workspace)),
        )


def _up_to_date(workspace: Workspace) -> set[str]:
    """Paths of the records files that are what the present labels make."""
    files = workspace.store.records.files()
    sizes = [file.size for file in files if file.size]
    if not sizes:
        return set()
    return {file.path for file in files} - {flaw.path for flaw in flaws(workspace, sizes)}


@dataclass(frozen=True, slots=True)
class _Labeled:
    """A line for a picture of the project."""

    line: int
    image: str
    text: str
    verdict: Verdict


class _Taken:
    """Lines by content. Of several for one content the last usable one counts: none displaces a usable one
    that is not usable itself.
    """

    def __init__(self) -> None:
        self.usable: dict[str, list[_Labeled]] = {}
        """By content, in the order of the file."""
        self.unusable: list[tuple[str, _Labeled]] = []
        """Content and line, in the order of the file."""

    def add(self, content: str, labeled: _Labeled) -> None:
        if labeled.verdict.failure is None:
            self.usable.setdefault(content, []).append(labeled)
        else:
            self.unusable.append((content, labeled))

    def texts(self) -> list[tuple[str, str]]:
        """Each content once, with the label to be stored. One that is unusable today may be judged anew."""
        texts = {content: labeled.text for content, labeled in self.unusable}
        texts |= {content: several[-1].text for content, several in self.usable.items()}
        return list(texts.items())

    def conflicts(self) -> Iterator[Conflict]:
        counting = {one.line: several[-1] for several in self.usable.values() for one in several}
        for one in sorted(chain.from_iterable(self.usable.values()), key=lambda one: one.line):
            last = counting[one.line]
            if one.verdict.keywords != last.verdict.keywords:
                yield Conflict(one.line, one.image, last.line, last.image)


def _read(path: Path) -> Iterator[tuple[int, str, str]]:
    """Number, name and label of each line that is not blank."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, *_pair(path, number, line)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} cannot be read: {reason(error)}.", "It must be UTF-8, one JSON object a line."
        ) from error


def _pair(path: Path, number: int, line: str) -> tuple[str, str]:
    try:
        row = json.loads(line)
        image, label = row["image"], row["label"]
    except (ValueError, KeyError, TypeError, RecursionError):
        image = label = None
    if not isinstance(image, str) or not isinstance(label, str):
        raise UsageError(
            f"{path}, line {number}: not a label.", 'Each line is {"image": NAME, "label": TEXT}.'
        )
    return image, label

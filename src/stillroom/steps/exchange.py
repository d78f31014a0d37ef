"""Labels out to, and in from, files of ``{"image": NAME, "label": TEXT}``, one a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stillroom.errors import StorageFull, UsageError, reason
from stillroom.keywords import split_joined
from stillroom.plural import plural
from stillroom.replacing import replacing
from stillroom.steps.comparing import keep_scores
from stillroom.steps.judging import accept, judge_anew
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
            raise StorageFull(
                f"{self.path} cannot be written: {error.strerror or error}.", "Name another file."
            ) from error
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
class ImportResult:
    """What was taken in."""

    lines: int
    labeled: int
    """Unique pictures that have a usable imported label now."""
    own: int
    """Of them, those whose imported label does not count: the teacher's own answer stands."""
    unusable: int
    """Labels that are no keyword list."""
    strangers: tuple[str, ...]
    """Names that no picture of the project has."""


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
        """
        refuse_unscanned(workspace)
        known = workspace.store.pictures.known_files()
        found: dict[str, str] = {}
        strangers = []
        lines = 0
        for name, text in _read(self.path):
            lines += 1
            file = known.get(name)
            if file is None or file.content is None:
                strangers.append(name)
            else:
                found[file.content] = text
        judge = accept(workspace)
        usable = {content for content, text in found.items() if judge(text, "end_turn").failure is None}
        run = workspace.store.answers.import_labels(found.items(), judge)
        judge_anew(workspace, run)
        keep_scores(workspace, run)
        workspace.store.diary.add_event("import", f"{plural(len(found), 'label')} from {self.path.name}")
        own = len(usable & answered_itself(workspace))
        return ImportResult(lines, len(usable), own, len(found) - len(usable), tuple(strangers))


def _read(path: Path) -> Iterator[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _pair(path, number, line)
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

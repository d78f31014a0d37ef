"""Build: the teacher's labels become one records file for each training size."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from stillroom.background import Progress
from stillroom.errors import UsageError
from stillroom.keywords import split_joined
from stillroom.pictures import Side
from stillroom.steps.plan import Line, Plan, Watch
from stillroom.steps.preparing import ensure_prepared
from stillroom.steps.quoting import plan_command
from stillroom.steps.teaching import labels
from stillroom.steps.workspace import Workspace
from stillroom.store import ContentRow, RecordsFile

VALIDATION = "validation"
RECORDS_FOLDER = "records"


@dataclass(frozen=True, slots=True)
class Example:
    """One picture with its label."""

    row: ContentRow
    label: str
    """Keywords joined by newlines."""


@dataclass(frozen=True, slots=True)
class Order:
    """One records file to be made."""

    name: str
    """``300``, or ``validation``."""
    size: int
    """Training size; 0 for the validation file."""
    examples: tuple[Example, ...]

    @property
    def path(self) -> str:
        """POSIX path below the project folder."""
        return f"{RECORDS_FOLDER}/{self.name}.jsonl"


@dataclass(frozen=True, kw_only=True)
class BuildPlan(Plan):
    """Which files to make."""

    sizes: tuple[int, ...]
    orders: tuple[Order, ...] = field(metadata={"private": True})


@dataclass(frozen=True, slots=True)
class Built:
    """One records file."""

    size: int
    """Training size in unique pictures; 0 for the validation file."""
    path: str
    records: int
    bytes: int
    sha256: str
    rebuilt: bool
    """False: it was there and up to date."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """All records files of the project."""

    files: tuple[Built, ...]
    remarks: tuple[str, ...]
    """Sizes that could not be met and pictures that were left out, one sentence each."""


@dataclass(frozen=True)
class Build:
    """Writes ``records/<size>.jsonl``: the very bytes that are uploaded. Costs nothing."""

    sizes: tuple[int, ...] = ()
    """Empty: those of the project file, or all labeled training pictures."""

    def plan(self, workspace: Workspace) -> BuildPlan:
        """Choose the pictures of each size.

        Raises:
            UsageError: No bucket is named, nothing is labeled, or an asked size cannot be met.
        """
        if not workspace.settings.aws.bucket:
            raise UsageError(
                "Records name the bucket that the pictures will be in, and none is set.",
                "Run: stillroom setup",
            )
        usable, unusable = _apart(_labeled(workspace, Side.TRAIN))
        if not usable:
            raise UsageError("No training picture has a label yet.", "Run: stillroom label teacher")
        wanted, remarks = self._sizes(workspace, len(usable))
        orders = [Order(str(size), size, tuple(usable[:size])) for size in wanted]
        checking, more = _apart(_labeled(workspace, Side.VALIDATION))
        remarks = (*remarks, *(_reserved(one) for one in (*unusable, *more)))
        if checking:
            orders.append(Order(VALIDATION, 0, tuple(checking)))
        return BuildPlan(
            verb="build",
            title="Build " + ", ".join(f"{order.path} ({len(order.examples):,} records)" for order in orders),
            count=len(orders),
            lines=(Line("labeled", f"{len(usable):,} training pictures"),),
            notes=remarks,
            command=plan_command("build", size=self.sizes),
            sizes=wanted,
            orders=tuple(orders),
        )

    def execute(self, workspace: Workspace, plan: BuildPlan, watch: Watch) -> BuildResult:
        """Write the files that are missing or out of date; each appears whole or not at all."""
        from stillroom.aws.uploading import object_key
        from stillroom.records.building import record_line, write_records

        settings, store = workspace.settings, workspace.store
        account = workspace.account()
        every = {one.row.content: one.row for order in plan.orders for one in order.examples}
        prepared = ensure_prepared(workspace, every.values(), watch)
        prompt = settings.prompt.prompt
        known = {file.path: file for file in store.records.files()}
        built, remarks = [], list(plan.notes)
        for order in plan.orders:
            watch.slot.put(Progress(f"build {order.name}", 0, len(order.examples), "records"))
            rows = []
            for one in order.examples:
                file = prepared[one.row.content]
                if file.flag:
                    # Only an imported label can belong to a picture that no model could be sent.
                    remarks.append(f"{one.row.path} is left out: {file.reason}.")
                    continue
                key = object_key(settings.aws.prefix, "pictures", file.sha256, file.path.rpartition(".")[2])
                uri = f"s3://{settings.aws.bucket}/{key}"
                rows.append((label_text(one.label), uri, file.format))
            inputs = json.dumps([prompt.system, prompt.user, account, rows], ensure_ascii=False)
            key = hashlib.sha256(inputs.encode("utf-8", "surrogatepass")).hexdigest()
            old, path = known.get(order.path), workspace.root / order.path
            if old is not None and old.key == key and path.is_file() and path.stat().st_size == old.bytes:
                built.append(Built(order.size, order.path, old.records, old.bytes, old.sha256, rebuilt=False))
                continue
            facts = write_records(
                path, (record_line(prompt, label, uri, kind, account) for label, uri, kind in rows)
            )
            store.records.save_file(
                RecordsFile(order.size, order.path, facts.sha256, facts.records, facts.bytes, key)
            )
            built.append(
                Built(order.size, order.path, facts.records, facts.bytes, facts.sha256, rebuilt=True)
            )
        return BuildResult(tuple(built), tuple(remarks))

    def _sizes(self, workspace: Workspace, labeled: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
        for size in self.sizes:
            if size > labeled:
                raise UsageError(
                    f"{size:,} training records were asked for; {labeled:,} training pictures have a label.",
                    "Label more (stillroom label teacher), retry failures, or ask for a smaller size.",
                )
        asked = self.sizes or workspace.settings.training.sizes
        remarks = tuple(
            f"Training size {size:,} cannot be met: {labeled:,} training pictures have a label."
            for size in asked
            if size > labeled
        )
        return sizes_met(asked, labeled), remarks


def sizes_met(asked: Sequence[int], labeled: int) -> tuple[int, ...]:
    """The training sizes that so many labeled pictures make: those of ``asked`` that can be met, else all."""
    return tuple(size for size in asked if size <= labeled) or (labeled,)


def examples(workspace: Workspace, side: Side) -> list[Example]:
    """Pictures of a side that can be trained on, in order: labeled, not excluded, no reserved word."""
    return _apart(_labeled(workspace, side))[0]


def _labeled(workspace: Workspace, side: Side) -> list[Example]:
    rows = [row for row in workspace.store.pictures.contents((side,)) if not row.excluded]
    rows.sort(key=lambda row: (row.order is None, row.order or 0, row.content))
    found = labels(workspace, [row.content for row in rows])
    return [Example(row, label) for row, label in zip(rows, found, strict=True) if label]


def _apart(found: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Examples that can be trained on, and those whose label holds a word that would fail the whole job."""
    from stillroom.records.reserved import reserved_words

    marked = [(one, bool(reserved_words(label_text(one.label)))) for one in found]
    return [one for one, bad in marked if not bad], [one for one, bad in marked if bad]


def _reserved(one: Example) -> str:
    return f"{one.row.path} is left out: its label holds a word that the service reserves."


def label_text(joined: str) -> str:
    """What the student shall answer: the teacher's keywords as one clean comma-separated list."""
    return ", ".join(split_joined(joined))


def sizes_of(files: Sequence[RecordsFile]) -> tuple[int, ...]:
    """Training sizes that have a records file."""
    return tuple(sorted(file.size for file in files if file.size))

"""Build: the teacher's labels become one records file for each training size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from stillroom.background import Progress
from stillroom.errors import UsageError
from stillroom.plural import plural
from stillroom.steps.large_standing import remember_build
from stillroom.steps.mending import fewer_than_named, is_there
from stillroom.steps.orders import Example, Order, inputs, ordered, unmet
from stillroom.steps.plan import Line, Plan, Watch
from stillroom.steps.preparing import ensure_prepared
from stillroom.steps.quoting import plan_command
from stillroom.steps.scanned import refuse_changed_since_scan
from stillroom.steps.trainable import no_job_takes, nothing_labeled
from stillroom.steps.unlabeled import still_to_label
from stillroom.steps.workspace import Workspace
from stillroom.store import RecordsFile


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
    """Sizes that could not be met, labels that are still to come, pictures that were left out, files that no
    job takes; one line each."""


@dataclass(frozen=True)
class Build:
    """Writes ``records/<size>.jsonl``: the very bytes that are uploaded. Costs nothing."""

    sizes: tuple[int, ...] = ()
    """Empty: those of the project file, or all labeled training pictures."""

    def plan(self, workspace: Workspace) -> BuildPlan:
        """Choose the pictures of each size.

        Raises:
            UsageError: Other files are chosen than were scanned, no bucket is named, nothing is labeled, or
                an asked size cannot be met.
            ItemsFailed: Nothing is labeled, because the teacher gave it up.
        """
        refuse_changed_since_scan(workspace)
        if not workspace.settings.aws.bucket:
            raise UsageError(
                "Records name the bucket that the pictures will be in, and none is set.",
                "Run: stillroom setup",
            )
        made = ordered(workspace, self.sizes)
        usable = len(made.training)
        if not usable:
            raise nothing_labeled(workspace)
        remarks = (
            *self._unmet(workspace, usable),
            *still_to_label(workspace, self.sizes),
            *(_reserved(one) for one in made.left_out),
        )
        return BuildPlan(
            verb="build",
            title="Build "
            + ", ".join(f"{o.path} ({plural(len(o.examples), 'record')})" for o in made.orders),
            count=len(made.orders),
            lines=(Line("labeled", plural(usable, "training picture")),),
            notes=remarks,
            command=plan_command("build", size=self.sizes),
            sizes=tuple(order.size for order in made.orders if order.size),
            orders=made.orders,
        )

    def execute(self, workspace: Workspace, plan: BuildPlan, watch: Watch) -> BuildResult:
        """Write the files that are missing or out of date; each appears whole or not at all."""
        from stillroom.records.building import record_line, write_records

        store = workspace.store
        account = workspace.account()
        every = {one.row.content: one.row for order in plan.orders for one in order.examples}
        prepared = ensure_prepared(workspace, every.values(), watch)
        prompt = workspace.settings.prompt.prompt
        known = {file.path: file for file in store.records.files()}
        built, remarks = [], list(plan.notes)
        for order in plan.orders:
            watch.slot.put(Progress(f"build {order.name}", 0, len(order.examples), "records"))
            made = inputs(workspace, order, prepared, account)
            remarks += made.left_out
            old, path = known.get(order.path), workspace.root / order.path
            if old is not None and old.key == made.key and is_there(workspace, old):
                built.append(Built(order.size, order.path, old.records, old.bytes, old.sha256, rebuilt=False))
                continue
            facts = write_records(
                path, (record_line(prompt, label, uri, kind, account) for label, uri, kind in made.rows)
            )
            store.records.save_file(
                RecordsFile(order.size, order.path, facts.sha256, facts.records, facts.bytes, made.key)
            )
            built.append(
                Built(order.size, order.path, facts.records, facts.bytes, facts.sha256, rebuilt=True)
            )
        remember_build(workspace)
        paths = {one.path for one in built}
        short = fewer_than_named(workspace, [file for file in store.records.files() if file.path in paths])
        return BuildResult(tuple(built), (*remarks, *short, *_untaken(built)))

    def _unmet(self, workspace: Workspace, labeled: int) -> tuple[str, ...]:
        """Sizes of the project file that so few labels do not make, one sentence each.

        Raises:
            UsageError: A size that was asked for by itself cannot be met.
        """
        have = f"{plural(labeled, 'training picture has', 'training pictures have')} a label"
        for size in self.sizes:
            if size > labeled:
                raise UsageError(
                    f"{plural(size, 'training record was', 'training records were')} asked for; {have}.",
                    "Label more (stillroom label teacher), retry failures, or ask for a smaller size.",
                )
        return unmet(self.sizes or workspace.settings.training.sizes, labeled)


def _untaken(built: Sequence[Built]) -> Iterator[str]:
    """What to say of files that no job takes."""
    for one in built:
        if one.size and (error := no_job_takes(one.path, one.records)):
            yield f"{error.what} {error.todo}"


def _reserved(one: Example) -> str:
    return f"{one.row.path} is left out: its label holds a word that the service reserves."

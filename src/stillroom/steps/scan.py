"""Scan: find the pictures, inspect what is new or changed, give every newcomer a side."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from stillroom.background import Progress
from stillroom.errors import Interrupted, StoreBusy
from stillroom.pictures import Changes, Flag, FoundFile, Inspection, Member, Side
from stillroom.steps.comparable import no_test_picture
from stillroom.steps.plan import Plan, Watch
from stillroom.steps.scanned import changed_since_scan, is_noted, note_scanned
from stillroom.steps.trainable import too_few_to_train
from stillroom.steps.workspace import Workspace

T = TypeVar("T")

_BATCH = 512
"""Inspections stored at once: a scan that is killed loses at most so many."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """A file that is never sent."""

    path: str
    flag: str
    reason: str


@dataclass(frozen=True, slots=True)
class KeptOutRow:
    """A picture that resembles two sides."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What the folder holds now."""

    pictures: int
    """Files that look like pictures, flagged ones included."""
    unique: int
    """Usable contents: the same bytes count once."""
    duplicates: int
    """Usable files whose content an earlier file has."""
    near_duplicates: int
    """Contents that resemble another one, less one for each group."""
    flagged: Mapping[str, int]
    """Files that are never sent, by reason."""
    flagged_files: tuple[Flagged, ...]
    sides: Mapping[str, int]
    """Usable contents by side; excluded ones are not counted."""
    excluded: int
    new: int
    """Files that were not known."""
    changed: int
    gone: int
    kept_out: tuple[KeptOutRow, ...]
    remarks: tuple[str, ...]
    """What could not be had exactly, a share that came too late, a side that is empty; one line each."""


class Scan:
    """Makes the store agree with the folder. Costs nothing and asks nobody."""

    def plan(self, workspace: Workspace) -> Plan:
        folder = workspace.project.pictures_folder
        return Plan(verb="scan", title=f"Scan {folder}", count=1, command="stillroom scan")

    def execute(self, workspace: Workspace, plan: Plan, watch: Watch) -> ScanResult:
        """Scan.

        Raises:
            PictureError: The folder is missing or holds no picture.
            StoreBusy: A plan of ``run`` is being made, or another scan is splitting.
            Interrupted: Stopped; what was inspected is kept.
        """
        from stillroom.pictures.finding import unfollowed_words

        store = workspace.store.pictures
        changes = Look().execute(workspace, plan, watch)
        watch.slot.put(Progress("split"))
        split = _remembered(workspace)
        if split is None:
            with _alone(workspace):
                split = split_newcomers(workspace)
        near, kept_out, remarks = split
        summary = store.summary()
        return ScanResult(
            pictures=summary.pictures,
            unique=summary.unique,
            duplicates=summary.duplicates,
            near_duplicates=near,
            flagged=summary.flagged,
            flagged_files=tuple(Flagged(row.path, row.flag, row.reason) for row in store.flagged()),
            sides=summary.sides,
            excluded=summary.excluded,
            new=len(changes.new),
            changed=len(changes.changed),
            gone=len(changes.gone),
            kept_out=kept_out,
            remarks=(
                *([unfollowed_words(changes.unfollowed)] if changes.unfollowed else []),
                *remarks,
                *_later_shares(workspace),
                *no_test_picture(workspace),
                *too_few_to_train(workspace),
            ),
        )


class Look:
    """The first half of a scan: the pictures are found and inspected, and nobody gets a side."""

    def plan(self, workspace: Workspace) -> Plan:
        return Scan().plan(workspace)

    def execute(self, workspace: Workspace, plan: Plan, watch: Watch) -> Changes:
        """Inspect what is new or changed.

        Raises:
            PictureError: The folder is missing or holds no picture.
            Interrupted: Stopped; what was inspected is kept.
        """
        from stillroom.pictures.finding import find_changes

        store = workspace.store.pictures
        watch.slot.put(Progress("find pictures", unit="files"))
        changes = find_changes(workspace.project.pictures_folder, workspace.settings.pictures, store.marks())
        changed = bool(changes.new or changes.changed or changes.gone)
        # Else nothing is written: the project may be read-only.
        if changed or changed_since_scan(workspace) or not (is_noted(workspace) or workspace.store.read_only):
            note_scanned(workspace)
        if changed:
            # Before anything is stored: a scan that dies before its split must not find it remembered.
            workspace.store.facts.drop(_SPLIT)
            store.forget_files(changes.gone)
        _inspect(workspace, watch, [*changes.new, *changes.changed])
        workspace.store.unsent.forget()
        return changes


def _inspect(workspace: Workspace, watch: Watch, files: list[FoundFile]) -> None:
    from stillroom.pictures.inspecting import inspect_many

    total = len(files)
    if not total:
        return
    began = workspace.now()
    batch: list[Inspection] = []
    for done, inspection in enumerate(
        inspect_many(workspace.project.pictures_folder, files),
        1,
    ):
        if inspection.flag is not Flag.GONE:
            batch.append(inspection)
        if len(batch) >= _BATCH:
            workspace.store.pictures.save_inspections(batch)
            batch = []
        if watch.signals.cancelled.is_set():
            break
        rate = done / max(1e-6, workspace.now() - began)
        left = (total - done) / rate if rate else None
        watch.slot.put(Progress("inspect", done, total, "files", rate, left))
    workspace.store.pictures.save_inspections(batch)
    if watch.signals.cancelled.is_set():
        raise Interrupted("Scan stopped.", "What was inspected is kept: stillroom scan goes on from there.")


_SPLIT = "split"
"""Fact: what the last split said."""

_SPLITTING = ("split", "is deciding which picture goes to which side")
"""The hold of who splits, and what that does."""

_GIVEN = "given"
"""Fact: how many times sides were given for a plan."""

_SHARES = "shares"
"""Fact: the settings that the first split was made with."""

Split = tuple[int, tuple[KeptOutRow, ...], tuple[str, ...]]
"""Near-duplicates, what was kept out, remarks."""


def _shares(workspace: Workspace) -> dict[str, float]:
    """What decides on sides and is not applied to pictures that have one, by its setting."""
    settings = workspace.settings.pictures
    return {
        "pictures.test": settings.test,
        "pictures.validation": settings.validation,
        "pictures.seed": settings.seed,
    }


def _later_shares(workspace: Workspace) -> Iterator[str]:
    """A sentence about each setting that was changed after the pictures had got their sides."""
    applied = json.loads(workspace.store.facts.get(_SHARES) or "{}")
    later = False
    for name, value in _shares(workspace).items():
        before = applied.get(name, value)
        if before != value:
            later = True
            yield (
                f"{name} was {before} when the pictures were split; that it is {value} now is for new "
                "pictures only: nobody changes sides."
            )
    if later:
        yield (
            "To split all of them anew, make another project of the same folder: stillroom new. Labels are "
            "taken along by stillroom export labels, and by import labels there."
        )


def _settings_key(workspace: Workspace) -> str:
    """What a split depends on besides the pictures."""
    settings = workspace.settings
    return repr((settings.pictures, settings.training.sizes))


def _remembered(workspace: Workspace) -> Split | None:
    """What the last split said, when it was made with the same settings."""
    said = json.loads(workspace.store.facts.get(_SPLIT) or "{}")
    if said.get("key") != _settings_key(workspace):
        return None
    return said["near"], tuple(KeptOutRow(*row) for row in said["kept_out"]), tuple(said["remarks"])


def _alone(workspace: Workspace) -> AbstractContextManager[None]:
    """Keep others from splitting: what a plan takes back could be what a scan has just told of."""
    return workspace.store.alone(*_SPLITTING)


def on_sides_for_good(
    workspace: Workspace, read: Callable[[], T], wait: Callable[[], None] | None = None
) -> T:
    """Read something that rests on who has which side; no side in it is one that a plan takes back.

    Whoever gives sides for a plan says so before giving any: what was read meanwhile is read again. Nobody is
    kept waiting for it: looks at the same time are none of each other's business, and need write nothing.

    Args:
        workspace: The project.
        read: Reads it.
        wait: Lets some time pass while somebody splits; None: nobody waits for that.

    Raises:
        StoreBusy: Somebody is splitting, and nobody waits.
    """
    while True:
        given = workspace.store.facts.get(_GIVEN)
        try:
            workspace.store.refuse_held(*_SPLITTING)
        except StoreBusy:
            if wait is None:
                raise
            wait()
            continue
        found = read()
        if workspace.store.facts.get(_GIVEN) == given:
            return found


def split_newcomers(workspace: Workspace, *, for_good: bool = True) -> Split:
    """Give every content without a side one, and every new training picture a place in the order.

    Args:
        workspace: The project.
        for_good: Keep what there is to say of it, too; else the sides are soon to be taken back.
    """
    from stillroom.pictures.splitting import extend_order, split

    store, settings = workspace.store.pictures, workspace.settings
    rows, gone = store.contents(), store.absent()
    plan = split(
        [Member(row.content, row.dhash, row.side) for row in rows],
        settings.pictures,
        settings.training.sizes,
        gone=gone,
    )
    if for_good and not gone and all(row.side in (None, Side.OUT) for row in rows):
        workspace.store.facts.put(_SHARES, json.dumps(_shares(workspace)))
    if plan.sides:
        store.save_sides(plan.sides)
    sides = {row.content: plan.sides.get(row.content, row.side) for row in rows}
    ordered = sorted((row for row in rows if row.order is not None), key=lambda row: row.order or 0)
    existing = [row.content for row in ordered]
    placed = set(existing)
    newcomers = [content for content, side in sides.items() if side is Side.TRAIN and content not in placed]
    if newcomers:
        store.save_order(extend_order(existing, newcomers, settings.pictures.seed))
    names = {row.content: row.path for row in rows}
    kept_out = tuple(KeptOutRow(names[one.content], one.reason) for one in plan.kept_out)
    found = plan.near_duplicates, kept_out, tuple(plan.shortfalls)
    if for_good:
        store.save_near_duplicates(plan.near_duplicates)
        _remember(workspace, found)
    return found


def _remember(workspace: Workspace, split: Split) -> None:
    near, kept_out, remarks = split
    said = {
        "key": _settings_key(workspace),
        "near": near,
        "kept_out": [(row.path, row.reason) for row in kept_out],
        "remarks": list(remarks),
    }
    workspace.store.facts.put(_SPLIT, json.dumps(said))


@contextmanager
def split_for_a_plan(workspace: Workspace) -> Iterator[None]:
    """Inspect the pictures, and give newcomers a side for as long as a plan is being made.

    A side is for good. So it is taken back: nobody has agreed to the plan yet, and settings may still change.

    Raises:
        PictureError: The folder is missing or holds no picture.
        StoreBusy: Somebody else is splitting.
    """
    Look().execute(workspace, Look().plan(workspace), Watch())
    store = workspace.store.pictures
    if not store.unsplit():
        yield
        return
    with _alone(workspace):
        facts = workspace.store.facts
        facts.put(_GIVEN, str(int(facts.get(_GIVEN) or 0) + 1))
        newcomers = store.unsplit()
        try:
            split_newcomers(workspace, for_good=False)
            yield
        finally:
            store.forget_sides(newcomers)

"""What is wrong with records that were built, and what mends it: one answer for all who tell of it.

Asks nobody.
"""

from __future__ import annotations

import stat
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from stillroom.errors import UsageError
from stillroom.pictures import PreparedFile, Side
from stillroom.plural import plural
from stillroom.steps.obstacle import Obstacle
from stillroom.steps.orders import Order, examples, inputs, ordered, present_sizes, unmet
from stillroom.steps.preparing import prepare_key
from stillroom.steps.quoting import plan_command
from stillroom.steps.workspace import Workspace
from stillroom.store import RecordsFile

UNBUILT = "is not built yet"
OUTDATED = "is out of date"
ALTERED = "is not what was built"
"""A file that was lost, or edited since."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a records file is not what the present settings and labels make."""

    path: str
    size: int
    """Training size; 0 for the validation file."""
    what: str
    """In words that follow its path: ``UNBUILT``, ``OUTDATED`` or ``ALTERED``."""
    scan: bool
    """Whether pictures of it have changed or gone since the last scan. However often it is built they are
    left out, until a scan finds out."""


def flaws(workspace: Workspace, sizes: Sequence[int] = ()) -> list[Flaw]:
    """What is wrong with the records files that the present settings and labels make, in their order.

    Args:
        workspace: The project.
        sizes: Training sizes; empty: those of the project file, or all labeled training pictures.
    """
    account = workspace.known_account()
    prepared = workspace.store.pictures.prepared(prepare_key(workspace.settings.prepare))
    files = {file.path: file for file in workspace.store.records.files()}
    found = []
    for order in ordered(workspace, sizes).orders:
        file = files.get(order.path)
        if file is None:
            found.append(Flaw(order.path, order.size, UNBUILT, scan=False))
            continue
        # An account that was never asked for, as after a change of profile, is no reason to build anew.
        made = None if account is None else inputs(workspace, order, prepared, account).key
        outdated, there = made is not None and made != file.key, is_there(workspace, file)
        if outdated or not there:
            scan = outdated and _lacks_pictures(workspace, file, order, prepared)
            found.append(Flaw(order.path, order.size, OUTDATED if there else ALTERED, scan))
    return found


def _lacks_pictures(
    workspace: Workspace, file: RecordsFile, order: Order, prepared: Mapping[str, PreparedFile]
) -> bool:
    """Whether a file lacks pictures that a model would take: no scan knows yet what became of them."""
    if file.size:
        unfit = (one for one in order.examples if (made := prepared.get(one.row.content)) and made.flag)
        return file.records + sum(1 for _ in unfit) < file.size
    there = replace(order, examples=tuple(one for one in order.examples if one.row.content in prepared))
    account = workspace.known_account() or ""
    return len(there.examples) < len(order.examples) and (
        file.key == inputs(workspace, there, prepared, account).key
    )


def mended_by(*, scan: bool = False, sizes: Sequence[int] = ()) -> str:
    """The commands that make records what they should be, in turn, as they are typed.

    Args:
        scan: Whether pictures of them have changed or gone since the last scan.
        sizes: Training sizes to be built by name; empty: those that the settings and labels make.
    """
    build = plan_command("build", size=sizes)
    return f"stillroom scan, then {build}" if scan else build


def is_there(workspace: Workspace, file: RecordsFile) -> bool:
    """Whether a records file is in its place and as long as it was built."""
    try:
        found = (workspace.root / file.path).stat()
    except OSError:
        return False  # also where its folder cannot be entered
    return stat.S_ISREG(found.st_mode) and found.st_size == file.bytes


def refuse_altered(workspace: Workspace, files: Iterable[RecordsFile]) -> None:
    """Let no records go further that are not what was built.

    Raises:
        UsageError: A file was lost, or edited since.
    """
    for file in files:
        if not is_there(workspace, file):
            raise UsageError(f"{file.path} {ALTERED}.", f"Run: {mended_by()}")


def all_left_out(workspace: Workspace) -> Obstacle | None:
    """What to say where every training picture was left out by hand; None: there are some, or none at all."""
    groups = workspace.store.tallies.groups()
    if groups.chosen((Side.TRAIN,)) or not groups.excluded(Side.TRAIN):
        return None
    return Obstacle(
        "Every training picture is left out by hand.",
        "To take them back in",
        f"stillroom include 'split:{Side.TRAIN.value}'",
    )


def refuse_out_of_date(workspace: Workspace, files: Sequence[RecordsFile]) -> None:
    """Let nobody pay for records that the present settings and labels do not make.

    Raises:
        UsageError: One of these files was built of others.
    """
    if found := out_of_date(workspace, files):
        raise found


def out_of_date(workspace: Workspace, files: Sequence[RecordsFile]) -> UsageError | None:
    """What to say where one of these files is not of the present labels and settings; None: all are."""
    if not files:
        return None
    if found := all_left_out(workspace):
        return found.error()
    sizes = [file.size for file in files if file.size]
    if short := unmet(sizes, len(examples(workspace, Side.TRAIN))):
        return UsageError(short[0], f"Label more, or train on those that have one: {mended_by()}")
    flawed = {flaw.path: flaw for flaw in flaws(workspace, sizes)}
    usual = (0, *present_sizes(workspace))
    for file in files:
        if flaw := flawed.get(file.path):
            what = ALTERED if flaw.what == ALTERED else "was not built of the present labels and settings"
            named = () if file.size in usual else (file.size,)
            return UsageError(f"{file.path} {what}.", f"Run: {mended_by(scan=flaw.scan, sizes=named)}")
    return None


def fewer_than_named(workspace: Workspace, files: Collection[RecordsFile]) -> tuple[str, ...]:
    """A sentence on each training file that is not as large as its name: pictures were left out."""
    short = {file.path: file for file in files if file.records < file.size}
    if not short:
        return ()
    prepared = workspace.store.pictures.prepared(prepare_key(workspace.settings.prepare))
    return tuple(
        _fewer_words(file, scan=_lacks_pictures(workspace, file, order, prepared))
        for order in ordered(workspace, [file.size for file in short.values()]).orders
        if (file := short.get(order.path))
    )


def _fewer_words(file: RecordsFile, *, scan: bool) -> str:
    said = f"{file.path} has {plural(file.records, 'record')}, not {file.size:,}: pictures "
    if scan:
        return f"{said}were left out. To put others in their place: {mended_by(scan=True)}"
    # Nothing has become of them: no scan leaves them out, and each build meets them again.
    said += "that no model takes are left out. To put others in their place leave them out by hand "
    return f"{said}(stillroom exclude), then: {mended_by()}"

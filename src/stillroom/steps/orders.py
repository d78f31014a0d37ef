"""Which records files the present settings and labels make, and what has been built of them.

Files that were built of other sizes stay where they are; nobody counts, uploads or trains them unasked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stillroom.errors import UsageError
from stillroom.keywords import split_joined
from stillroom.pictures import PreparedFile, Side
from stillroom.plural import plural
from stillroom.steps.plan import Counted
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


@dataclass(frozen=True, slots=True)
class Ordered:
    """All that the present settings and labels make."""

    training: tuple[Example, ...]
    """Every picture that can be trained on, in order."""
    orders: tuple[Order, ...]
    """The training files by size, then the validation file; empty while nothing is labeled."""
    left_out: tuple[Example, ...]
    """Labeled, but the label would fail the whole job."""

    @property
    def counts(self) -> tuple[int, ...]:
        """Records of each training file."""
        return tuple(len(order.examples) for order in self.orders if order.size)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that decides the bytes of a records file."""

    rows: tuple[tuple[str, str, str], ...]
    """Label, URI and format of each picture."""
    left_out: tuple[str, ...]
    """Pictures that no model could be sent, one sentence each."""
    key: str
    """Hash of it all."""


def ordered(workspace: Workspace, sizes: Sequence[int] = ()) -> Ordered:
    """Choose the pictures of each records file.

    Args:
        workspace: The project.
        sizes: Training sizes; empty: those of the project file, or all labeled training pictures.
    """
    usable, unusable = apart(_labeled(workspace, Side.TRAIN))
    checking, more = apart(_labeled(workspace, Side.VALIDATION))
    wanted = sizes_met(sizes or workspace.settings.training.sizes, len(usable)) if usable else ()
    orders = [Order(str(size), size, tuple(usable[:size])) for size in wanted]
    if checking and orders:
        orders.append(Order(VALIDATION, 0, tuple(checking)))
    return Ordered(tuple(usable), tuple(orders), (*unusable, *more))


def sizes_met(asked: Sequence[int], labeled: int) -> tuple[int, ...]:
    """The training sizes that so many labeled pictures make: those of ``asked`` that can be met, else all."""
    return tuple(size for size in asked if size <= labeled) or (labeled,)


def unmet(asked: Sequence[int], pictures: int, *, labeled: bool = True) -> tuple[str, ...]:
    """A sentence on each training size of ``asked`` that so many pictures do not make.

    Args:
        asked: Training sizes.
        pictures: Those to train on.
        labeled: Whether they all have a label by now.
    """
    if labeled:
        have = f"{plural(pictures, 'training picture has', 'training pictures have')} a label"
    else:
        have = f"{plural(pictures, 'picture is', 'pictures are')} there to train on"
    return tuple(
        Counted(f"Training size {size:,} cannot be met: {have}.", f"training size {size}", size - pictures)
        for size in asked
        if size > pictures
    )


def built(workspace: Workspace, sizes: Sequence[int] = ()) -> list[RecordsFile]:
    """The files of ``present_files``, when there is something to train on among them.

    Raises:
        UsageError: No training file, or one of ``sizes``, was built.
    """
    files = workspace.store.records.files()
    known = {file.size for file in files}
    for size in sizes:
        if size not in known:
            raise UsageError(f"There are no records of size {size:,}.", f"Run: stillroom build --size {size}")
    found = present_files(workspace, sizes)
    if not any(file.size for file in found):
        if not any(known):
            raise UsageError("There are no records yet.", "Run: stillroom build")
        there = ", ".join(file.path for file in files if file.size)
        raise UsageError(
            f"No records of the present sizes and labels were built; there is {there}.",
            "Run: stillroom build",
        )
    return found


def present_files(workspace: Workspace, sizes: Sequence[int] = ()) -> list[RecordsFile]:
    """What was built of these training sizes and of validation pictures, up to date or not; by size.

    Args:
        workspace: The project.
        sizes: Training sizes; empty: those that the present settings and labels make. While nothing is
            labeled, those of the project file.
    """
    wanted = set(sizes or present_sizes(workspace))
    return [file for file in current_files(workspace) if file.size in wanted or not file.size]


def current_files(workspace: Workspace) -> list[RecordsFile]:
    """What was built of any size; the validation file only while a validation picture has a label.

    No settings name that file: without this one of pictures that were left out since would be sent.
    """
    files = workspace.store.records.files()
    if all(file.size for file in files) or examples(workspace, Side.VALIDATION):
        return files
    return [file for file in files if file.size]


def all_built(workspace: Workspace) -> bool:
    """Whether every training size that the present settings and labels make was built, up to date or not."""
    return {file.size for file in workspace.store.records.files()} >= set(present_sizes(workspace))


def present_sizes(workspace: Workspace) -> tuple[int, ...]:
    """Training sizes that the present settings and labels make; before any label, the project file's."""
    asked = workspace.settings.training.sizes
    labeled = len(examples(workspace, Side.TRAIN))
    return sizes_met(asked, labeled) if labeled else asked


def inputs(workspace: Workspace, order: Order, prepared: Mapping[str, PreparedFile], account: str) -> Inputs:
    """What a records file is written from.

    Args:
        workspace: The project.
        order: The file.
        prepared: Prepared pictures by content; one that is missing makes a key that no file has.
        account: Owner of the bucket.
    """
    from stillroom.aws.uploading import object_key

    aws, prompt = workspace.settings.aws, workspace.settings.prompt.prompt
    rows, left_out = [], []
    for one in order.examples:
        file = prepared.get(one.row.content)
        if file is None:
            rows.append((label_text(one.label), one.row.content, ""))
        elif file.flag:
            # Only an imported label can belong to a picture that no model could be sent.
            left_out.append(f"{one.row.path} is left out: {file.reason}.")
        else:
            key = object_key(aws.prefix, "pictures", file.sha256, file.path.rpartition(".")[2])
            rows.append((label_text(one.label), f"s3://{aws.bucket}/{key}", file.format))
    facts = json.dumps([prompt.system, prompt.user, account, rows], ensure_ascii=False)
    digest = hashlib.sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()
    return Inputs(tuple(rows), tuple(left_out), digest)


def examples(workspace: Workspace, side: Side) -> list[Example]:
    """Pictures of a side that can be trained on, in order: labeled, not excluded, no reserved word."""
    return apart(_labeled(workspace, side))[0]


def in_order(workspace: Workspace, side: Side) -> list[ContentRow]:
    """Pictures of a side that are not excluded; of the training side the first ones are trained on."""
    rows = [row for row in workspace.store.pictures.contents((side,)) if not row.excluded]
    return sorted(rows, key=lambda row: (row.order is None, row.order or 0, row.content))


def _labeled(workspace: Workspace, side: Side) -> list[Example]:
    rows = in_order(workspace, side)
    found = labels(workspace, [row.content for row in rows])
    return [Example(row, label) for row, label in zip(rows, found, strict=True) if label]


def apart(found: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Examples that can be trained on, and those whose label holds a word that would fail the whole job."""
    from stillroom.records.reserved import reserved_words

    marked = [(one, bool(reserved_words(label_text(one.label)))) for one in found]
    return [one for one, bad in marked if not bad], [one for one, bad in marked if bad]


def label_text(joined: str) -> str:
    """What the student shall answer: the teacher's keywords as one clean comma-separated list."""
    return ", ".join(split_joined(joined))

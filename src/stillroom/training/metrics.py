"""The metrics files of a finished job: loss by step.

Published layouts disagree (user guide page model-customization-analyze; the 2023 service model's comments on
``OutputDataConfig``): step numbers start at 0 or at 1, the perplexity column may be missing, cells may carry
blanks. So columns are found by name, and steps and epochs are kept in whichever base the file has.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass

from stillroom.errors import StillroomError

_LARGEST_EXPONENT = 700.0
"""exp() of more than about 709 overflows a double."""
_STORABLE = 2**63
"""Whole numbers of this size and beyond do not fit into the project's store."""


@dataclass(frozen=True, slots=True)
class LossPoint:
    """One row of a metrics file."""

    step: int
    """As in the file: counted from 0 or from 1."""
    epoch: int
    """As in the file; 0 when the file has no such column."""
    loss: float
    perplexity: float
    """exp(loss) where the file has none."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """A metrics file, with what was left out of it."""

    points: tuple[LossPoint, ...]
    """In the order of the file."""
    unreadable: int
    """Rows that could not be read."""
    not_finite: int
    """Rows whose loss is NaN or infinite: the training diverged there."""


def last_epoch_loss(points: Iterable[LossPoint]) -> float | None:
    """Mean of the last epoch, the one figure that stands for a curve: single steps jump wildly.

    Args:
        points: In any order; those without an epoch count as one.

    Returns:
        None without a finite loss.
    """
    finite = [point for point in points if math.isfinite(point.loss)]
    last = max((point.epoch for point in finite), default=0)
    losses = [point.loss for point in finite if point.epoch == last]
    return math.fsum(losses) / len(losses) if losses else None


def read_metrics(data: bytes) -> Metrics:
    """Read a metrics file as tolerantly as its layouts demand.

    Args:
        data: The bytes of the file; a byte order mark, blank lines and blanks around cells do not matter.

    Returns:
        The points, and how many rows were left out. An empty file has none.

    Raises:
        StillroomError: This is no CSV, or there is a header, but no column of losses in it.
    """
    text = data.decode("utf-8-sig", errors="replace").replace("\x00", "")
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise StillroomError(
            f"The metrics file cannot be read: {error}.", "Look at the file in the job's output folder."
        ) from error
    if not rows:
        return Metrics((), 0, 0)
    columns = _columns(rows[0])
    points: list[LossPoint] = []
    unreadable = not_finite = 0
    for row in rows[1:]:
        try:
            point = _point(row, columns, len(points) + unreadable + not_finite)
        except (ValueError, IndexError, OverflowError):
            unreadable += 1
            continue
        if point is None:
            not_finite += 1
        else:
            points.append(point)
    return Metrics(tuple(points), unreadable, not_finite)


@dataclass(frozen=True, slots=True)
class _Columns:
    loss: int
    step: int | None
    epoch: int | None
    perplexity: int | None


def _columns(header: list[str]) -> _Columns:
    names = [cell.strip().strip("\"'").casefold().replace(" ", "_").replace("-", "_") for cell in header]

    def find(*wanted: str) -> int | None:
        exact = next((names.index(name) for name in wanted if name in names), None)
        if exact is not None:
            return exact
        return next((i for i, name in enumerate(names) for part in wanted if name.endswith(part)), None)

    loss = find("training_loss", "validation_loss", "loss")
    if loss is None:
        raise StillroomError(
            f"The metrics file has no column of losses; its columns are {', '.join(names)[:200]!r}.",
            "Look at the file in the job's output folder.",
        )
    return _Columns(loss, find("step_number", "step"), find("epoch_number", "epoch"), find("perplexity"))


def _point(row: list[str], columns: _Columns, position: int) -> LossPoint | None:
    loss = float(row[columns.loss])
    if not math.isfinite(loss):
        return None
    step = position if columns.step is None else _whole(row[columns.step])
    epoch = 0 if columns.epoch is None else _whole(row[columns.epoch])
    perplexity = _perplexity(row, columns, loss)
    return LossPoint(step, epoch, loss, perplexity)


def _perplexity(row: list[str], columns: _Columns, loss: float) -> float:
    if columns.perplexity is not None and columns.perplexity < len(row):
        try:
            value = float(row[columns.perplexity])
        except ValueError:
            value = math.nan
        if math.isfinite(value):
            return value
    return math.exp(min(loss, _LARGEST_EXPONENT))


def _whole(cell: str) -> int:
    """``3``, `` 3`` and ``3.0`` are the same step; one that cannot be stored is none."""
    number = int(float(cell))
    if abs(number) >= _STORABLE:
        raise OverflowError(f"no step has the number {number}")
    return number

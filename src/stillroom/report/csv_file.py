"""Scores and keywords of every picture as CSV, for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import IO

from stillroom.report.escaping import clean
from stillroom.report.values import ScoreRow

HEADER = (
    "picture",
    "run",
    "state",
    "jaccard",
    "precision",
    "recall",
    "f1",
    "shared",
    "missing",
    "extra",
    "teacher_keywords",
    "student_keywords",
    "shared_keywords",
    "missing_keywords",
    "extra_keywords",
)

# A spreadsheet takes a cell that begins so for a formula, and a formula can start programs and send data
# (OWASP, "CSV Injection"). Full-width forms are here because some spreadsheets make them plain.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: str) -> str:
    """Make a text from outside safe for a spreadsheet: never a formula, no control characters."""
    return f"'{clean(value)}" if value.lstrip(" ").startswith(_FORMULA) else clean(value)


def rows(scores: Iterable[ScoreRow]) -> Iterator[tuple[str, ...]]:
    """Turn scores into the cells of ``HEADER``; scores that do not exist are empty."""
    for row in scores:
        detail = row.detail
        numbers: tuple[str, ...] = ("",) * 7
        words: tuple[str, ...] = ("",) * 3
        if detail is not None:
            parts = (detail.shared, detail.missing, detail.extra)
            ratios = (detail.jaccard, detail.precision, detail.recall, detail.f1)
            numbers = (*(f"{ratio:.6f}" for ratio in ratios), *(str(len(part)) for part in parts))
            words = tuple(_joined(part) for part in parts)
        yield (
            cell(row.picture),
            cell(row.run),
            row.state.value,
            *numbers,
            _joined(row.teacher),
            _joined(row.student),
            *words,
        )


def write_csv(stream: IO[str], scores: Iterable[ScoreRow]) -> int:
    """Write header and rows to an open text stream (``newline=""``).

    Returns:
        How many rows, without the header.
    """
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(HEADER)
    count = 0
    for made in rows(scores):
        writer.writerow(made)
        count += 1
    return count


def _joined(words: Iterable[str]) -> str:
    return cell(", ".join(words))

"""What Dataset says about its list: how many, in which order, and what to do when there is nothing in it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from stillroom.plural import plural
from stillroom.tui.cells import SYMBOLS, Symbols, safe
from stillroom.tui.columns import column_sorted_by
from stillroom.tui.keymap import key_of
from stillroom.tui.sheet import ACCENT, QUIET, STRONG, Sheet


def counts_line(shown: int, total: int, sort: str, marked: int, marks: Symbols = SYMBOLS) -> Content:
    """``1,204 of 997,120 · by size ↓ · 3 marked``."""
    up, down = ("^", "v") if marks.dot == "-" else ("↑", "↓")
    sheet = Sheet(f"{shown:,}" if shown == total else f"{shown:,} of {total:,}")
    if sort:
        column = column_sorted_by(sort.removeprefix("-"))
        sheet.append(f" {marks.dot} by {column} {down if sort.startswith('-') else up}")
    if marked:
        sheet.append(f" {marks.dot} ").append(f"{marked:,} marked", ACCENT)
    return sheet.content


def hidden_lines(marks: frozenset[int], ids: Iterable[int]) -> tuple[str, ...]:
    """A line for a plan that acts on marked pictures which the filter hides; empty where it hides none.

    Args:
        marks: Ids of the marked pictures.
        ids: Those of the list.
    """
    hidden = len(marks.difference(ids)) if marks else 0
    if not hidden:
        return ()
    marked, are = plural(len(marks), "marked picture"), "is" if hidden == 1 else "are"
    return (f"By the filter {hidden:,} of the {marked} {are} not in sight.",)


def nothing_lines(total: int, folder: str) -> Content:
    """Why the list is empty, and which key mends that.

    Args:
        total: Pictures there are without the filter.
        folder: Of the project's pictures.
    """
    if total:
        return (
            Sheet("No picture matches the filter.\n\n", STRONG)
            .append(
                f"{key_of('dataset.filter')} changes it, {key_of('dataset.clear')} shows all again.", QUIET
            )
            .content
        )
    return (
        Sheet("No picture has been looked at yet.\n\n", STRONG)
        .append(f"{key_of('dataset.scan')} scans the folder ")
        .append(safe(folder), STRONG)
        .append("\nIt finds the pictures, sets test pictures apart, and sends nothing anywhere.", QUIET)
        .content
    )

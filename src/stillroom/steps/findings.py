"""What a check of records has found, in the words of both front doors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stillroom.plural import plural
from stillroom.shown import shown

if TYPE_CHECKING:  # who only tells what was found need not load every rule
    from stillroom.steps.validating import Checked, ValidateResult

SUCCESS_LINE = "Validation successful, all samples passed"
"""What is printed of a file that passed, as AWS's validator words it."""


def finding_lines(file: Checked, most: int, whole: str) -> Iterator[str]:
    """One file: how many findings, the first of them, and what was not checked.

    Args:
        file: What was checked.
        most: Findings that are named, at most.
        whole: The command that gives more of them.
    """
    yield (
        f"{shown(file.path)}: {plural(file.records, 'record')}, {plural(file.errors, 'error')}, "
        f"{plural(file.warnings, 'warning')}, "
        f"{file.advice:,} advice"
    )
    named = file.findings[:most]
    for found in named:
        place = f"line {found.line}" if found.line is not None else "file"
        field = f", {found.field}" if found.field else ""
        yield f"  {found.weight:<7} {place}{shown(field)}: {shown(found.message)}  [{found.rule}]"
        if found.todo:
            yield f"          → {shown(found.todo)}"
    total = file.errors + file.warnings + file.advice
    if total > len(named):
        yield f"  … {total - len(named):,} more: {shown(whole)}"
    for what, count in file.not_checked.items():
        yield f"  not checked: {shown(what)} ({count:,})"
    if file.passed:
        yield SUCCESS_LINE


def findings_in_short(result: ValidateResult) -> str:
    """How many findings of each weight in all files, such as ``2 errors, 1 piece of advice``; empty: none."""
    counts = (
        (sum(file.errors for file in result.files), "error", ""),
        (sum(file.warnings for file in result.files), "warning", ""),
        (sum(file.advice for file in result.files), "piece of advice", "pieces of advice"),
    )
    return ", ".join(plural(count, one, many) for count, one, many in counts if count)

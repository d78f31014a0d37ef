"""What a shell may complete: names that the project's store has, and words of the filter language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stillroom.store import names

# A key was pressed: what only filters need is imported for them alone.
if TYPE_CHECKING:
    from stillroom.store.filters import Column

ASKED = ("teacher", "untuned")


def models(root: Path) -> list[str]:
    """Whom a labeling run can ask, besides any model id."""
    return [*ASKED, *names.students(root)]


def students(root: Path) -> list[str]:
    """Students that can be deployed or deleted."""
    return names.students(root)


def deployed(root: Path) -> list[str]:
    """Students whose deployment can be removed."""
    return names.deployed(root)


def training(root: Path) -> list[str]:
    """Students whose job can be stopped."""
    return names.training(root)


def runs(root: Path) -> list[str]:
    """Labeling runs that failed pictures can be asked again in, or that can be compared."""
    return names.runs(root)


def failures(beginning: str) -> list[str]:
    """Classes of failures, several of them joined by commas."""
    from stillroom.labeling.values import FailureClass

    return _listed(beginning, "", [kind.value for kind in FailureClass])


def selection(root: Path, beginning: str) -> list[str]:
    """Pictures by name, and terms of a filter: a column, or the values that it can have."""
    from stillroom.store.filters import COLUMNS

    minus = "-" if beginning.startswith("-") else ""
    for sign in (":", "="):
        name, found, value = beginning.removeprefix("-").partition(sign)
        if found:
            column = next((one for one in COLUMNS if name in (one.name, *one.aliases)), None)
            return [] if column is None else _listed(value, f"{minus}{name}{sign}", values_of(column))
    columns = [f"{minus}{column.name}:" for column in COLUMNS]
    return [
        *(term for term in columns if term.startswith(beginning)),
        *([] if minus else names.pictures(root, beginning)),
    ]


def column_values(name: str) -> list[str]:
    """The values of a column; empty: any."""
    from stillroom.store.filters import COLUMNS

    return [
        value for column in COLUMNS if name in (column.name, *column.aliases) for value in values_of(column)
    ]


def values_of(column: Column) -> list[str]:
    """The words that a column can hold; empty: any."""
    from stillroom.store.filters import Kind

    return ["yes", "no"] if column.kind is Kind.YES_NO else list(column.words)


def _listed(value: str, before: str, words: list[str]) -> list[str]:
    """Go on with the last of several words that are joined by commas."""
    first, comma, last = value.rpartition(",")
    taken = first.split(",")
    return [f"{before}{first}{comma}{word}" for word in words if word.startswith(last) and word not in taken]

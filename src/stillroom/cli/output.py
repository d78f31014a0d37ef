"""The one writer of stdout: a human result, or JSON and nothing else."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from pathlib import Path, PurePath
from typing import Any

from stillroom.cli import says_all
from stillroom.cli.addressing import addressed
from stillroom.cli.console import tell
from stillroom.cli.options import Common
from stillroom.cli.table import folded, table, terminal_width
from stillroom.errors import StillroomError
from stillroom.shown import shown

# What JSON allows raw in a string and a terminal may obey, or UTF-8 cannot hold: C1 controls, format
# characters, line separators, lone surrogates.
_WILD = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
_ADVICE = frozenset({"command", "todo", "next", "notes", "remarks", "nothing", "title", "facts", "stops"})
"""Keys whose texts are our own words, and may hold a command."""


def write(text: str = "") -> None:
    """Write one line of our own words; anything from outside in it has been through ``shown``."""
    write_line(addressed(text))


def write_line(text: str) -> None:
    """Write one line as it is, such as JSON, or a part of words that were addressed and then folded."""
    sys.stdout.write(text + "\n")


def write_words(text: str) -> None:
    """Write a sentence, on a terminal broken between words."""
    for line in folded(addressed(text), terminal_width()):
        write_line(line)


def write_folded(rows: Iterable[Sequence[str]], *, drop: Sequence[int] = (), indent: str = "") -> None:
    """Write rows without titles, their last column on a terminal broken between words."""
    grid = [[addressed(cell) for cell in row] for row in rows]
    titles = ("",) * len(grid[0]) if grid else ()
    for line in table(titles, grid, fold=True, drop=drop, indent=indent, width=terminal_width()):
        write_line(line)


def write_json(common: Common, result: Any) -> None:
    """Write a result as one JSON object; ``sandbox`` says whose numbers they are."""
    data = as_json(result)
    if not isinstance(data, dict):
        raise TypeError("a command's JSON is an object")
    if common.sandbox is not None:
        data = {"sandbox": common.sandbox, **data}
    indent = 2 if sys.stdout.isatty() else None
    write_line(json_line(data, indent=indent))


def json_line(data: object, *, indent: int | None = None) -> str:
    """JSON in which nothing can steer a terminal."""
    return _WILD.sub(_escaped, json.dumps(data, ensure_ascii=not says_all(), indent=indent))


def _escaped(found: re.Match[str]) -> str:
    """JSON's own spelling: readers of the JSON get the very character back."""
    return json.dumps(found[0])[1:-1]


def as_json(value: Any) -> Any:
    """Turn a result into what ``json`` can write. Unknown money is null, never 0."""
    if value is None or isinstance(value, str | int | float | bool):
        return value.value if isinstance(value, Enum) else value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        named = {
            field.metadata.get("json", field.name): getattr(value, field.name)
            for field in dataclasses.fields(value)
            if not field.metadata.get("private")
        }
        return {name: _as_said(name, as_json(each)) for name, each in named.items()}
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return {str(as_json(key)): as_json(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [as_json(item) for item in value]
    raise TypeError(f"no JSON for {type(value).__name__}")


def _as_said(name: str, value: Any) -> Any:
    if name in _ADVICE and isinstance(value, str):
        return addressed(value)
    if name in _ADVICE and isinstance(value, list):
        return [_as_said(name, one) for one in value]
    return value


def write_error(common: Common, error: StillroomError, code: int) -> None:
    """Say what happened and what to do: two lines on stderr, and an object on stdout with ``--json``."""
    tell(f"stillroom: {shown(error.what)}\n" + (f"{shown(error.todo)}\n" if error.todo else ""))
    if common.json:
        said = {"what": addressed(error.what), "todo": addressed(error.todo), "exit_code": code}
        write_json(common, {"error": said})


def path_shown(path: Path) -> str:
    """A path as people write it: below the current folder when it is there."""
    try:
        return shown(str(path.relative_to(Path.cwd())))
    except ValueError:
        return shown(str(path))

"""Finding and reading the project file."""

from __future__ import annotations

import difflib
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from stillroom.errors import ProjectError, reason
from stillroom.project import checks, secrets
from stillroom.project.flat import default_settings, defaults, from_tables, to_tables
from stillroom.project.keys import PRICES, TABLES, Key, find_key
from stillroom.project.lines import line_of
from stillroom.project.values import FILE_NAME, Project, ProjectFile, Stamp
from stillroom.shown import in_quotes

_OTHER = "Choose another folder."
_LONGEST = 60
"""Characters of a default that is told."""
_ASSIGNED = re.compile(r'\s*[\w.-]+\s*=\s*"(?P<text>[^"]*)')
"""A key with a text behind it, up to the next quote or the end of the line."""
_PLACE = re.compile(r"^(.*?)\s*\(at (?:line (\d+), column (\d+)|end of document)\)$", re.DOTALL)


def find(start: Path) -> Path:
    """Find the nearest project file at or above a folder.

    Returns:
        Its absolute path.

    Raises:
        ProjectError: There is none.
    """
    folder = start.absolute()
    for candidate in (folder, *folder.parents):
        if (candidate / FILE_NAME).is_file():
            return candidate / FILE_NAME
    raise ProjectError(
        f"There is no {FILE_NAME} in {folder} or above it.",
        "Make a project with stillroom new DIR --images PATH, or name one with --project DIR.",
    )


def stands_in(folder: Path) -> bool:
    """Whether a folder, which may be missing, holds a project file.

    Raises:
        ProjectError: The system does not even look: the name is too long, say.
    """
    try:
        return (folder / FILE_NAME).exists()
    except OSError as error:
        raise ProjectError(f"There can be no project in {folder}: {reason(error)}.", _OTHER) from error


def load(path: Path) -> Project:
    """Read a project.

    Args:
        path: The project file, or its folder.

    Raises:
        ProjectError: It is missing, cannot be read, does not parse, or says something that is not allowed.
    """
    file = path.absolute()
    try:
        if file.is_dir():
            file /= FILE_NAME
        stamp = stamp_of(file)  # before it is read: what is written meanwhile counts as a change
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        kind = "project file" if file.suffix == ".toml" else "folder"
        raise ProjectError(
            f"There is no {kind} {file}.", "Make a project with stillroom new DIR --images PATH."
        ) from None
    except UnicodeDecodeError as error:
        raise ProjectError(f"{file} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from error
    except OSError as error:
        raise ProjectError(f"{file} cannot be read: {reason(error)}.", _OTHER) from error
    return Project(file.parent, file, parse(text, file.name), stamp)


def stamp_of(file: Path) -> Stamp | None:
    """What tells whether a file has changed, without reading it; None: it cannot be looked at."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def parse(text: str, source: str = FILE_NAME) -> ProjectFile:
    """Read the text of a project file. Keys that are missing have their defaults.

    Args:
        text: TOML.
        source: What to call it in messages.

    Raises:
        ProjectError: Two lines: where and what is wrong, and what to do.
    """
    text = text.replace("\r\n", "\n")
    document = _parse_toml(text, source)
    try:
        secrets.refuse(document)
    except secrets.SecretFound as found:
        raise _wrong(text, source, found.path, found.what, secrets.ADVICE) from None
    tables = defaults(document)
    for name, table in document.items():
        if name == PRICES:
            tables[PRICES] = _prices(text, source, table)
            continue
        _check_table(text, source, name, table)
        for key, value in table.items():
            tables[name][key] = _checked(text, source, name, key, value)
    for name in ("name", "id"):
        if name not in document.get("project", {}):
            raise ProjectError(
                f"{source}: [project] has no {name}.",
                'Give it a name = "…"'
                if name == "name"
                else 'Add id = "…": 4 to 32 small letters and digits.',
            )
    if tables["prompt"]["keywords_min"] > tables["prompt"]["keywords_max"]:
        raise _wrong(
            text,
            source,
            ("prompt", "keywords_min"),
            "keywords_min in [prompt] must not be above keywords_max",
            "Lower it, or raise keywords_max.",
        )
    return from_tables(tables)


def _parse_toml(text: str, source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.match(str(error))
        what, line, column = (found[1], found[2], found[3]) if found else (str(error), None, None)
        if line is None:
            lines = text.rstrip("\n").split("\n")
            line, column = str(len(lines)), str(len(lines[-1]) + 1)
        begun = _unclosed(text, int(line), int(column or 0), what)
        if begun is not None:
            what, column = "a text begins here, and no quote closes it", str(begun)
        raise ProjectError(
            f"{source} line {line}, column {column}: {what}.",
            'Correct the line. Text stands in quotes: key = "value".',
        ) from error
    except (ValueError, RecursionError, ArithmeticError) as error:
        # Dates that do not exist, numbers beyond all bounds, nesting without end.
        raise ProjectError(f"{source} cannot be read: {error}.", "Correct the value.") from error


def _unclosed(text: str, line: int, column: int, what: str) -> int | None:
    """The column at which a text begins that is not closed in its line; None: there may be none.

    TOML closes it by a quote in the comment behind it, or not at all; only what is surely so is told.
    """
    said = text.split("\n")[line - 1]
    found = _ASSIGNED.match(said)
    if found is None or said.count('"') % 2 == 0 or '"""' in said or "\\" in said:
        return None
    # Behind a quote in the comment comes what is no TOML; where another quote comes, that is one too many.
    stray = said[column - 1 : column] == '"'
    in_comment = what.startswith("Expected newline") and "#" in found["text"] and not stray
    nowhere = what.startswith(("Illegal character", "Unterminated string"))
    return found.start("text") if in_comment or nowhere else None


def _check_table(text: str, source: str, name: str, table: object) -> None:
    if name in TABLES:
        if not isinstance(table, dict):
            raise _wrong(
                text, source, (name,), f"{name} must be a table", f"Write [{name}] on a line of its own."
            )
        return
    if not isinstance(table, dict):
        home = [known for known in TABLES if find_key(known, name) is not None]
        todo = f"It belongs below [{home[0]}]." if home else _nearest(name, [*TABLES, PRICES])
        raise _wrong(text, source, (name,), f"the key {in_quotes(name)} stands in no table", todo)
    raise _wrong(
        text,
        source,
        (name,),
        f"there is no table [{_short(name)}]",
        _nearest(name, [*TABLES, PRICES], "[{}]"),
    )


def _checked(text: str, source: str, table: str, name: str, value: object) -> object:
    key = find_key(table, name)
    if key is None:
        known = [key.name for key in TABLES[table]]
        home = [other for other in TABLES if find_key(other, name) is not None]
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
        todo = f"There is one in [{home[0]}]." if home and not near else _nearest(name, known)
        raise _wrong(text, source, (table, name), f"[{table}] has no key {in_quotes(_short(name))}", todo)
    try:
        return key.check(value)
    except checks.NotAllowed as error:
        raise _wrong(text, source, (table, name), f"{name} in [{table}] {error}", _mend(table, key)) from None


def _mend(table: str, key: Key) -> str:
    """What to do about a value that is not allowed: nearly every key can be left to its default."""
    default = to_tables(default_settings("", ""))[table][key.name]
    if default is None:
        default = "none"  # as the budget is written
    if isinstance(default, tuple) or default == "":
        return f"{key.name}: {key.comment}."  # the default says nothing; this says what it is for
    if isinstance(default, str) and len(default) > _LONGEST:
        return "Correct it, or take it out: then the default counts."
    return f"Correct it, or take it out: the default is {checks.written(default)}."


def _prices(text: str, source: str, table: object) -> dict[str, dict[str, Decimal]]:
    todo = 'Write [prices."amazon.nova-lite-v1:0"], and below it lines such as input = 0.00006'
    if not isinstance(table, dict):
        raise _wrong(text, source, (PRICES,), f"{PRICES} must be a table", todo)
    prices: dict[str, dict[str, Decimal]] = {}
    for model, named in table.items():
        if not isinstance(named, dict):
            raise _wrong(
                text,
                source,
                (PRICES, model),
                f"{in_quotes(_short(model))} in [{PRICES}] must be a table of prices",
                todo,
            )
        prices[model] = {}
        for name, value in named.items():
            try:
                prices[model][name] = checks.price(value)
            except checks.NotAllowed as error:
                what = f"{_short(name)} in [{PRICES}.{in_quotes(_short(model))}] {error}"
                raise _wrong(text, source, (PRICES, model, name), what, todo) from None
    return prices


def _wrong(text: str, source: str, path: tuple[str, ...], what: str, todo: str) -> ProjectError:
    line = line_of(text, *path)
    place = source if line is None else f"{source} line {line}"
    return ProjectError(f"{place}: {what}.", todo)


def _nearest(name: str, known: list[str], form: str = "{}") -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
    return f"The nearest is {form.format(near[0])}." if near else ""


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:39]}…"

"""Writing a new project file, and changing keys of an existing one without touching the rest."""

from __future__ import annotations

import json
import secrets as randomness
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from stillroom.errors import ProjectError, StorageFull, reason
from stillroom.project import secrets
from stillroom.project.checks import NotAllowed
from stillroom.project.flat import to_tables
from stillroom.project.keys import PRICES, TABLES, Key, find_key
from stillroom.project.reading import parse, stands_in
from stillroom.project.values import FILE_NAME, ProjectFile
from stillroom.replacing import replacing

_WIDEST = 52
"""Columns of ``key = value`` beyond which the comment goes on a line of its own."""

_ABOUT = {
    "project": "This file is Stillroom's project file. Change it freely; the program keeps your comments.",
    "prepare": "The bytes that teacher, training and student all see.",
    "prices": "Prices of your own instead of the price book's, in US dollars.",
}
_PRICES_EXAMPLE = """\
# Prices of your own instead of the price book's, in US dollars; tokens by the thousand.
# [prices."amazon.nova-lite-v1:0"]
# input = 0.00006
# output = 0.00024
"""


def new_id(token: Callable[[int], str] = randomness.token_hex) -> str:
    """A short random id for a new project: 8 hexadecimal digits."""
    return token(4)


def write_new(root: Path, settings: ProjectFile) -> Path:
    """Write the project file of a new project: every table and key, with a comment each.

    Args:
        root: Folder; made when it is missing.
        settings: What to write.

    Returns:
        The file.

    Raises:
        ProjectError: There is a project file already, or a value is not allowed.
        StorageFull: The folder cannot be written.
    """
    file = root / FILE_NAME
    if stands_in(root):
        raise ProjectError(f"There is a project in {root} already.", "Choose another folder.")
    text = render(settings)
    parse(text)
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(root, error) from error
    _write(file, text)
    return file


def render(settings: ProjectFile) -> str:
    """The text of a project file."""
    tables = to_tables(settings)
    parts = []
    for name, keys in TABLES.items():
        lines = [f"# {_ABOUT[name]}"] if name in _ABOUT else []
        lines += [f"[{name}]", *_lines(keys, tables[name])]
        parts.append("\n".join(lines) + "\n")
    prices = tables[PRICES]
    if not prices:
        parts.append(_PRICES_EXAMPLE)
    for place, (model, named) in enumerate(prices.items()):
        lines = [f"# {_ABOUT[PRICES]}"] if place == 0 else []
        lines.append(f"[{PRICES}.{_quoted(model)}]")
        lines += [f"{_bare(key)} = {literal(value)}" for key, value in named.items()]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def edit(file: Path, table: str, key: str, value: object) -> None:
    """Change one key; as :func:`edit_keys`."""
    edit_keys(file, table, {key: value})


def edit_keys(file: Path, table: str, values: Mapping[str, object]) -> None:
    """Change some keys of a table, all or none; comments, order and everything else stay as they are.

    Args:
        file: The project file.
        table: Such as ``aws``.
        values: By key, such as ``bucket``; as the settings have them: a tuple for a list, None for no budget.

    Raises:
        ProjectError: There is no such key, a value is not allowed, or the file does not parse.
        StorageFull: The file cannot be written; it is what it was.
    """
    import tomlkit

    for key, value in values.items():
        allow(table, key, value)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"{file} cannot be read: {reason(error)}.") from error
    parse(text, file.name)
    document = tomlkit.parse(text)
    if table not in document:
        document.add(table, tomlkit.table())
    for key, value in values.items():
        _replace(document[table], key, tomlkit.value(literal(value)))
    changed = tomlkit.dumps(document)
    parse(changed, file.name)
    _write(file, changed)


def _replace(table: Any, key: str, item: Any) -> None:
    """Put an item of tomlkit in the place of another; the comment beside it keeps its column if it can."""
    import tomlkit

    before = tomlkit.item(table[key]).as_string() if key in table else ""
    table[key] = item
    after, trivia = item.as_string(), item.trivia  # what stood there has handed it on
    # Behind a text of several lines a comment is in no column with others.
    if not trivia.comment or trivia.comment_ws.strip(" ") or "\n" in before + after:
        return
    wide = len(trivia.comment_ws)
    trivia.comment_ws = " " * max(min(2, wide), wide + len(before) - len(after))


def allow(table: str, key: str, value: object, *, called: str = "", todo: str = "") -> None:
    """Check a value that is to be written.

    Args:
        table: Such as ``aws``.
        key: Such as ``bucket``.
        value: As the settings have it.
        called: What messages call it; empty: ``key in [table]``.
        todo: What to do when it is not allowed; empty: the key's comment.

    Raises:
        ProjectError: There is no such key, the value is not allowed, or it looks like a credential.
    """
    known = find_key(table, key)
    if known is None:
        raise ProjectError(f"There is no key {key} in [{table}].")
    try:
        secrets.refuse({table: {key: value}})
        known.check("none" if value is None else value)
    except secrets.SecretFound as found:
        raise ProjectError(f"{found.what}.", secrets.ADVICE) from None
    except NotAllowed as error:
        what = called or f"{key} in [{table}]"
        raise ProjectError(f"{what} {error}.", todo or f"{key}: {known.comment}.") from None


def literal(value: object) -> str:
    """Write a value as TOML; text of several lines as a literal block where it can be one."""
    if value is None:
        return '"none"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        shown = format(Decimal(repr(value)), "f")
        return shown if "." in shown else f"{shown}.0"
    if isinstance(value, list | tuple):
        return f"[{', '.join(literal(one) for one in value)}]"
    text = str(value)
    if "\n" in text and "'''" not in text and not text.endswith("'") and _is_plain(text):
        return f"'''\n{text}'''"
    return _quoted(text)


def _lines(keys: tuple[Key, ...], values: dict[str, object]) -> list[str]:
    assignments = [(f"{key.name} = {literal(values[key.name])}", key.comment) for key in keys]
    beside = [len(line) for line, _ in assignments if "\n" not in line and len(line) <= _WIDEST]
    column = max(beside, default=0)
    lines = []
    for line, comment in assignments:
        if "\n" in line or len(line) > _WIDEST:
            lines += [f"# {comment}", line]
        else:
            lines.append(f"{line:<{column}}  # {comment}")
    return lines


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _bare(key: str) -> str:
    return key if key and all(c.isascii() and (c.isalnum() or c in "_-") for c in key) else _quoted(key)


def _is_plain(text: str) -> bool:
    return all(char in "\n\t" or (ord(char) >= 0x20 and char != "\x7f") for char in text)


def _write(file: Path, text: str) -> None:
    """Replace a file as a whole, keeping its permissions."""
    try:
        with replacing(file) as out:
            out.write(text.encode())
    except OSError as error:
        raise _unwritable(file, error) from error


def _unwritable(path: Path, error: OSError) -> StorageFull:
    return StorageFull(
        f"{path} cannot be written: {error.strerror or error}.",
        "Free disk space, or make the folder writable.",
    )

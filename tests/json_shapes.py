"""What the JSON of a result class looks like, what ``docs/json.md`` says, and whether a value agrees.

A shape is a mapping from the path of a key (``runs[].jaccard.mean``) to its type, in the document's words.
"""

from __future__ import annotations

import dataclasses
import enum
import json
import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from stillroom.money import Amount, Band

Shape = dict[str, str]

_WORDS = {str: "string", bool: "boolean", int: "integer", float: "number", Decimal: "number", Path: "string"}
_ROW = re.compile(r"^\| `(?P<path>[^`]+)` \| (?P<type>[a-z ]+) \|(?P<meaning>.*)\|$")
_AS = re.compile(r"^ As (?:`(?P<key>\w+)` of )?`(?P<title>stillroom [^`]+)`\.")
_WHOLE = "(all)"
"""In place of a key: the output is that of another command."""


def shape_of(kind: type, prefix: str = "") -> Shape:
    """The paths and types of everything that a result class shows; private fields are left out."""
    shape: Shape = {}
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):
        if not field.metadata.get("private"):
            _add(shape, prefix + field.metadata.get("json", field.name), hints[field.name])
    return shape


def _add(shape: Shape, path: str, hint: Any) -> None:
    word, inside = _word(hint)
    shape[path] = word
    if inside is not None:
        many = "list of" in word
        shape.update(shape_of(inside, path + ("[]." if many else ".")))


def _word(hint: Any) -> tuple[str, type | None]:
    """The word for a type hint, and the result class whose keys stand below it."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        (one,) = [arm for arm in inner if arm is not type(None)]
        word, inside = _word(one)
        return word + " or null", inside
    if origin is tuple:
        word, inside = _word(inner[0])
        return f"list of {word}s", inside
    if origin in (dict, Mapping):
        word, inside = _word(inner[1])
        assert inside is None, "a map of objects needs a way to be documented"
        return f"map of {word}s", None
    if hint is Amount:
        return "amount", None
    if hint is Band:
        return "span", None
    if dataclasses.is_dataclass(hint):
        return "object", typing.cast("type", hint)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return "string", None
    return _WORDS[hint], None


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """What the document says about one output of a command."""

    shape: Shape
    examples: tuple[Any, ...]
    """Parsed JSON; trimmed, so keys may be missing in them."""


def read_sections(text: str) -> dict[str, Section]:
    """Read the document's sections by title; each begins with ``## `` and holds a table and examples.

    A row whose meaning begins with "As `stillroom compare`." or "As `hourly` of `stillroom jobs`." has the
    keys of that output below it, and "(all)" in place of its key stands for the whole output.
    """
    found: dict[str, Section] = {}
    likenesses: list[tuple[Shape, str, re.Match[str]]] = []
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        shape: Shape = {}
        for line in body.splitlines():
            row = _ROW.match(line)
            if row is not None:
                assert row["path"] not in shape, f"{title}: {row['path']} stands there twice"
                shape[row["path"]] = row["type"]
                like = _AS.match(row["meaning"])
                if like is not None:
                    likenesses.append((shape, row["path"], like))
            else:
                assert not line.startswith("| `"), f"{title}: not a row of three: {line}"
        blocks = re.findall(r"^```json\n(.*?)^```$", body, flags=re.MULTILINE | re.DOTALL)
        found[title.strip()] = Section(shape, tuple(json.loads(block) for block in blocks))
    for shape, path, like in likenesses:
        many = "[]." if "list of" in shape[path] else "."
        base = like["key"] + "[]." if like["key"] else ""
        prefix = path + many
        if path == _WHOLE:
            del shape[path]
            prefix = ""
        for key, word in list(found[like["title"]].shape.items()):
            if key.startswith(base) and (base or not key.startswith("plan.") or not prefix):
                shape[prefix + key.removeprefix(base)] = word
    return found


def disagreements(value: Any, shape: Mapping[str, str], *, trimmed: bool = False) -> list[str]:
    """Where a command's JSON is not what the shape says, one sentence each.

    Args:
        value: The whole object.
        shape: The documented one.
        trimmed: Keys may be missing, as in an example.
    """
    return list(_compare(value, shape, "", trimmed))


def _compare(value: Mapping[str, Any], shape: Mapping[str, str], prefix: str, trimmed: bool) -> Iterator[str]:
    direct = {
        path.removeprefix(prefix)
        for path in shape
        if path.startswith(prefix) and not re.search(r"[.\[]", path.removeprefix(prefix))
    }
    for name in sorted(value.keys() - direct):
        yield f"{prefix}{name} is not documented"
    if not trimmed:
        for name in sorted(direct - value.keys()):
            yield f"{prefix}{name} is documented and missing"
    for name in sorted(direct & value.keys()):
        path = prefix + name
        word = shape[path]
        if not _fits(value[name], word):
            yield f"{path} is not of type {word}: {value[name]!r}"
        elif isinstance(value[name], dict) and word.startswith("object"):
            yield from _compare(value[name], shape, path + ".", trimmed)
        elif isinstance(value[name], list) and "objects" in word:
            for one in value[name]:
                yield from _compare(one, shape, path + "[].", trimmed)


def _fits(value: Any, word: str) -> bool:
    if word.endswith(" or null"):
        return value is None or _fits(value, word.removesuffix(" or null"))
    if word.startswith("list of "):
        return isinstance(value, list) and all(_fits(one, word[8:-1]) for one in value)
    if word.startswith("map of "):
        return isinstance(value, dict) and all(_fits(one, word[7:-1]) for one in value.values())
    if word in ("amount", "span"):
        return (
            isinstance(value, dict)
            and list(value) == ["low", "likely", "high"]
            and (_all_numbers(list(value.values())) or (word == "amount" and set(value.values()) == {None}))
        )
    kinds = {"string": str, "boolean": bool, "object": dict}
    if word in kinds:
        return isinstance(value, kinds[word])
    return _all_numbers([value]) and (word == "number" or isinstance(value, int))


def _all_numbers(values: Sequence[Any]) -> bool:
    return all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)

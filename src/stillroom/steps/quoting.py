"""The headless command that does the same, as a person would type it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable
from enum import Enum
from pathlib import Path

from stillroom.shown import shown

_ELSEWHERE = ("new", "demo", "sandbox", "completion")
"""Verbs that act on no project, or name theirs themselves."""
_COMMAND = re.compile(rf"\bstillroom (?!(?:{'|'.join(_ELSEWHERE)})\b)([a-z]+)\b(?! --(?:project|help)\b)")


def plan_command(verb: str, *arguments: str, **options: object) -> str:
    """Write a command line.

    Args:
        verb: The verb.
        arguments: Its arguments, in order.
        options: Long options; None, False and empty tuples are left out, True is a bare flag, tuples are
            joined by commas (``split``, ``classes``) or repeated (``only``, ``size``, ``model``).
    """
    words: list[str] = []
    for name, value in options.items():
        flag = {"classes": "--class"}.get(name, "--" + name.replace("_", "-"))
        if value is None or value is False or value == ():
            continue
        if value is True:
            words.append(flag)
        elif isinstance(value, Iterable) and not isinstance(value, str):
            texts = [_text(one) for one in value]
            words += (
                [word for text in texts for word in (flag, text)]
                if name in ("only", "size", "model")
                else [
                    flag,
                    ",".join(texts),
                ]
            )
        else:
            words += [flag, _text(value)]
    if any(one.startswith("-") for one in arguments):
        return _line("stillroom", verb, *words, "--", *arguments)
    return _line("stillroom", verb, *arguments, *words)


def picture_word(path: str) -> str:
    """The word that names a picture by its path: an ``@`` in front would mean a list of names."""
    return f"./{path}" if path.startswith("@") else path


def sentences(told: Iterable[str]) -> str:
    """What is told, one behind the other; empty ones are left out.

    A full stop parts those that end with a command: nothing that follows may be read as a part of it.
    """
    said = [one for one in told if one]
    return " ".join([*(one if one.endswith((".", "!", "?")) else f"{one}." for one in said[:-1]), *said[-1:]])


def name_project(text: str, project: Path, is_verb: Callable[[str], bool] = lambda word: True) -> str:
    """Put ``--project`` behind the verb of each command in a text that acts on a project and names none.

    Args:
        text: A command, or words of ours with commands in them.
        project: The project's folder.
        is_verb: Whether a word behind our name is a verb: in words it may be any.
    """
    option = f" --project {shlex.quote(str(project))}"
    return _COMMAND.sub(lambda found: found[0] + option * is_verb(found[1]), text)


def _line(*words: str) -> str:
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    """A word as a shell reads it. What could steer a terminal is spelt out: it is shown so, and typed so."""
    if shown(word) == word or any("\ud800" <= char <= "\udfff" for char in word):
        return shlex.quote(word)
    return f"$'{''.join(map(_spelt, word))}'"


def _spelt(char: str) -> str:
    if char in "\\'":
        return f"\\{char}"
    if shown(char) == char:
        return char
    code = ord(char)  # beyond ASCII a shell takes \\x for a byte
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _text(value: object) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)

"""The headless command that does the same, as a person would type it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from enum import Enum


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
        return shlex.join(["stillroom", verb, *words, "--", *arguments])
    return shlex.join(["stillroom", verb, *arguments, *words])


def _text(value: object) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)

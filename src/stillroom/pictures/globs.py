"""The globs of ``pictures.include`` and ``pictures.exclude``."""

from __future__ import annotations

import re
from collections.abc import Iterable


def compile_globs(globs: Iterable[str]) -> re.Pattern[str]:
    """One pattern that matches (with ``match``) every path which one of the globs names.

    ``*`` and ``?`` stay within a folder, ``**`` crosses folders, ``[a-z]`` and ``[!a-z]`` are sets. A glob
    without a slash names files and folders at any depth; one that names a folder names all that is below it.
    Upper and lower case differ, as on the disk.
    """
    return re.compile("|".join(f"(?:{_pattern(glob)})" for glob in globs) or r"(?!)", re.DOTALL)


def _pattern(glob: str) -> str:
    glob = glob.removeprefix("./").removeprefix("/") if "/" in glob.rstrip("/") else f"**/{glob}"
    glob = glob.rstrip("/")
    parts = []
    at = 0
    while at < len(glob):
        if glob.startswith("**/", at):
            parts.append("(?:[^/]+/)*")
            at += 3
        elif glob.startswith("**", at):
            parts.append(".*")
            at += 2
        elif glob[at] == "*":
            parts.append("[^/]*")
            at += 1
        elif glob[at] == "?":
            parts.append("[^/]")
            at += 1
        elif glob[at] == "[" and (end := _end_of_set(glob, at)) > 0:
            parts.append(_set(glob[at + 1 : end]))
            at = end + 1
        else:
            parts.append(re.escape(glob[at]))
            at += 1
    return "".join(parts) + r"(?:/.*)?\Z"


def _end_of_set(glob: str, start: int) -> int:
    """Where the bracket at ``start`` is closed; -1: nowhere. One that comes first belongs to the set."""
    first = start + 2 if glob[start + 1 : start + 2] in ("!", "^") else start + 1
    return glob.find("]", first + 1)


def _set(inner: str) -> str:
    """What matches one character of a set, such as ``a-z`` or ``!a-z``; a range from z to a holds none."""
    negated = inner[0] in "!^"
    chars = inner[1:] if negated else inner
    members = []
    at = 0
    while at < len(chars):
        low, high, step = chars[at], chars[at], 1
        if chars[at + 1 : at + 2] == "-" and at + 2 < len(chars):
            high, step = chars[at + 2], 3
        if low <= high:
            members.append(f"{re.escape(low)}-{re.escape(high)}")
        at += step
    if not members:
        return "[^/]" if negated else "(?!)"
    return f"(?!/)[{'^' if negated else ''}{''.join(members)}]"

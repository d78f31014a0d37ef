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
        elif glob[at] == "[" and (end := glob.find("]", at + 2)) > 0:
            inner = glob[at + 1 : end]
            negated = inner[0] in "!^"
            body = re.sub(r"([\\\[\]&~|^])", r"\\\1", inner[1:] if negated else inner)
            parts.append(f"(?!/)[{'^' if negated else ''}{body}]")
            at = end + 1
        else:
            parts.append(re.escape(glob[at]))
            at += 1
    return "".join(parts) + r"(?:/.*)?\Z"

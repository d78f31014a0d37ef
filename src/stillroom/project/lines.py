"""On which line of a TOML text a key stands, for messages. tomllib does not tell."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*\[\s*(.+?)\s*\]\s*(?:#.*)?")
_KEY = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'))*)\s*="""
)
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'""")


def line_of(text: str, *path: str) -> int | None:
    """Find the line of a table or key.

    Args:
        text: TOML that parses.
        path: Table and key, or table alone.

    Returns:
        1-based, or None when it cannot be told (inline tables, escaped names).
    """
    table: tuple[str, ...] = ()
    open_quotes = ""
    for line_number, line in enumerate(text.split("\n"), 1):
        if open_quotes:
            if open_quotes in line:
                open_quotes = _left_open(line.split(open_quotes, 1)[1])
            continue
        header = _HEADER.fullmatch(line)
        if header is not None:
            table = _parts(header[1])
            if table == path:
                return line_number
            continue
        key = _KEY.match(line)
        if key is not None and (*table, *_parts(key[1])) == path:
            return line_number
        open_quotes = _left_open(line)
    return None


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _left_open(line: str) -> str:
    """The triple quote that this line opens and does not close; empty for none."""
    at = 0
    while at < len(line):
        triple = line[at : at + 3]
        if triple in ('"""', "'''"):
            end = line.find(triple, at + 3)
            if end < 0:
                return triple
            at = end + 3
        elif line[at] in "\"'":
            quote = line[at]
            at += 1
            while at < len(line) and line[at] != quote:
                at += 2 if quote == '"' and line[at] == "\\" else 1
            at += 1
        elif line[at] == "#":
            return ""
        else:
            at += 1
    return ""

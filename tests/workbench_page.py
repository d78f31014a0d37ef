"""What of ``docs/workbench.md`` is made of the program: the tables of keys and of the filter's columns.

Write it anew with: ``python -m tests.workbench_page``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from textual.keys import format_key

from stillroom.store.filters import COLUMNS
from stillroom.tui.actions import CATALOGUE

PAGE = Path(__file__).parents[1] / "docs" / "workbench.md"
_MADE = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_SIGNS = ("colon", "slash", "apostrophe", "asterisk", "plus", "minus")
_TITLES = {
    "app": "Everywhere",
    "table": "In the list of pictures",
    "filter": "While a filter is written",
    "projects": "Before a project is open",
    "new": "In the form for a new project",
    "find": "While a name is looked for",
    "dialog": "In whatever lies over a screen",
    "consent": "Over a plan",
    "question": "Over a question",
    "answers": "Over everybody's own words",
    "help": "Over help",
    "notices": "Over what was said so far",
}


def workbench_page() -> str:
    """The page with its tables made anew; the rest stays as it is."""
    tables = {"keys": _keys, "columns": _columns}

    def again(found: re.Match[str]) -> str:
        return found[1] + "\n" + "".join(tables[found[2]]()) + "\n" + found[3]

    return _MADE.sub(again, PAGE.read_text(encoding="utf-8"))


def _keys() -> Iterator[str]:
    """A table for each scope of the catalogue."""
    for number, (scope, actions) in enumerate(CATALOGUE.items()):
        yield ("\n" if number else "") + f"### {_TITLES.get(scope, scope.capitalize())}\n\n"
        yield "| key | what it does | id | the same without a screen |\n|---|---|---|---|\n"
        for action in actions:
            keys = " ".join(f"`{_shown(key)}`" for key in action.keys.split(","))
            command = f"`{action.command}`" if action.command else ""
            yield f"| {keys} | {action.title} | `{action.id}` | {command} |\n"


def _shown(key: str) -> str:
    """A key as people write it: ``?`` for ``question_mark``, and words for keys that have a name on them."""
    *modifiers, last = key.split("+")
    return "+".join([*modifiers, format_key(last) if "_" in last or last in _SIGNS else last])


def _columns() -> Iterator[str]:
    """A table of what a filter may name."""
    yield "| column | also | holds |\n|---|---|---|\n"
    for column in COLUMNS:
        also = " ".join(f"`{name}`" for name in column.aliases)
        words = f" ({', '.join(column.words)})" if column.words else ""
        yield f"| `{column.name}` | {also} | {column.what}{words} |\n"


if __name__ == "__main__":
    PAGE.write_text(workbench_page(), encoding="utf-8")

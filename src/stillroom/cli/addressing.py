"""Commands that are shown name the project as the user did: without ``--project`` they would mean another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stillroom.cli.options import Common

_common: Common | None = None


def address(common: Common) -> None:
    """Take note of what the command line says; its ``--project`` counts as it is when something is shown."""
    global _common
    _common = common


def addressed(text: str) -> str:
    """Our own words, with ``--project`` in each command of them when the user had to give it.

    Args:
        text: Words of ours; what is from outside in it is not touched unless it looks like a command.
    """
    if _common is None or _common.project is None or "stillroom " not in text:
        return text
    from stillroom.cli.app import VERBS
    from stillroom.steps.quoting import name_project

    verbs = {name for group in VERBS.values() for name, _ in group}
    return name_project(text, _common.project, verbs.__contains__)

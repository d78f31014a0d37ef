"""What the shell's completion offers for arguments: read from the project's store, never from AWS.

A key was pressed: nothing here takes long, and nothing says that it has failed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stillroom.cli.options import Common

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem | str]"]


def _named(kind: str) -> Complete:
    """Offer the names that ``stillroom.steps.completing`` has under ``kind``."""

    def complete(
        ctx: click.Context, parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem | str]:
        root = _root(ctx)
        if root is None:
            return []
        from stillroom.steps import completing

        given = ctx.params.get(parameter.name or "") or ()
        found: list[str] = getattr(completing, kind)(root)
        return [name for name in found if name.startswith(incomplete) and name not in given]

    return complete


models = _named("models")
students = _named("students")
deployed = _named("deployed")
training = _named("training")
runs = _named("runs")


def failures(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem | str]:
    """Offer classes of failures, several of them joined by commas."""
    from stillroom.steps import completing

    return [*completing.failures(incomplete)]


def selection(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem | str]:
    """Offer pictures and terms of a filter."""
    root = _root(ctx)
    if root is None:
        return []
    from stillroom.steps import completing

    # bash takes a word apart at its colons, and asks for what comes after the last one.
    words = [str(word) for word in ctx.params.get(parameter.name or "") or ()]
    if incomplete == ":" and words:
        return [*completing.column_values(words[-1].removeprefix("-"))]
    if words[-1:] == [":"] and len(words) > 1:
        found = completing.column_values(words[-2].removeprefix("-"))
        return [value for value in found if value.startswith(incomplete)]
    return [*completing.selection(root, incomplete)]


def _root(ctx: click.Context) -> Path | None:
    """The folder of the project that is meant; None when there is none."""
    common = ctx.find_object(Common)
    try:
        if common is not None and common.project is not None:
            return common.project if common.project.is_dir() else common.project.parent
        here = Path.cwd()
        return next((one for one in (here, *here.parents) if (one / "stillroom.toml").is_file()), None)
    except OSError:
        return None

"""How the workbench is opened: find the project, open its store, hand over to the application."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stillroom.tui.desk import AnyStep


def open_workbench(
    start: Path, *, exact: bool = False, read_only: bool = False, first: AnyStep | None = None
) -> int:
    """Open the workbench on the project at or above ``start``, or on the list of projects.

    Args:
        start: A folder, or a project file.
        exact: True: the project must be right there, not above.
        read_only: Show plans, execute nothing.
        first: A step to begin with at once.

    Returns:
        The exit code.

    Raises:
        ProjectError: The project file is wrong, or there is none where ``exact`` names one.
        StoreError: Its store cannot be used.
    """
    from stillroom.steps.nearest import nearest_project
    from stillroom.steps.workspace import open_workspace

    where: Path | None = start
    if not exact and nearest_project(start) is None:
        where, exact = _choose(start), True
    while where is not None:
        with open_workspace(where, exact=exact) as workspace:
            from stillroom.tui.app import run

            left = run(workspace, read_only=read_only, first=first)
        if not left.choose:
            return left.code
        where, exact, first = _choose(start), True, None
    return 0


def _choose(start: Path) -> Path | None:
    """Let a person choose a project, or make one; None: neither."""
    from stillroom.tui.lobby import choose

    return choose(start)

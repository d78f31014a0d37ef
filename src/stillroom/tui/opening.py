"""How the workbench is opened: find the project, open its store, hand over to the application."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stillroom.tui.desk import AnyStep


def open_workbench(
    start: Path, *, exact: bool = False, read_only: bool = False, first: AnyStep | None = None
) -> int:
    """Open the workbench on the project at or above ``start``.

    Args:
        start: A folder, or a project file.
        exact: True: the project must be right there, not above.
        read_only: Show plans, execute nothing.
        first: A step to begin with at once.

    Returns:
        The exit code.

    Raises:
        ProjectError: There is no project, or its file is wrong.
        StoreError: Its store cannot be used.
    """
    from stillroom.steps.workspace import open_workspace
    from stillroom.tui.app import run

    with open_workspace(start, exact=exact) as workspace:
        return run(workspace, read_only=read_only, first=first)

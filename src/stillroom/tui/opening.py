"""How the workbench is opened: find the project, open its store, hand over to the application."""

from __future__ import annotations

import gc
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stillroom.steps.workspace import Workspace
    from stillroom.tui.app import Leaving
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
    # Opening makes many objects that stay: collecting among them would take a tenth of the time to the first
    # screen. The workbench switches it on again when that has been drawn.
    gc.disable()
    try:
        return _open(start, exact=exact, read_only=read_only, first=first)
    finally:
        gc.enable()


def _open(start: Path, *, exact: bool, read_only: bool, first: AnyStep | None) -> int:
    from stillroom.steps.nearest import nearest_project
    from stillroom.steps.workspace import open_workspace

    start = start.absolute()  # the folder that one stands in may go while the workbench is open
    where: Path | None = start
    code = 0
    if not exact and nearest_project(start) is None:
        where, first, code = _choose(start, read_only=read_only)
        exact = True
    while where is not None:
        with open_workspace(where, exact=exact) as workspace:
            left = _stay(workspace, read_only=read_only, first=first)
        if not left.choose:
            return left.code
        root = workspace.root
        where, first, code = _choose(outside_of(root, start), back=root, read_only=read_only)
        exact = True
    return code


def _stay(workspace: Workspace, *, read_only: bool, first: AnyStep | None) -> Leaving:
    """Stay in the workbench of a project until it is left; what it leaves behind is told on stderr.

    Raises:
        Exception: Whatever nobody foresaw; the terminal has been restored by then.
    """
    from stillroom.tui.app import Leaving, Workbench
    from stillroom.tui.ending import parting_words

    app = Workbench(workspace, read_only=read_only, first=first)
    app.run(mouse=app.preferences.mouse)
    left = app.return_value or Leaving(app.return_code or 0)
    if not left.choose and (told := parting_words(workspace, app.signalled, app.cut_off)):
        with suppress(OSError):  # it may have been the end of the terminal
            os.write(2, f"{told}\n".encode(errors="replace"))
    if app.failure is not None:
        raise app.failure
    return left


def outside_of(root: Path, start: Path) -> Path:
    """Where new projects are made after a project was open: where one stood, but never inside that project.

    Args:
        root: Folder of the project.
        start: The folder that one stood in, or a project file.
    """
    return root.parent if start.resolve().is_relative_to(root.resolve()) else start


def _choose(
    start: Path, *, back: Path | None = None, read_only: bool
) -> tuple[Path | None, AnyStep | None, int]:
    """Let a person choose a project, or make one, or go ``back`` to the one that was open.

    Returns:
        Its folder, None when the person left; a step to begin with; the exit code for one who left.
    """
    gc.enable()  # it stays open for as long as it takes to choose
    from stillroom.steps.pipeline import Run
    from stillroom.tui.lobby import choose

    folder = start if start.is_dir() else start.parent
    chosen, code = choose(folder, back=back, read_only=read_only)
    if chosen is None:
        return None, None, code
    return chosen.root, Run() if chosen.demo else None, code

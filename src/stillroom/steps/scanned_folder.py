"""Which folder was scanned: pictures known of another one are not those that the project means now."""

from __future__ import annotations

from stillroom.errors import UsageError
from stillroom.steps.workspace import Workspace

_FACT = "scanned_folder"


def note_folder(workspace: Workspace) -> None:
    """Remember the folder of now, as the project file names it: a project may be moved with its pictures."""
    workspace.store.facts.put(_FACT, workspace.settings.pictures.folder)


def is_another_folder(workspace: Workspace) -> bool:
    """Whether the project file names another folder than the one that was scanned last."""
    known = workspace.store.facts.get(_FACT)
    return known is not None and known != workspace.settings.pictures.folder


def refuse_another_folder(workspace: Workspace) -> None:
    """Keep a step from what the project file does not mean any more.

    Raises:
        UsageError: The project file names another folder than the one that was scanned last.
    """
    if is_another_folder(workspace):
        raise UsageError("pictures.folder has changed since the latest scan.", "Run: stillroom scan")

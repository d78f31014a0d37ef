"""Which project a folder belongs to."""

from __future__ import annotations

from pathlib import Path

from stillroom.errors import ProjectError
from stillroom.project.reading import find
from stillroom.steps.quoting import name_project


def nearest_project(start: Path) -> Path | None:
    """The project file at or above a folder; None: there is none."""
    try:
        return find(start)
    except ProjectError:
        return None


def as_typed_here(command: str, project: Path) -> str:
    """A command as it must be typed in the current folder to mean a project, given by its folder."""
    try:
        found = nearest_project(Path.cwd())
    except OSError:  # the folder is gone
        found = None
    here = found is not None and found.parent == project
    return command if here else name_project(command, project)

"""Which project a folder belongs to."""

from __future__ import annotations

from pathlib import Path

from stillroom.errors import ProjectError
from stillroom.project.reading import find


def nearest_project(start: Path) -> Path | None:
    """The project file at or above a folder; None: there is none."""
    try:
        return find(start)
    except ProjectError:
        return None

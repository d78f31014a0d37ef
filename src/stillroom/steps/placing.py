"""Where a person has a file written: a place that cannot be is refused before the work."""

from __future__ import annotations

import os.path
from pathlib import Path

from stillroom.errors import StorageFull, UsageError, reason
from stillroom.pictures.formats import EXTENSIONS
from stillroom.steps.orders import RECORDS_FOLDER
from stillroom.steps.workspace import Workspace

_ANOTHER = "Name another file: --output FILE"


def refuse_no_place(path: Path) -> None:
    """Refuse a file in a folder that is not there: most likely it was mistyped.

    Raises:
        UsageError: The folder is missing, or is a file.
    """
    if not is_folder(path.parent):
        said = "is not a folder" if os.path.exists(path.parent) else "is not there"  # noqa: PTH110
        raise UsageError(f"{path} cannot be written: the folder {path.parent} {said}.", _ANOTHER)


def refuse_own(workspace: Workspace, path: Path) -> None:
    """Refuse a file that the project is made of: what is in it would be lost.

    Raises:
        UsageError: It is the project file, a part of its memory or of its records, or one of its pictures,
            whether or not a scan has seen that.
    """
    root, place = workspace.root, Path(os.path.realpath(path))
    own = [workspace.project.file, root / ".stillroom", root / RECORDS_FOLDER]
    if place.suffix.lower().removeprefix(".") in EXTENSIONS and os.path.exists(place):  # noqa: PTH110
        own.append(workspace.project.pictures_folder)
    if any(place.is_relative_to(os.path.realpath(one)) for one in own):
        raise UsageError(f"{path} is a part of the project itself.", _ANOTHER)


def is_folder(path: Path) -> bool:
    """Whether there is a folder. Of a name that no system takes, such as too long a one, pathlib raises."""
    return os.path.isdir(path)  # noqa: PTH112


def unwritable(path: Path, error: OSError) -> StorageFull:
    """What to say of a file that could not be written where there is a place for it."""
    return StorageFull(f"{path} cannot be written: {reason(error)}.", _ANOTHER)

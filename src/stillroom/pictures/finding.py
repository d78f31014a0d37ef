"""Finding the files that may be pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from stillroom.pictures.settings import PictureSettings
from stillroom.pictures.values import Changes, FoundFile


def find_files(folder: Path, settings: PictureSettings) -> list[FoundFile]:
    """Walk the folder.

    Raises:
        PictureError: The folder is missing, is no folder, cannot be read, or holds no pictures.
    """
    raise NotImplementedError


def compare(found: Sequence[FoundFile], known: Mapping[str, tuple[int, int]]) -> Changes:
    """Compare a walk with what was known: path → (size in bytes, mtime_ns)."""
    raise NotImplementedError

"""Drawn pictures for the demo."""

from __future__ import annotations

from pathlib import Path


def draw_scenes(folder: Path, count: int, seed: int, workers: int | None = None) -> None:
    """Draw `count` varied scenes as JPEG files ``scene-0000.jpg`` …; the same bytes for the same seed.

    Raises:
        StorageFull: The disk is full or the folder cannot be written.
    """
    raise NotImplementedError

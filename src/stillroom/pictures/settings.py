"""What a project says about its pictures: where they are, how they are split, how they are prepared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class PictureSettings:
    """The table ``[pictures]`` of the project file."""

    folder: str = "pictures"
    """Where the pictures are; relative to the project file, or absolute."""
    test: float = 0.10
    """Share of unique contents that is kept for testing, 0–0.5."""
    validation: float = 0.0
    """Share of unique contents that is kept for validation loss, 0–0.5."""
    seed: int = 7
    """Seed of the split and of the training order."""
    include: tuple[str, ...] = ()
    """Globs below the folder; empty means every picture."""
    exclude: tuple[str, ...] = ()
    """Globs below the folder that are left out."""
    near_duplicate_distance: int = 4
    """Two pictures resemble each other when their 64-bit dHashes differ in at most so many bits."""


@dataclass(frozen=True, slots=True)
class PrepareSettings:
    """The table ``[prepare]``: the bytes that teacher, training and student all see."""

    longest_side: int = 1024
    """Longest side in pixels after preparing; 0 keeps the original size. Never enlarges."""
    format: Literal["jpeg", "png", "webp"] = "jpeg"
    quality: int = 85
    """Quality of JPEG and WebP, 1–95. PNG ignores it."""

"""Reading each file once: hash, real format, size, difference hash, faults."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from stillroom.pictures.values import FoundFile, Inspection

MOST_PIXELS = 120_000_000


def inspect_many(
    folder: Path, files: Sequence[FoundFile], workers: int | None = None, *, most_pixels: int = MOST_PIXELS
) -> Iterator[Inspection]:
    """Inspect files on all cores, in the order given. Faults are flags, never exceptions."""
    raise NotImplementedError

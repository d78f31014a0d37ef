"""Making the bytes that teacher, training and student all see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from stillroom.pictures.settings import PrepareSettings
from stillroom.pictures.values import PreparedFile


def prepare_bytes(data: bytes, settings: PrepareSettings) -> tuple[bytes, str, int, int]:
    """Prepare one picture.

    Returns:
        The bytes, their format (jpeg, png, webp), width and height in pixels.

    Raises:
        PictureFlagged: The picture cannot be sent; carries flag and reason.
    """
    raise NotImplementedError


def prepare_many(
    jobs: Iterable[tuple[str, Path]], settings: PrepareSettings, target: Path, workers: int | None = None
) -> Iterator[PreparedFile]:
    """Prepare (content, path of the original) on all cores, in the order given.

    Writes ``target/<first two of content>/<content>.<jpg|png|webp>`` atomically. A file whose bytes no longer
    hash to its content is flagged `changed`.

    Raises:
        StorageFull: The disk is full or the target cannot be written.
    """
    raise NotImplementedError

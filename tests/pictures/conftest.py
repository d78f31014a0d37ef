"""Pictures made on the spot; nothing depends on files outside the test's own folder."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image


def _draw(size: tuple[int, int] = (64, 48), seed: int = 1, mode: str = "RGB") -> Image.Image:
    """A smooth random picture, different for each seed."""
    rng = random.Random(seed)
    raw = Image.frombytes("RGB", (8, 8), rng.randbytes(8 * 8 * 3))
    return raw.resize(size, Image.Resampling.BICUBIC).convert(mode)


@pytest.fixture(scope="session")
def picture() -> Callable[..., Image.Image]:
    """Draw a smooth random picture: ``picture(size, seed, mode)``."""
    return _draw


@pytest.fixture(scope="session")
def encode() -> Callable[..., bytes]:
    """Encode an image: ``encode("JPEG", size=…, seed=…, **save options)``."""

    def make(
        format: str,
        *,
        size: tuple[int, int] = (64, 48),
        seed: int = 1,
        mode: str = "RGB",
        image: Image.Image | None = None,
        **options: object,
    ) -> bytes:
        file = io.BytesIO()
        (image or _draw(size, seed, mode)).save(file, format, **options)  # type: ignore[arg-type]
        return file.getvalue()

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for originals, apart from other things in tmp_path."""
    made = tmp_path / "originals"
    made.mkdir()
    return made

"""Pictures that are drawn once, and a demo that is run once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.demos import PICTURES, Demo

from stillroom.pictures.scenes import draw_scenes


@dataclass(frozen=True)
class Finished:
    """A demo that nobody disturbed."""

    demo: Demo
    said: dict[str, Any]
    """Its JSON."""
    seconds: float
    """How long it took here."""


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn scenes, each of them unique."""
    folder = tmp_path_factory.mktemp("pictures")
    draw_scenes(folder, PICTURES, seed=3)
    return folder


@pytest.fixture(scope="session")
def finished(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    """The demo, run to its end."""
    demo = Demo(tmp_path_factory.mktemp("finished") / "demo", pictures, speed=7200)
    began = time.monotonic()
    try:
        said = demo.run()
        yield Finished(demo, said, time.monotonic() - began)
    finally:
        demo.close()

"""The fixtures of the steps: one sandbox, calm before each test, and a project that was gone through."""

from __future__ import annotations

import pytest
from tests.steps.conftest import (
    _box,
    _distilled,
    _service_models,
    _uploaded,
    box,
    distilled,
    home,
    project,
    shelf,
    uploaded,
)

from stillroom.cli import addressing

__all__ = [
    "_box",
    "_distilled",
    "_service_models",
    "_uploaded",
    "box",
    "distilled",
    "home",
    "project",
    "shelf",
    "uploaded",
]


@pytest.fixture(autouse=True)
def _unaddressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command line that another test of this process has obeyed names no project here."""
    monkeypatch.setattr(addressing, "_common", None)

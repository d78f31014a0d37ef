"""The workbench is tested on the sandbox and the projects that step tests use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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
from tests.steps.world import stillroom

from stillroom.steps.workspace import Workspace, open_workspace

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


@pytest.fixture
def workspace(project: Path) -> Iterator[Workspace]:
    """A new project, opened."""
    with open_workspace(project) as opened:
        yield opened


@pytest.fixture
def finished(distilled: Path) -> Iterator[Workspace]:
    """The distilled project, opened."""
    with open_workspace(distilled) as opened:
        yield opened


@pytest.fixture
def scanned(project: Path) -> Iterator[Workspace]:
    """A project whose pictures are known and unlabeled, opened."""
    stillroom("scan", "--project", project).ok()
    with open_workspace(project) as workspace:
        yield workspace

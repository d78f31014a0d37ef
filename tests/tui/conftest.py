"""The workbench is tested as the steps are, on opened projects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.steps.conftest import _service_models, home
from tests.steps.world import stillroom

from stillroom.steps.workspace import Workspace, open_workspace

__all__ = ["_service_models", "home"]


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

"""The command line is tested as the steps are: nothing of the machine reaches a test."""

from __future__ import annotations

import pytest
from tests.steps.conftest import _service_models, home

from stillroom.cli import addressing

__all__ = ["_service_models", "home"]


@pytest.fixture(autouse=True)
def _unaddressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command line that another test of this process has obeyed names no project here."""
    monkeypatch.setattr(addressing, "_common", None)

"""The workbench is tested on the sandbox and the projects that step tests use."""

from __future__ import annotations

from tests.steps.conftest import _box, _distilled, _service_models, box, distilled, home, project, shelf

__all__ = ["_box", "_distilled", "_service_models", "box", "distilled", "home", "project", "shelf"]

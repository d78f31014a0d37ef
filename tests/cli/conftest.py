"""The fixtures of the steps: one sandbox, calm before each test, and a project that was gone through."""

from __future__ import annotations

from tests.steps.conftest import _box, _distilled, _service_models, box, distilled, home, project, shelf

__all__ = ["_box", "_distilled", "_service_models", "box", "distilled", "home", "project", "shelf"]

"""The project file is edited, or a dialog closed, while something is gathered in a thread: nothing ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.steps.world import put
from tests.tui.test_app import gathered, opened, until

from stillroom.steps import cost_views
from stillroom.steps.costs import CostResult
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.tui.screens.values import Facets, Values
from stillroom.tui.widgets.pointed import PointedList


async def test_a_look_has_the_settings_of_one_reading(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = cost_views.cost

    with open_workspace(distilled) as workspace:

        def cost(planned: Workspace) -> CostResult:
            found = real(planned)
            put(distilled, "teacher", "model", "amazon.nova-premier-v1:0")
            workspace.reload()  # as whoever watches the file does, in a thread of its own
            return found

        monkeypatch.setattr(cost_views, "cost", cost)
        async with opened(workspace) as (app, pilot):
            await pilot.press("6")
            await until(pilot, lambda: gathered(app, "costs") or app.failure is not None)
        assert app.failure is None


async def test_values_that_are_counted_when_their_dialog_has_gone_are_dropped(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, taken = threading.Event(), asyncio.Event()

    def count() -> dict[str, dict[str, int]]:
        going.wait(30)
        return {"split": {"test": 1}}

    async def taken_down(self: PointedList) -> None:
        # The parts of the dialog go one by one, and what was counted arrives when some have gone.
        going.set()
        await taken.wait()

    real = Values._wait

    async def waited(self: Values, facets: Callable[[], Facets]) -> None:
        try:
            await real(self, facets)
        finally:
            taken.set()

    monkeypatch.setattr(PointedList, "on_unmount", taken_down, raising=False)
    monkeypatch.setattr(Values, "_wait", waited)
    with open_workspace(distilled) as workspace:
        async with opened(workspace) as (app, pilot):
            app.push_screen(Values(count))
            await until(pilot, lambda: isinstance(app.screen, Values) and bool(app.screen.query("#hint")))
            app.screen.dismiss(None)
            await until(pilot, taken.is_set)
        assert app.failure is None

"""What is drawn first: what was counted last, with its age, and without anything heavy being imported."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from stillroom.steps.remembered_standing import remember_standing
from stillroom.steps.standing import status
from stillroom.steps.standing_values import StatusResult
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.tui.app import Workbench
from stillroom.tui.desk import Desk
from stillroom.tui.screens.overview import Overview
from stillroom.tui.widgets.lines import Lines

OPENED = """
import asyncio, sys
from pathlib import Path
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.tui.app import Workbench

async def go():
    with open_workspace(Path(sys.argv[1]), exact=True) as workspace:
        app = Workbench(workspace)
        async with app.run_test() as pilot:
            while app.screen.view is None:
                await pilot.pause(0.01)
            await app.workers.wait_for_complete([one for one in app.workers if one.group == "look"])

asyncio.run(go())
print(" ".join({name.partition(".")[0] for name in sys.modules}))
"""


def test_opening_imports_nothing_heavy(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OPENED, str(project)], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "textual" in loaded
    assert loaded & {"boto3", "botocore", "PIL", "numpy", "aiohttp"} == set()


def test_what_was_counted_last_is_drawn_while_it_is_counted_again(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = threading.Event()

    def gather(self: Overview, desk: Desk, workspace: Workspace) -> StatusResult:
        counting.wait(20)
        return status(workspace)

    monkeypatch.setattr(Overview, "gather", gather)

    async def go() -> None:
        clock = [1000.0]
        with open_workspace(project, now=lambda: clock[0]) as workspace:
            now = status(workspace)
            remember_standing(workspace, replace(now, next="Do what was next then."))
            app = Workbench(workspace)
            app.desk.now = lambda: 1180.0
            async with app.run_test(size=(80, 24)) as pilot:
                await pilot.pause()
                said = app.screen.query_one("#next", Lines)
                assert "Do what was next then." in said.text
                assert app.screen.age() == "as of 3 m 00 s ago, counting"
                counting.set()
                while "Do what was" in said.text:
                    await pilot.pause(0.01)
                assert now.next in said.text
                assert app.screen.age() == ""

    asyncio.run(go())

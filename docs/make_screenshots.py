"""Make the pictures of the workbench that stand in the README: the real application on a demo project.

Usage: ``stillroom demo --headless --dir DEMO``, then
``python docs/make_screenshots.py DEMO docs/images/workbench``.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

# Read when Textual is imported: without a terminal it would draw without colour.
os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"

from stillroom.steps.workspace import open_workspace
from stillroom.tui.app import Workbench
from stillroom.tui.screens.base import Room

SHOTS = {
    "overview": ["1"],
    "dataset": ["2", "enter"],
    "labeling": ["3"],
    "compare": ["4"],
    "jobs": ["5"],
    "costs": ["6"],
    "playground": ["7"],
}
SETTLE_SECONDS = 2.0
"""Pictures are decoded and numbers gathered in threads."""


async def shoot(project: Path, folder: Path, size: tuple[int, int], names: list[str]) -> None:
    """Press the keys of each shot and save the screen as SVG."""
    with open_workspace(project, exact=True) as workspace:
        app = Workbench(workspace)
        async with app.run_test(size=size, notifications=False) as pilot:
            for name in names:
                await pilot.press(*SHOTS[name])
                await pilot.pause(SETTLE_SECONDS)
                if not isinstance(app.screen, Room):
                    raise SystemExit(f"{name}: no screen is shown")
                folder.mkdir(parents=True, exist_ok=True)
                app.save_screenshot(f"{name}.svg", str(folder))


def main() -> None:
    project, folder, *names = sys.argv[1:]
    asyncio.run(shoot(Path(project), Path(folder), (110, 30), names or list(SHOTS)))


if __name__ == "__main__":
    main()

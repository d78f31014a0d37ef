"""What the workbench's benchmarks share: a project of a million pictures, an empty app, a terminal.

The project is made once and kept in the system's folder for temporary files, about 560 MB.
The terminal counts what is drawn on it and shows nothing.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver

from stillroom.keywords import JUDGING_VERSION
from stillroom.steps.judging import judge_anew
from stillroom.steps.new import New
from stillroom.steps.targets import TEACHER, UNTUNED, target
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.tui.app import Workbench
from stillroom.tui.screens.dataset import Dataset

SIZE = (140, 40)


def project(count: int = 1_000_000) -> Path:
    """A project whose store knows so many pictures; the files themselves are not there."""
    cache = Path(tempfile.gettempdir(), "stillroom-benchmarks")
    # By the parser, too: what is made up would be judged by another, and found wanting.
    root = cache / f"unlike-pictures-{count}-{JUDGING_VERSION}"
    if not root.is_dir():
        from PIL import Image  # only here: what else runs beside us measures its memory

        from store import fill

        cache.mkdir(exist_ok=True)
        making = Path(tempfile.mkdtemp(dir=cache, prefix="making-"))
        try:
            (making / "pictures").mkdir()
            Image.new("RGB", (8, 8)).save(making / "pictures" / "one.png")
            New(making, str(making / "pictures"), sandbox=True, sizes=()).make()
            print(f"making a project of {count:,} pictures in {root} …", flush=True)
            with open_workspace(making) as workspace:
                asked = (target(workspace, TEACHER).spec, target(workspace, UNTUNED).spec)
                for spec in asked:
                    # Else what is made up would be judged, and found wanting, when it is opened.
                    judge_anew(workspace, workspace.store.runs.start_or_find(spec))
                fill(workspace.store, count, asked)
            making.rename(root)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    assert (root / ".stillroom").is_dir()
    return root


class Terminal(HeadlessDriver):
    """Takes what an app draws, and counts it; a headless driver would not be drawn on."""

    written = 0

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        type(self).written += len(data)


class Empty(App[None]):
    """The twin: an app with nothing in it."""


def on_dataset(workspace: Workspace) -> Workbench:
    """A workbench that opens on Dataset at its beginning, so that no other screen reads meanwhile."""
    nowhere = Path(tempfile.gettempdir(), "stillroom-benchmarks", "state")
    shutil.rmtree(nowhere, ignore_errors=True)
    os.environ["XDG_STATE_HOME"] = str(nowhere)
    Workbench.DEFAULT_MODE = Dataset.NAME
    return Workbench(workspace)


async def settled(bench: Workbench) -> Dataset:
    """Wait until Dataset has read all that it wants, and close the picture beside the list."""
    screen = bench.screen
    assert isinstance(screen, Dataset)
    while bench.failure is None and (screen.view is None or screen._counting):
        await asyncio.sleep(0.1)
    if bench.failure is not None:
        raise bench.failure
    screen.opened = False
    assert screen.view is not None
    screen.paint(screen.view)
    await asyncio.sleep(1)
    return screen


class running:  # noqa: N801 - reads as a word: async with running(app)
    """An app that runs beside us."""

    def __init__(self, app: App[object]) -> None:
        self.app = app
        app.driver_class = Terminal

    async def __aenter__(self) -> App[object]:
        ready = asyncio.Event()

        async def at_hand(_: object) -> None:
            ready.set()

        self.task = asyncio.create_task(self.app.run_async(size=SIZE, auto_pilot=at_hand))
        while not ready.is_set() and not self.task.done():
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
        if getattr(self.app, "failure", None) is not None:
            raise self.app.failure  # type: ignore[attr-defined]
        return self.app

    async def __aexit__(self, *_: Iterable[object]) -> None:
        self.app.exit()
        await self.task

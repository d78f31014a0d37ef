"""CPU of a page down in Dataset over 1,000,000 pictures, against a key press in an empty app.

Run: python benchmarks/dataset_page.py [--pages 200] [--pictures 1000000]

Both apps draw on a 140x40 terminal that only counts what it is given; the picture beside the list is closed.
CPU is that of the whole process, so reading blocks in a thread counts. Pages and key presses alternate in
rounds; what the apps use while nothing is pressed is measured in the same round and taken off. Bars: 12 times
the empty app's key press; at most two blocks read for a page; no store call on the loop's thread.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Sequence

from million import Empty, on_dataset, project, running, settled
from textual import events
from textual.app import App

from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store.database import Database
from stillroom.tui.screens.dataset import Dataset

BAR = 12.0
MOST_BLOCKS = 2
PAUSE = 0.04
"""Seconds between two keys: a fast hand."""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=200, help="how many pages down")
    parser.add_argument("--pictures", type=int, default=1_000_000, help="how many pictures")
    options = parser.parse_args()
    rounds = 5
    with open_workspace(project(options.pictures)) as workspace:
        pages, keys, most = asyncio.run(measure(workspace, options.pages // rounds, rounds))
    ratio = statistics.median(one / other for one, other in zip(pages, keys, strict=True))
    print(f"key press in an empty app  {statistics.median(keys) * 1000:6.2f} ms of CPU")
    print(f"page down in Dataset       {statistics.median(pages) * 1000:6.2f} ms of CPU")
    passed = ratio <= BAR and most <= MOST_BLOCKS
    print(f"blocks read for one page: at most {most} (bar {MOST_BLOCKS}); none on the loop's thread")
    print(f"ratio {ratio:.2f} (median of {rounds} pairs; bar {BAR}): {'ok' if passed else 'ABOVE THE BAR'}")
    return 0 if passed else 1


async def measure(workspace: Workspace, count: int, rounds: int) -> tuple[list[float], list[float], int]:
    """CPU seconds of each round's pages and key presses, and the most blocks that one page read."""
    bench, empty = on_dataset(workspace), Empty()
    pages: list[float] = []
    keys: list[float] = []
    most = 0
    async with running(empty), running(bench):
        screen = await settled(bench)
        loops_own = threading.current_thread()
        off_the_loop(lambda: threading.current_thread() is not loops_own)
        reads: list[int] = []
        watch_blocks(screen, reads)
        await asyncio.sleep(1)

        async def page() -> None:
            nonlocal most
            before = len(reads)
            await press(bench, "pagedown")
            most = max(most, len(reads) - before)

        for _ in range(rounds):
            pages.append(await cpu(page, count))
            keys.append(await cpu(lambda: press(empty, "pagedown"), count))
        assert screen.table.cursor == screen.table._rows_seen * count * rounds
        assert screen.table.cursor_row is not None
    return pages, keys, most


async def cpu(act: Callable[[], Awaitable[None]], count: int) -> float:
    """CPU seconds of one act, what is used without it taken off."""
    began, wall = time.process_time(), time.perf_counter()
    await asyncio.sleep(0.8)
    idle = (time.process_time() - began) / (time.perf_counter() - wall)
    began, wall = time.process_time(), time.perf_counter()
    for _ in range(count):
        await act()
    used, took = time.process_time() - began, time.perf_counter() - wall
    return max(1e-9, used - idle * took) / count


async def press(app: App[object], key: str) -> None:
    app.post_message(events.Key(key, None))
    await asyncio.sleep(PAUSE)


def watch_blocks(screen: Dataset, reads: list[int]) -> None:
    """Count the blocks that the table reads."""
    fetch = screen.table._fetch

    def counted(ids: Sequence[int]) -> list[object]:
        reads.append(len(ids))
        return fetch(ids)  # type: ignore[return-value]

    screen.table._fetch = counted  # type: ignore[assignment]


def off_the_loop(allowed: Callable[[], bool]) -> None:
    """See to it that no store call is made on the loop's thread."""
    connection = Database._connection

    def watched(self: Database) -> object:
        assert allowed(), "the store was called on the event loop's thread"
        return connection(self)

    Database._connection = watched  # type: ignore[assignment, method-assign]


if __name__ == "__main__":
    sys.exit(main())

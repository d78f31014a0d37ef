"""CPU of a page down in Dataset over 1,000,000 pictures, against a key press in an empty app.

    PYTHONPATH=benchmarks python benchmarks/dataset_page.py [--pages 200] [--pictures 1000000]

Both apps are processes of their own on a pseudo-terminal of 140x40; the picture beside the list is closed.
CPU is that of a whole process, all its threads, so reading keys, reading blocks and writing to the terminal
count. Pages and key presses are pressed in turns, and what each process uses while nothing is pressed is
measured just before and taken off. The workbench's own process counts the blocks that its table reads, and
the calls of the store on the event loop's thread.
Bars: 12 times the empty app's key press; at most two blocks read for a page; no store call on the loop.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from million import SIZE, project
from terminal import EMPTY, Terminal, processor_seconds

BAR = 12.0
MOST_BLOCKS = 2
ROUNDS = 8
PAUSE = 0.05
"""Seconds between two keys: a fast hand."""
IDLE = 1.5
"""Seconds in which nothing is pressed, before each row of keys."""
SETTLE = 6.0
"""Seconds in which everything is looked at for the first time."""
PAGE_DOWN = b"\x1b[6~"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=200, help="how many pages down")
    parser.add_argument("--pictures", type=int, default=1_000_000, help="how many pictures")
    parser.add_argument("--watched", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.watched:
        return watched(*options.watched)
    with tempfile.TemporaryDirectory() as name:
        told = Path(name, "told.json")
        pages, keys = measure(project(options.pictures), Path(name), told, options.pages // ROUNDS)
        calls = json.loads(told.read_text())
    ratio = statistics.median(one / other for one, other in zip(pages, keys, strict=True))
    print(f"key press in an empty app  {statistics.median(keys) * 1000:6.2f} ms of CPU")
    print(f"page down in Dataset       {statistics.median(pages) * 1000:6.2f} ms of CPU")
    print(f"{calls['pages']} pages, at most {calls['most']} blocks read for one (bar {MOST_BLOCKS})")
    print(f"store calls on the event loop's thread: {calls['on_loop']} (bar 0)")
    assert calls["pages"] == options.pages // ROUNDS * ROUNDS, "a page was not turned"
    passed = ratio <= BAR and calls["most"] <= MOST_BLOCKS and not calls["on_loop"]
    print(f"ratio {ratio:.2f} (median of {ROUNDS} pairs; bar {BAR}): {'ok' if passed else 'ABOVE THE BAR'}")
    return 0 if passed else 1


def measure(root: Path, folder: Path, told: Path, count: int) -> tuple[list[float], list[float]]:
    """CPU seconds of a page, and of a key press in the empty app, in each round."""
    ours = (sys.executable, __file__, "--watched", str(root), str(told))
    seats = [Terminal(command, folder, folder, SIZE) for command in (ours, EMPTY)]
    for seat in seats:
        threading.Thread(target=seat.read_all, daemon=True).start()
    workbench, empty = seats
    time.sleep(SETTLE)
    for key in (b"2", b"\r"):  # Dataset; beside a wide list the picture is open at first
        workbench.press(key)
        time.sleep(SETTLE)
    pages, keys = [], []
    for _ in range(ROUNDS):
        pages.append(cpu(workbench, count))
        keys.append(cpu(empty, count))
    for seat in seats:
        seat.end()
    return pages, keys


def cpu(seat: Terminal, count: int) -> float:
    """CPU seconds of one key press, what is used without it taken off."""
    pid = seat.process.pid
    used, began = processor_seconds(pid), time.perf_counter()
    time.sleep(IDLE)
    idle = (processor_seconds(pid) - used) / (time.perf_counter() - began)
    used, began = processor_seconds(pid), time.perf_counter()
    for _ in range(count):
        seat.press(PAGE_DOWN)
        time.sleep(PAUSE)
    time.sleep(PAUSE)
    return (processor_seconds(pid) - used - idle * (time.perf_counter() - began)) / count


def watched(root: Path, told: Path) -> int:
    """Open the workbench, and tell at its end what its table has read."""
    from stillroom.store.database import Database
    from stillroom.tui.opening import open_workbench
    from stillroom.tui.widgets.picture_table import PictureTable

    calls = {"pages": 0, "most": 0, "on_loop": 0}
    of_this_page = 0
    begin, page, connection = PictureTable.__init__, PictureTable.action_page_down, Database._connection

    def begun(self: PictureTable, fetch: object, **options: object) -> None:
        def counted(ids: Sequence[int]) -> object:
            nonlocal of_this_page
            of_this_page += 1
            if calls["pages"]:
                calls["most"] = max(calls["most"], of_this_page)
            return fetch(ids)  # type: ignore[operator]

        begin(self, counted, **options)  # type: ignore[arg-type]

    def turned(self: PictureTable) -> None:
        nonlocal of_this_page
        of_this_page = 0
        calls["pages"] += 1
        page(self)

    def asked(self: Database) -> object:
        calls["on_loop"] += bool(calls["pages"]) and _loop_runs_here()
        return connection(self)

    PictureTable.__init__ = begun  # type: ignore[assignment, method-assign]
    PictureTable.action_page_down = turned  # type: ignore[method-assign]
    Database._connection = asked  # type: ignore[assignment, method-assign]
    try:
        return open_workbench(root)
    finally:
        told.write_text(json.dumps(calls))


def _loop_runs_here() -> bool:
    """Whether this thread is that of a running event loop: who leaves reads the store when it has ended."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())

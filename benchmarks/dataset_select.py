"""Sorting and filtering 1,000,000 pictures in Dataset: against a bare loop, and what the event loop suffers.

Run: python benchmarks/dataset_select.py [--pictures 1000000] [--rounds 5]

Each list is made by the screen's own function and, in turns with it, by the shortest SQL that a person
would write in a loop over its rows (as in store.py). Then the screen itself goes through all of them while a
task on the event loop notes how late it is called; the twin is an empty app on an idle machine. Beside it
stands the same app while another process makes the same lists: what sharing the machine does to anybody.
Bars: 2 times the bare loop for each list; the longest block of the event loop at most 50 ms above the idle
empty app's.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import statistics
import sys
import time
from pathlib import Path

from million import Empty, on_dataset, project, running, settled

from stillroom.steps.browsing import Browser
from stillroom.steps.workspace import Workspace, open_workspace
from store import LISTS

BAR = 2.0
BLOCK_BAR = 0.050
BEAT = 0.005
IDLE = 6.0
"""Seconds; about as long as the lists take."""
STORE = ".stillroom/store.db"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pictures", type=int, default=1_000_000, help="how many pictures")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    parser.add_argument("--only-sql", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only_sql:
        only_sql(options.only_sql)
        return 0
    root = project(options.pictures)
    with open_workspace(root) as workspace:
        worst = max(compare(workspace, root, *each, options.rounds) for each in LISTS)
        blocks = asyncio.run(blocked(workspace, root, options.rounds))
    ours, empty, busy = (statistics.median(column) for column in zip(*blocks, strict=True))
    passed = worst <= BAR and ours - empty <= BLOCK_BAR
    print(f"worst ratio {worst:.2f} (bar {BAR})")
    print(f"longest block of the event loop: {ours * 1000:.1f} ms (in the rounds: ", end="")
    print(", ".join(f"{one * 1000:.0f}" for one, _, _ in blocks), end=")\n")
    print(f"of an empty app's: {empty * 1000:.1f} ms; while others make the lists: {busy * 1000:.1f} ms")
    print(
        f"{(ours - empty) * 1000:+.1f} ms, median of {options.rounds} (bar {BLOCK_BAR * 1000:+.0f} ms): "
        f"{'ok' if passed else 'ABOVE THE BAR'}"
    )
    return 0 if passed else 1


def compare(workspace: Workspace, root: Path, text: str, sort: str, sql: str, rounds: int) -> float:
    """Ratio of one list, both ways in turns."""
    browser = Browser(workspace)
    mine: list[float] = []
    reference: list[float] = []
    with sqlite3.connect(f"{(root / STORE).as_uri()}?mode=ro", uri=True) as bare:
        bare.execute("PRAGMA cache_size = -32000")
        bare.execute("PRAGMA temp_store = MEMORY")
        for _ in range(rounds):
            began = time.perf_counter()
            ids = browser.select(text, sort)
            mine.append(time.perf_counter() - began)
            began = time.perf_counter()
            found = []
            for row in bare.execute(sql):
                found.append(row[0])  # noqa: PERF401 - the loop that it is compared with
            reference.append(time.perf_counter() - began)
            assert sort or text or len(ids) == len(found)
    ratio = statistics.median(one / other for one, other in zip(mine, reference, strict=True))
    print(
        f"[{text}] by [{sort or 'id'}]: {len(ids):,} in {statistics.median(mine) * 1000:.0f} ms, "
        f"bare {statistics.median(reference) * 1000:.0f} ms, ratio {ratio:.2f}"
    )
    return ratio


async def blocked(workspace: Workspace, root: Path, rounds: int) -> list[tuple[float, float, float]]:
    """The longest block of the event loop in each round: ours, an empty app, and one beside others."""
    bench, empty = on_dataset(workspace), Empty()
    found = []
    async with running(empty):
        for _ in range(rounds):
            async with running(bench):
                screen = await settled(bench)
                late = Lateness()
                for text, sort, _sql in LISTS:
                    screen.filter, screen.sort = text, sort
                    screen.look()
                    while screen.view is None or (screen.view.filter, screen.view.sort) != (text, sort):
                        await asyncio.sleep(0.02)
                ours = await late.longest()
            bench = on_dataset(workspace)
            late = Lateness()
            await asyncio.sleep(IDLE)
            idle = await late.longest()
            late = Lateness()
            beside = await asyncio.create_subprocess_exec(
                sys.executable, __file__, "--only-sql", str(root), stdout=asyncio.subprocess.DEVNULL
            )
            await beside.wait()
            found.append((ours, idle, await late.longest()))
    return found


def only_sql(root: Path) -> None:
    """Make all lists once."""
    with sqlite3.connect(f"{(root / STORE).as_uri()}?mode=ro", uri=True) as bare:
        for _text, _sort, sql in LISTS:
            bare.execute(sql).fetchall()


class Lateness:
    """How late a task is called that wants to be called every few milliseconds."""

    def __init__(self) -> None:
        self._longest = 0.0
        self._task = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        while True:
            due = time.perf_counter() + BEAT
            await asyncio.sleep(BEAT)
            self._longest = max(self._longest, time.perf_counter() - due)

    async def longest(self) -> float:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        return self._longest


if __name__ == "__main__":
    sys.exit(main())

"""Memory of Dataset over 1,000,000 pictures after 200 pages down, against an empty app.

Run: python benchmarks/dataset_memory.py [--pages 200] [--pictures 1000000]

Each app runs in a process of its own and tells what it holds (resident set). Bar: 60 MiB above the empty app.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import subprocess
import sys
from pathlib import Path

BAR = 60.0
MIB = 1 << 20


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=200, help="how many pages down")
    parser.add_argument("--pictures", type=int, default=1_000_000, help="how many pictures")
    parser.add_argument("--app", choices=("empty", "dataset"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.app:
        print(*asyncio.run(APPS[options.app](options.pages, options.pictures)))
        return 0
    from million import project

    project(options.pictures)
    empty, _ = child("empty", options)
    ours, peak = child("dataset", options)
    print(f"empty app  {empty:6.1f} MiB")
    print(f"Dataset    {ours:6.1f} MiB after {options.pages} pages down, {peak:.1f} MiB at its most")
    above = ours - empty
    print(f"{above:+.1f} MiB (bar +{BAR:.0f} MiB): {'ok' if above <= BAR else 'ABOVE THE BAR'}")
    return 0 if above <= BAR else 1


def child(app: str, options: argparse.Namespace) -> tuple[float, float]:
    """MiB that an app holds at the end, and held at its most, in a process of its own."""
    words = [__file__, "--app", app, "--pages", str(options.pages), "--pictures", str(options.pictures)]
    done = subprocess.run([sys.executable, *words], stdout=subprocess.PIPE, text=True, check=True)
    now, most = done.stdout.split()
    return float(now), float(most)


def held() -> tuple[float, float]:
    """MiB resident now, and at most so far."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return pages * resource.getpagesize() / MIB, most * 1024 / MIB


async def empty_app(pages: int, _: int) -> tuple[float, float]:
    from textual import events
    from textual.app import App
    from textual.drivers.headless_driver import HeadlessDriver

    app: App[None] = App(driver_class=type("Drawn", (HeadlessDriver,), {"is_headless": False}))
    seen = (0.0, 0.0)

    async def page(_: object) -> None:
        nonlocal seen
        for _ in range(pages):
            app.post_message(events.Key("pagedown", None))
            await asyncio.sleep(0.01)
        seen = held()
        app.exit()

    await app.run_async(size=(140, 40), auto_pilot=page)
    return seen


async def dataset(pages: int, pictures: int) -> tuple[float, float]:
    from million import on_dataset, project, running, settled
    from textual import events

    from stillroom.steps.workspace import open_workspace

    with open_workspace(project(pictures)) as workspace:
        bench = on_dataset(workspace)
        async with running(bench):
            screen = await settled(bench)
            for _ in range(pages):
                bench.post_message(events.Key("pagedown", None))
                await asyncio.sleep(0.04)
            assert screen.table.cursor_row is not None
            return held()


APPS = {"empty": empty_app, "dataset": dataset}

if __name__ == "__main__":
    sys.exit(main())

"""Find 20,000 pictures that are already known, against reading the directories and the files' status.

Run: python benchmarks/scan.py [--files 20000] [--pairs 7]

The reference is the least that any scan must do: an os.scandir walk and one stat a file. Measured is the
whole step, as `stillroom scan` does it: known files read from the store, the walk, the comparison, counts.
Same process, warm caches. Bar: 3 times the reference.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from stillroom.steps.new import New
from stillroom.steps.plan import Watch
from stillroom.steps.scan import Scan
from stillroom.steps.workspace import open_workspace

BAR = 3.0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=20_000, help="how many files")
    parser.add_argument("--pairs", type=int, default=7, help="how many pairs of measurements")
    options = parser.parse_args()
    references: list[float] = []
    ours: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "pictures")
        folder.mkdir()
        lay(folder, options.files)
        New(Path(name, "project"), str(folder), sandbox=True, sizes=()).make()
        with open_workspace(Path(name, "project")) as workspace:

            def scan() -> int:
                result = Scan().execute(workspace, Scan().plan(workspace), Watch())
                assert not result.changed
                assert not result.gone
                return result.pictures

            scan()
            for pair in range(options.pairs):
                sides: list[tuple[Callable[[], int], list[float]]] = [
                    (lambda: walk(str(folder)), references),
                    (scan, ours),
                ]
                for side, times in sides if pair % 2 == 0 else sides[::-1]:
                    begun = time.perf_counter()
                    assert side() == options.files
                    times.append(time.perf_counter() - begun)
    ratio = statistics.median(one / other for one, other in zip(ours, references, strict=True))
    print(f"scandir and stat  {statistics.median(references) * 1000:6.1f} ms for {options.files:,} files")
    print(f"stillroom         {statistics.median(ours) * 1000:6.1f} ms")
    passed = ratio <= BAR
    verdict = "ok" if passed else "ABOVE THE BAR"
    print(f"ratio {ratio:.2f} (median of {options.pairs} pairs; bar {BAR}): {verdict}")
    return 0 if passed else 1


def lay(folder: Path, count: int) -> None:
    """Small pictures in sub-folders of a thousand, each with a content of its own."""
    picture = Image.new("RGB", (32, 32))
    for number in range(count):
        place = folder / f"batch-{number // 1000:03}"
        if number % 1000 == 0:
            place.mkdir()
        for bit in range(15):
            picture.putpixel(
                (bit * 2 % 32, bit * 7 % 32), (255, 255, 255) if number >> bit & 1 else (0, 0, 0)
            )
        picture.save(place / f"IMG_{number:05}.png")


def walk(directory: str) -> int:
    """Count the files below a directory, with the status of each."""
    count = 0
    with os.scandir(directory) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                count += walk(entry.path)
            else:
                entry.stat()
                count += 1
    return count


if __name__ == "__main__":
    sys.exit(main())

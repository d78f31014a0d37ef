"""Find 20,000 pictures that are already known, against reading the directories and the files' status.

Run: python benchmarks/scan.py [--files 20000] [--pairs 7]

The reference is the least that any scan must do: an os.scandir walk and one stat a file. Measured is what
finds the files and compares size and time of change with a mapping of known ones. Same process, warm caches.
Bar: 3 times the reference.
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

from stillroom.pictures import PictureSettings
from stillroom.pictures.finding import find_changes, find_files

BAR = 3.0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=20_000, help="how many files")
    parser.add_argument("--pairs", type=int, default=7, help="how many pairs of measurements")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay(folder, options.files)
        known = {file.path: (file.size, file.mtime_ns) for file in find_files(folder, PictureSettings())}

        def scan() -> int:
            changes = find_changes(folder, PictureSettings(), known)
            assert not changes.new
            assert not changes.changed
            assert not changes.gone
            return changes.same

        assert walk(str(folder)) == options.files
        references, ours = [], []
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
    """Small files in sub-folders of a thousand."""
    for number in range(count):
        place = folder / f"batch-{number // 1000:03}"
        if number % 1000 == 0:
            place.mkdir()
        (place / f"IMG_{number:05}.jpg").write_bytes(b"x" * (number % 50 + 1))


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

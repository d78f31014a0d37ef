"""Key to last byte for the next picture in Compare, against the next row in Dataset, in a real terminal line.

Run: python benchmarks/compare_next.py [--keys 40] [--size 140x40]

The workbench runs in a pty on a sandbox project of drawn scenes. Compare draws a picture of half-blocks in
24-bit colours that was decoded before it was asked for; Dataset moves its cursor with the picture beside the
list closed. Both are pressed in turns in the same process. What is measured ends with the last byte of the
first burst that a key press brings. Bar: twice.

Other work on the machine counts double here: what takes longer than a slice of the scheduler waits its turn.
The quickest tenth of the key presses, which had the machine to themselves, is printed beside the medians.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from pathlib import Path

from stillroom.pictures.scenes import draw_scenes

BAR = 2.0
SCENES = 160
QUIET = 0.12
"""Seconds without a byte that end a burst; longer than the screen's own clock."""
ROUNDS = 8
STRETCH = 8
"""Key presses in one direction."""
_OPEN = "import sys; from pathlib import Path; from stillroom.tui.opening import open_workbench; "
_OPEN += "open_workbench(Path(sys.argv[1]))"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keys", type=int, default=64, help="key presses on each screen")
    parser.add_argument("--size", default="140x40", help="columns x lines")
    options = parser.parse_args()
    columns, lines = map(int, options.size.split("x"))
    with tempfile.TemporaryDirectory(prefix="stillroom-compare-") as folder:
        root = project(Path(folder))
        with Line(root, Path(folder), (columns, lines)) as line:
            rows, pictures = measure(line, max(1, options.keys // ROUNDS))
    for what, found in (("next row in Dataset", rows), ("next picture in Compare", pictures)):
        took, size = (statistics.median(column) for column in zip(*found, strict=True))
        quick = statistics.quantiles((one for one, _ in found), n=10)[0]
        told = f"median of {len(found)}; the quickest tenth {quick * 1000:.2f} ms"
        print(f"{what:<24} {took * 1000:6.2f} ms   {size:7,.0f} bytes   {told}")
    each = len(rows) // ROUNDS
    ratios = [
        middle(pictures[start : start + each]) / middle(rows[start : start + each])
        for start in range(0, len(rows), each)
    ]
    ratio = statistics.median(ratios)
    told = "ok" if ratio <= BAR else "ABOVE THE BAR"
    print(f"ratio {ratio:.2f} (median of {len(ratios)} rounds; bar {BAR}): {told}")
    return 0 if ratio <= BAR else 1


def middle(found: Sequence[tuple[float, int]]) -> float:
    """Median of the seconds."""
    return statistics.median(took for took, _ in found)


def project(folder: Path) -> Path:
    """A sandbox project in which teacher and students have labeled drawn scenes."""
    draw_scenes(folder / "scenes", SCENES, 7)
    root = folder / "project"
    command = ["demo", "--headless", "--quiet", "--images", str(folder / "scenes"), "--sizes", "50,100"]
    subprocess.run(
        [sys.executable, "-m", "stillroom", *command, "--dir", str(root)],
        check=True,
        stdout=subprocess.DEVNULL,
        env=surroundings(folder),
    )
    return root


def surroundings(folder: Path) -> dict[str, str]:
    """What a program sees of the machine; nothing of the person's own."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "TMPDIR")}
    return kept | {
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }


def measure(line: Line, count: int) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:
    """Seconds and bytes of every key press: in Dataset, and in Compare."""
    rows: list[tuple[float, int]] = []
    pictures: list[tuple[float, int]] = []
    line.settle(3.0)
    line.press(b"4")
    line.settle(3.0)
    line.press(b"2")
    line.settle(2.0)
    if line.size[0] >= 120:
        line.press(b"\r")  # the picture beside the list is open where there is room
        line.settle(1.0)
    for number in range(ROUNDS):
        line.press(b"2")
        line.settle(0.6)
        rows += [line.press(b"j" if number % 2 == 0 else b"k") for _ in range(count)]
        line.press(b"4")
        line.settle(0.6)
        # There are only some sixteen test pictures: there and back.
        for _ in range(count):
            pictures.append(line.press(b"n" if len(pictures) // STRETCH % 2 == 0 else b"p"))
    assert min(size for _, size in rows) > 0, "a key press in Dataset drew nothing"
    assert min(size for _, size in pictures) > 0, "a key press in Compare drew nothing"
    return rows, pictures


class Line:
    """The workbench at the other end of a pty."""

    def __init__(self, root: Path, home: Path, size: tuple[int, int]) -> None:
        self.size = size
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self._process = subprocess.Popen(
            [sys.executable, "-c", _OPEN, str(root)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=surroundings(home),
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        os.close(self._ours)

    def press(self, key: bytes) -> tuple[float, int]:
        """Seconds from a key to the last byte of what it brings, and how many bytes that are."""
        began = time.perf_counter()
        os.write(self._ours, key)
        last, size = began, 0
        patience = 1.0
        while select.select([self._ours], [], [], patience)[0]:
            size += len(os.read(self._ours, 1 << 16))
            last, patience = time.perf_counter(), QUIET
        return last - began, size

    def settle(self, seconds: float) -> None:
        """Read and throw away for so long."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            if select.select([self._ours], [], [], left)[0]:
                os.read(self._ours, 1 << 16)


if __name__ == "__main__":
    sys.exit(main())

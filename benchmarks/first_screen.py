"""The first useful screen of a project of a million pictures, beside the first paint of an empty Textual app.

    PYTHONPATH=benchmarks python benchmarks/first_screen.py [PICTURES] [ROUNDS]

Each is started as a process of its own on a real pseudo-terminal of 80x24, in turns; the medians are printed.
Ours is timed from its start until the Overview's ``Next:`` line, the last of the screen, has been drawn, with
the project's name above it; the empty app until it has painted its screen for the first time. The project has
been looked at before: it opens on what is remembered, and counts afterwards.
Bar: at most twice the empty app.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import tomllib
from compileall import compile_dir
from pathlib import Path

from labeled_million import labeled
from terminal import EMPTY, OURS, Terminal

import stillroom

PAINTED = b"\x1b[48;2;"
"""The background of an empty screen, in true colour."""
NEXT = b"Next:"


def measure(command: tuple[str, ...], folder: Path, state: Path, marks: tuple[bytes, ...]) -> float:
    """Seconds from a command's start until it has drawn all marks."""
    terminal = Terminal(command, folder, state)
    try:
        return terminal.seconds_until(marks)
    finally:
        terminal.end()


def main() -> None:
    """Print the medians, and their ratio."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    # Where Python may not keep bytecode, every start would translate what has changed since.
    compile_dir(Path(stillroom.__file__).parent, quiet=1)
    root = labeled(count)
    name = tomllib.loads((root / "stillroom.toml").read_text())["project"]["name"].encode()
    subprocess.run([*OURS, "status"], cwd=root, check=True, capture_output=True)
    pairs = []
    with tempfile.TemporaryDirectory() as state:
        for turn in range(rounds + 1):
            ours = measure(OURS, root, Path(state), (name, NEXT))
            empty = measure(EMPTY, root, Path(state), (PAINTED,))
            if turn:  # the first warms caches
                pairs.append((ours, empty))
                print(
                    f"first useful screen {ours * 1000:5.0f} ms   empty app {empty * 1000:5.0f} ms",
                    flush=True,
                )
    ours, empty = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(
        f"median of {count:,} pictures: {ours * 1000:.0f} ms, empty app {empty * 1000:.0f} ms, "
        f"ratio {ratio:.2f} (bar 2)"
    )


if __name__ == "__main__":
    main()

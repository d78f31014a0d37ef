"""The first useful screen of a project of a million pictures, beside the first paint of an empty Textual app.

    PYTHONPATH=benchmarks python benchmarks/first_screen.py [PICTURES] [ROUNDS]

Each is started as a process of its own on a real pseudo-terminal of 80x24, in turns; the medians are printed.
Ours is timed from its start until the Overview's ``Next:`` line, the last of the screen, has been drawn, with
the project's name above it; the empty app until it has painted its screen for the first time. The project has
been looked at before: it opens on what is remembered, and counts afterwards.
Bar: at most twice the empty app.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
import tomllib
from pathlib import Path

from labeled_million import labeled

EMPTY = (sys.executable, "-c", "from textual.app import App; App().run()")
PAINTED = b"\x1b[48;2;"
"""The background of an empty screen, in true colour."""
OURS = (sys.executable, "-m", "stillroom")
NEXT = b"Next:"
_PATIENCE = 60.0


def seconds_until(marks: tuple[bytes, ...], command: tuple[str, ...], folder: Path, state: Path) -> float:
    """Start a command on a terminal and wait until it has drawn all ``marks``; then end it."""
    lead, follow = pty.openpty()
    fcntl.ioctl(follow, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environ = {
        **os.environ,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "XDG_STATE_HOME": str(state),
        "XDG_CONFIG_HOME": str(state),
    }
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=follow, stdout=follow, stderr=follow, cwd=folder, env=environ, start_new_session=True
    )
    os.close(follow)
    drawn = b""
    took = None
    while took is None and time.perf_counter() - began < _PATIENCE:
        if select.select([lead], [], [], 1.0)[0]:
            try:
                drawn += os.read(lead, 65536)
            except OSError:  # it has ended
                break
            if all(mark in drawn for mark in marks):
                took = time.perf_counter() - began
    _end(process, lead)
    if took is None:
        raise SystemExit(f"{command} has not drawn {marks}:\n{drawn[-2000:]!r}")
    return took


def _end(process: subprocess.Popen[bytes], lead: int) -> None:
    process.send_signal(signal.SIGTERM)
    while process.poll() is None:
        if select.select([lead], [], [], 0.1)[0]:
            try:
                os.read(lead, 65536)
            except OSError:
                break
    process.wait(_PATIENCE)
    os.close(lead)


def main() -> None:
    """Print the medians, and their ratio."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    root = labeled(count)
    name = tomllib.loads((root / "stillroom.toml").read_text())["project"]["name"].encode()
    subprocess.run([*OURS, "status"], cwd=root, check=True, capture_output=True)
    pairs = []
    with tempfile.TemporaryDirectory() as state:
        for turn in range(rounds + 1):
            ours = seconds_until((name, NEXT), OURS, root, Path(state))
            empty = seconds_until((PAINTED,), EMPTY, root, Path(state))
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

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


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, command: tuple[str, ...], folder: Path, state: Path) -> None:
        lead, follow = pty.openpty()
        fcntl.ioctl(follow, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        environ = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "XDG_STATE_HOME": str(state),
            "XDG_CONFIG_HOME": str(state),
        }
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=follow,
            stdout=follow,
            stderr=follow,
            cwd=folder,
            env=environ,
            start_new_session=True,
        )
        os.close(follow)
        self.lead = lead
        self.drawn = b""

    def read(self) -> bool:
        """Take in what was drawn; False when the process has ended."""
        try:
            if select.select([self.lead], [], [], 0.1)[0]:
                self.drawn += os.read(self.lead, 65536)
        except OSError:
            return False
        return True

    def read_all(self) -> None:
        """Take in everything until the end."""
        while self.read():
            pass

    def seconds_until(self, marks: tuple[bytes, ...]) -> float:
        """Wait until all marks have been drawn."""
        while time.perf_counter() - self.began < _PATIENCE and self.read():
            if all(mark in self.drawn for mark in marks):
                return time.perf_counter() - self.began
        raise SystemExit(f"{self.process.args} has not drawn {marks}:\n{self.drawn[-2000:]!r}")

    def end(self) -> None:
        """End it as a dropped connection would."""
        self.process.send_signal(signal.SIGTERM)
        while self.process.poll() is None and self.read():
            pass
        self.process.wait(_PATIENCE)


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

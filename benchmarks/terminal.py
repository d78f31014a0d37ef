"""What benchmarks of the workbench as a process share: a command on a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

OURS = (sys.executable, "-m", "stillroom")
EMPTY = (sys.executable, "-c", "from textual.app import App; App().run()")
"""The twin of most: a Textual app with nothing in it."""
_PATIENCE = 60.0
"""Seconds."""
_KEPT = 1 << 18
"""Bytes of what was drawn last."""


class Terminal:
    """A command on a terminal of its own."""

    def __init__(
        self, command: tuple[str, ...], folder: Path, state: Path, size: tuple[int, int] = (80, 24)
    ) -> None:
        lead, follow = pty.openpty()
        fcntl.ioctl(follow, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
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
                self.drawn = (self.drawn + os.read(self.lead, 65536))[-_KEPT:]
        except OSError:
            return False
        return True

    def press(self, key: bytes) -> None:
        """Type something."""
        os.write(self.lead, key)

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


def processor_seconds(pid: int) -> float:
    """What a process has taken of a processor so far, all its threads."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

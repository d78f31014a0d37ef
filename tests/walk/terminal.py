"""A real tmux with the installed command in it: keys go in, the screen comes out as text."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

COMMAND = Path(sys.executable).with_name("stillroom")
_PATIENCE_SECONDS = 40.0
_LOOK_SECONDS = 0.1
_STILL_LOOKS = 5
"""Looks at a screen that must all be alike for it to be still."""
_ESCAPE_SECONDS = 0.3


class Terminal:
    """One tmux server with one window of a fixed size, less the line of its status."""

    def __init__(
        self, folder: Path, size: tuple[int, int], environ: Mapping[str, str] | None = None, *, term: str = ""
    ) -> None:
        """Start a shell.

        Args:
            folder: Where the shell begins; its ``home`` becomes the home folder.
            size: Columns and lines of the whole terminal, tmux's status line included.
            environ: What the environment has besides the least.
            term: tmux's ``default-terminal``; empty: ``tmux-256color``.
        """
        self.size = size
        self.folder = folder
        home = folder / "home"
        home.mkdir(exist_ok=True)
        self._environ = {
            "PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "COLORTERM": "truecolor",
            "TZ": "UTC",
            "PS1": "$ ",
            **(environ or {}),
        }
        # The path of a socket has about a hundred characters at most; a test's folder may have more.
        self._sockets = tempfile.mkdtemp(prefix="tmux-", dir="/tmp")
        settings = folder / "tmux.conf"
        settings.write_text(
            f"set -g default-terminal {term or 'tmux-256color'}\nset -g status on\n"
            "set -g history-limit 5000\nset -g escape-time 10\nset -g remain-on-exit on\n"
        )
        columns, lines = size[0], size[1] - 1  # without a client tmux takes nothing off for its status line
        self._tmux(
            "-f", str(settings), "new-session", "-d", "-s", "walk", "-x", str(columns), "-y", str(lines),
            "env", "-i", f"TERM={term or 'tmux-256color'}",
            *(f"{name}={value}" for name, value in self._environ.items()), "sh", "-i",
        )  # fmt: skip

    def run(self, *words: str | Path) -> None:
        """Type a command and enter."""
        self.type(shlex.join(map(str, words)))
        self.press("Enter")

    def type(self, text: str) -> None:
        """Type text as it is."""
        self._tmux("send-keys", "-t", "walk", "-l", text)

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names, one after the other."""
        for key in keys:
            self._tmux("send-keys", "-t", "walk", key)
            if key == "Escape":
                # What follows an escape at once is read as one key with alt.
                threading.Event().wait(_ESCAPE_SECONDS)

    def resize(self, columns: int, lines: int) -> None:
        """Give the window another size."""
        self._tmux("resize-window", "-t", "walk", "-x", str(columns), "-y", str(lines))

    def screen(self) -> str:
        """What is seen now, without blanks at the ends of lines."""
        text = self._tmux("capture-pane", "-p", "-t", "walk")
        return "\n".join(line.rstrip() for line in text.split("\n")).rstrip("\n")

    def wait_for(self, *fragments: str, seconds: float = _PATIENCE_SECONDS, gone: str = "") -> str:
        """Wait until all fragments (regular expressions) are seen, and give the screen."""

        def seen(screen: str) -> bool:
            return all(re.search(each, screen) for each in fragments) and (not gone or gone not in screen)

        return self.wait_until(seen, f"{fragments}" + (f" without {gone!r}" if gone else ""), seconds)

    def wait_until(self, true: Callable[[str], bool], what: str, seconds: float = _PATIENCE_SECONDS) -> str:
        """Wait until something is true of the screen, and give it."""
        pause = threading.Event()
        for _ in range(round(seconds / _LOOK_SECONDS)):
            screen = self.screen()
            if true(screen):
                return screen
            pause.wait(_LOOK_SECONDS)
        raise AssertionError(f"never seen in {seconds:.0f} s: {what}\n{self.screen()}")

    def wait_until_still(self, true: Callable[[str], bool], what: str, seconds: float) -> str:
        """Wait until something is true of the screen and nothing on it has changed for a while; give it."""
        before: list[str] = []

        def still(screen: str) -> bool:
            before.append(screen)
            return len(before) > _STILL_LOOKS and set(before[-_STILL_LOOKS:]) == {screen} and true(screen)

        return self.wait_until(still, what, seconds)

    def coloured(self) -> str:
        """What is seen now, with the sequences of its colours."""
        return self._tmux("capture-pane", "-p", "-e", "-t", "walk")

    def told(self, what: str) -> str:
        """What tmux knows of its window, such as ``#{alternate_on}``."""
        return self._tmux("display-message", "-p", "-t", "walk", what).strip()

    def pids(self, fragment: str) -> list[int]:
        """Processes of this terminal's commands whose line holds a fragment."""
        words = ["ps", "-ewwo", "pid,args"]
        listed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        mine = str(self.folder)
        return [
            int(line.split()[0])
            for line in listed.splitlines()
            if fragment in line and "tmux" not in line and (mine in line or str(COMMAND) in line)
        ]

    def close(self) -> None:
        """End tmux and all that runs in it."""
        self._tmux("kill-server")
        shutil.rmtree(self._sockets)

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", f"{self._sockets}/socket", *words], capture_output=True, text=True, check=True,
            env={**os.environ, "TMUX": ""},
        )  # fmt: skip
        return done.stdout

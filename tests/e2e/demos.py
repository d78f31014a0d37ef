"""The installed command as a process of its own, at work on a demo project."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).with_name("stillroom")
SIZES = (24, 48)
PICTURES = 60


class Demo:
    """One demo project, and the command that works on it."""

    def __init__(self, folder: Path, pictures: Path, **knobs: float) -> None:
        self.folder = folder
        self.pictures = pictures
        sandbox = folder / ".stillroom" / "sandbox"
        sandbox.mkdir(parents=True)
        (sandbox / "sandbox.toml").write_text("".join(f"{name} = {value}\n" for name, value in knobs.items()))
        self._lock = sandbox / "sandbox.lock"
        home = folder.with_name(folder.name + "-home")
        home.mkdir()
        # Nothing of the caller's AWS configuration may matter to a demo.
        self._environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}

    def start(self) -> subprocess.Popen[str]:
        """Begin the demo, or go on with it."""
        sizes = ",".join(str(size) for size in SIZES)
        return self.begin("demo", "--images", str(self.pictures), "--sizes", sizes, "--dir", str(self.folder))

    def run(self) -> dict[str, Any]:
        """Run the demo to its end."""
        return self.finish(self.start())

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """Begin any command; its JSON comes on stdout, its notices are kept."""
        return subprocess.Popen(
            [COMMAND, *words, "--json", *(["--headless"] if words[0] == "demo" else [])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self._environment,
            cwd=self.folder.parent,
        )

    def finish(self, process: subprocess.Popen[str]) -> dict[str, Any]:
        """Wait for a command, which must succeed, and read its JSON."""
        said, noticed = process.communicate(timeout=120)
        assert process.returncode == 0, noticed
        result: dict[str, Any] = json.loads(said)
        return result

    def ask(self, *words: str) -> tuple[int, dict[str, Any]]:
        """Run a command on the project; give its exit code and its JSON."""
        process = self.begin(*words, "--project", str(self.folder))
        said, _ = process.communicate(timeout=60)
        return process.returncode, json.loads(said)

    def bill(self) -> dict[str, Any]:
        """What the sandbox itself has counted."""
        with urllib.request.urlopen(f"{self._url}/_sandbox/bill", timeout=30) as reply:
            bill: dict[str, Any] = json.load(reply)
        return bill

    def close(self) -> None:
        """End the sandbox, which outlives its commands."""
        if self._lock.exists():
            os.kill(json.loads(self._lock.read_text())["pid"], signal.SIGTERM)

    @property
    def _url(self) -> str:
        return f"http://127.0.0.1:{json.loads(self._lock.read_text())['port']}"

"""What an idle workbench with one running job takes of a processor, beside an empty app with a 10 Hz timer.

    python benchmarks/idle.py [SECONDS]

A small project is labeled, built and uploaded, and one job is started, all in its own sandbox, whose clock
runs at real speed: the job is in progress for the whole time. Both run on a pseudo-terminal of 80x24, at the
same time, and are left to settle before they are measured.
Bar: at most three times the empty app.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from PIL import Image, ImageDraw
from terminal import OURS, Terminal, processor_seconds

EMPTY = (
    sys.executable,
    "-c",
    """
from textual.app import App
class Ticking(App):
    def on_mount(self):
        self.set_interval(0.1, lambda: None)
Ticking().run()
""",
)
SETTLE = 10.0
"""Seconds in which the SDK is imported and everything is looked at for the first time."""
PICTURES = 60


def project(root: Path) -> Path:
    """A project with one job in progress."""
    pictures = root / "pictures"
    pictures.mkdir(parents=True)
    for number in range(PICTURES):
        image = Image.new("RGB", (160, 120), (number * 4, 255 - number * 4, number * 37 % 256))
        pen = ImageDraw.Draw(image)
        pen.ellipse((number, number % 50, 60 + number, 90), fill=(number * 53 % 256, 90, number * 29 % 256))
        image.save(pictures / f"{number:03}.png")
    say(root, "new", str(root), "--images", str(pictures), "--sandbox")
    sandbox = root / ".stillroom" / "sandbox"
    sandbox.mkdir(parents=True)
    (sandbox / "sandbox.toml").write_text("speed = 1.0\nlatency = 0.0\n")
    say(root, "scan", "-q")
    for verb in (("setup",), ("label", "teacher"), ("build",), ("upload",), ("train",)):
        say(root, *verb, "-q", *(() if verb == ("build",) else ("-y",)))
    return root


def say(root: Path, *words: str) -> None:
    """Run one command; what it says is shown when it fails."""
    done = subprocess.run([*OURS, *words], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"stillroom {' '.join(words)}: {done.stderr}")


def main() -> None:
    """Print both, and their ratio."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_STATE_HOME"] = str(folder / "state")  # nobody's list of projects gets this one
        root = project(folder / "project")
        seats = [Terminal(OURS, root, folder), Terminal(EMPTY, root, folder)]
        for seat in seats:
            threading.Thread(target=seat.read_all, daemon=True).start()
        time.sleep(SETTLE)
        before = [processor_seconds(seat.process.pid) for seat in seats]
        time.sleep(seconds)
        ours, empty = (
            processor_seconds(seat.process.pid) - was for seat, was in zip(seats, before, strict=True)
        )
        said = b"Next:" in seats[0].drawn
        for seat in seats:
            seat.end()
        said_of_jobs = subprocess.run(
            [*OURS, "jobs"], cwd=root, capture_output=True, text=True, check=True
        ).stdout
        os.kill(_sandbox(root), signal.SIGTERM)
    assert said, "the workbench was not drawn"
    assert "InProgress" in said_of_jobs, said_of_jobs
    print(
        f"{seconds:.0f} s idle: workbench {ours * 1000:.0f} ms CPU, "
        f"empty app with a timer {empty * 1000:.0f} ms, ratio {ours / empty:.2f} (bar 3)"
    )


def _sandbox(root: Path) -> int:
    """Process id of the project's sandbox."""
    return int(json.loads((root / ".stillroom" / "sandbox" / "sandbox.lock").read_text())["pid"])


if __name__ == "__main__":
    main()

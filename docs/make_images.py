"""Make ``images/status.svg`` and ``images/report.png`` for the README, from what the command says.

Run: ``python docs/make_images.py [DEMO]``. DEMO is the folder of a finished demo; without it, one is gone
through first, which takes a minute or two. Needs Chromium.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

IMAGES = Path(__file__).parent / "images"
COMMANDS = ("status", "compare")
WINDOW = (1100, 2500)
"""Pixels of the browser's window: width, and as much of the report's height as is shown."""
SHARE = 0.75
"""Size of the stored picture over that of the window."""


def stillroom(*words: str, at: Path) -> str:
    """What a command writes on stdout."""
    command = [sys.executable, "-m", "stillroom", *words]
    return subprocess.run(command, cwd=at, check=True, text=True, stdout=subprocess.PIPE).stdout


def terminal(project: Path) -> str:
    """The commands and what they say, as an SVG of a terminal that is just wide enough."""
    said = {command: stillroom(command, at=project).rstrip("\n") for command in COMMANDS}
    width = max(cell_len(line) for text in said.values() for line in text.splitlines())
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    for command, text in said.items():
        console.print(Text(f"$ stillroom {command}", style="bold"))
        console.print(Text(text), soft_wrap=True)
    return console.export_svg(title="stillroom", unique_id="stillroom")


def photograph(page: Path, target: Path) -> None:
    """Store the beginning of a page as a small PNG."""
    browser = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if browser is None:
        raise SystemExit("Chromium is missing.")
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "shot.png"
        options = (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={folder}",
        )
        size = f"--window-size={WINDOW[0]},{WINDOW[1]}"
        subprocess.run(
            [browser, *options, size, f"--screenshot={shot}", page.as_uri()], check=True, capture_output=True
        )
        with Image.open(shot) as image:
            small = image.convert("RGB").resize([round(side * SHARE) for side in image.size])
    small.quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)


def draw(project: Path) -> None:
    """Make both pictures from a finished demo."""
    (IMAGES / "status.svg").write_text(terminal(project), encoding="utf-8")
    photograph(project.absolute() / "report.html", IMAGES / "report.png")


def main() -> None:
    """Draw from the demo that is named, or from one of our own."""
    if sys.argv[1:]:
        draw(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        stillroom("demo", "--headless", "--quiet", at=Path(folder))
        project = Path(folder) / "stillroom-demo"
        try:
            draw(project)
        finally:
            lock = project / ".stillroom" / "sandbox" / "sandbox.lock"
            os.kill(json.loads(lock.read_text(encoding="utf-8"))["pid"], signal.SIGTERM)


if __name__ == "__main__":
    main()

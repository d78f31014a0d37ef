"""A project's own sandbox: found through its lock file, started when a step needs it.

The sandbox is only ever a process of its own, reached over HTTP: nothing here imports it.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import IO, Any

from stillroom.errors import StillroomError, StorageFull, Unreachable, reason

_READY = 30.0
"""Seconds a sandbox may take to start; a cold disk needs several."""

USUAL_SPEED = 720.0
"""Sandbox seconds a wall second, unless its knobs say otherwise."""


def sandbox_folder(root: Path) -> Path:
    """Where a project's sandbox keeps its state."""
    return root / ".stillroom" / "sandbox"


def find(root: Path) -> str | None:
    """URL of the project's running sandbox; None when none runs.

    A note that was copied with its project, or left by a sandbox that was killed, may lead to another's.
    """
    folder = sandbox_folder(root)
    try:
        said = json.loads((folder / "sandbox.lock").read_text(encoding="utf-8"))
        url = f"http://127.0.0.1:{int(said['port'])}"
        held = (folder / "sandbox.held").stat()
        about = get(url, "/_sandbox/", seconds=5)
    except (OSError, ValueError, KeyError, TypeError, StillroomError):
        return None
    return url if about.get("held") == [held.st_dev, held.st_ino] else None


def speed_to_be(root: Path) -> float:
    """How fast the clock of the project's sandbox will run when it is started: its knob, else the usual."""
    try:
        with (sandbox_folder(root) / "sandbox.toml").open("rb") as file:
            return max(1.0, float(tomllib.load(file).get("speed", USUAL_SPEED)))
    except (OSError, ValueError, TypeError):
        return USUAL_SPEED  # a file that is wrong is told of when the sandbox is started


def get(url: str, path: str, *, seconds: float = 30) -> dict[str, Any]:
    """Read one of the sandbox's own JSON pages.

    Raises:
        Unreachable: Nothing answers there, or not with JSON.
    """
    # Late: most commands, and the workbench's first screen, ask no sandbox.
    from urllib.request import ProxyHandler, build_opener

    direct = build_opener(ProxyHandler({}))  # a proxy of the environment must not come between
    try:
        with direct.open(url + path, timeout=seconds) as reply:
            data = json.load(reply)
    except (OSError, ValueError) as error:
        raise Unreachable(
            f"The sandbox at {url} did not answer: {error}", "Run the command again to start it anew."
        ) from error
    if not isinstance(data, dict):
        raise Unreachable(f"What answers at {url} is not a sandbox.", "Check aws.endpoint_url.")
    return data


def ensure(root: Path) -> str:
    """Give the URL of the project's sandbox, starting it when none runs.

    The process outlives the command: training goes on, and it ends by itself when idle.

    Raises:
        StorageFull: Its folder cannot be written.
        StillroomError: It cannot be started.
    """
    running = find(root)
    if running is not None:
        return running
    folder = sandbox_folder(root)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log = (folder / "sandbox.log").open("ab")
    except OSError as error:
        raise StorageFull(
            f"The sandbox could not be started: {folder} cannot be written: {reason(error)}.",
            "Free disk space, or make the project folder writable.",
        ) from error
    with log:
        process, line = _begin(folder, log)
    if line.startswith("sandbox http://"):
        # Its end is nobody's business here; without this, Python warns that it still runs.
        process.returncode = 0
        return line.removeprefix("sandbox ").strip()
    if process.poll() is None:
        process.kill()
    process.wait()
    # Another command may have started one at the same moment; the folder's lock let only one in.
    running = find(root)
    if running is not None:
        return running
    raise StillroomError(
        "The sandbox could not be started: " + _last_words(folder / "sandbox.log"),
        f"See {folder / 'sandbox.log'}; the sandbox needs: pip install 'stillroom[sandbox]'",
    )


def _begin(folder: Path, log: IO[bytes]) -> tuple[subprocess.Popen[bytes], str]:
    """Start a sandbox; gives the first line that it says, too.

    Raises:
        StillroomError: The machine starts no process.
    """
    try:
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as said:
            # Its end of the pipe is its own alone: that it is gone is then seen here.
            with os.fdopen(writing, "wb") as saying:
                process = subprocess.Popen(
                    [sys.executable, "-m", "stillroom.sandbox", "--port", "0", "--dir", str(folder)],
                    stdin=subprocess.DEVNULL,
                    stdout=saying,
                    stderr=log,
                    start_new_session=True,
                    cwd=folder,
                )
            return process, _first_line(said, _READY)
    except OSError as error:
        raise StillroomError(
            f"The sandbox could not be started with {sys.executable}: {reason(error)}.",
            "See that it is there and that this machine has memory left, then try again.",
        ) from error


def _first_line(stream: IO[bytes], seconds: float) -> str:
    """Read one line, waiting at most so long; empty when the other end closes first."""
    deadline = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            if selector.select(left):
                return stream.readline().decode("utf-8", "replace")
    return ""


def _last_words(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return "it said nothing."
    return lines[-1] if lines else "it said nothing."

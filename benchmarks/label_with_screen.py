"""Labeling with the Labeling screen open, beside the very same run without a screen.

    python benchmarks/label_with_screen.py [--pictures 2000] [--pairs 3] [--in-flight 64] [--latency 0.2]

Each run is a process of its own that labels a fresh copy of one project, whose pictures have been prepared,
through a loopback endpoint (see ``label``). Pairs alternate; rates are the runs' own, medians are printed.
Bar: with the screen at least 0.95 of the rate without.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import random
import shutil
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from label import Endpoint
from PIL import Image
from terminal import OURS, Terminal

from stillroom.project.writing import edit
from stillroom.steps.new import New
from stillroom.steps.plan import Watch
from stillroom.steps.preparing import ensure_prepared
from stillroom.steps.scan import Scan
from stillroom.steps.workspace import open_workspace

MODEL = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-pro-v1:0"


SANDBOX = b'{"stillroom_sandbox": "benchmark", "speed": 1.0}'
LOOKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(SANDBOX)


class Box(Endpoint):
    """The same endpoint, which says that it is a sandbox when it is asked."""

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"GET ") and not self.missing:
            self.transport.write(LOOKED + SANDBOX)
            return
        super().data_received(data)


def serve(ready: Pipe, latency: float) -> None:
    """Answer on a free port until the process is ended; the port goes through ``ready``."""

    async def listen() -> None:
        Box.latency = latency
        server = await asyncio.get_running_loop().create_server(Box, "127.0.0.1", 0, backlog=256)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(listen())


def make(root: Path, pictures: int, port: int, in_flight: int) -> None:
    """A project whose pictures are scanned and prepared."""
    folder = root / "pictures"
    folder.mkdir(parents=True)
    dice = random.Random(7)
    for number in range(pictures):
        image = Image.frombytes("RGB", (16, 12), dice.randbytes(16 * 12 * 3)).resize((256, 192))
        image.save(folder / f"{number:05}.jpg")
    New(root, str(folder), endpoint_url=f"http://127.0.0.1:{port}", sizes=()).make()
    file = root / "stillroom.toml"
    for table, key, value in (
        ("teacher", "model", MODEL),
        ("limits", "concurrency", in_flight),
        ("limits", "requests_per_minute", 1_000_000),
        ("limits", "tokens_per_minute", 1_000_000_000),
    ):
        edit(file, table, key, value)
    with open_workspace(root, exact=True) as workspace:
        workspace.store.facts.put(f"sandbox:http://127.0.0.1:{port}", "yes")
        scan = Scan()
        scan.execute(workspace, scan.plan(workspace), Watch())
        ensure_prepared(workspace, workspace.store.pictures.contents(), Watch())


def without(copy: Path) -> None:
    """Label as a script does."""
    subprocess.run([*OURS, "label", "teacher", "-y", "-q"], cwd=copy, check=True)


def with_screen(copy: Path) -> None:
    """Label from the Labeling screen of a workbench on a terminal of its own, and stay there."""
    terminal = Terminal(OURS, copy, copy)
    terminal.seconds_until((b"Next:",))
    for key, answer in ((b"3", b"not begun"), (b"L", b"Label "), (b"\r", b"running")):
        time.sleep(2)
        terminal.drawn = b""
        os.write(terminal.lead, key)
        terminal.seconds_until((answer,))
    reading = threading.Thread(target=terminal.read_all, daemon=True)
    reading.start()
    while rate(copy) is None:
        time.sleep(1)
    terminal.process.send_signal(signal.SIGTERM)
    terminal.process.wait(60)
    reading.join()


def rate(copy: Path) -> float | None:
    """Pictures a second of the run, as the store says; None while it goes on."""
    with open_workspace(copy, exact=True) as workspace:
        run = next((run for run in workspace.store.runs.all() if run.spec.name == "teacher"), None)
        if run is None or run.holder is not None:
            return None
        return workspace.store.runs.tempo(run.id).per_second


def measure(root: Path, how: Callable[[Path], None], name: str) -> float:
    """Label a fresh copy."""
    copy = root.with_name(name)
    shutil.copytree(root, copy)
    how(copy)
    found = rate(copy)
    shutil.rmtree(copy)
    assert found
    return found


def main() -> None:
    """Start the endpoint, measure, end it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pictures", type=int, default=2000)
    options.add_argument("--pairs", type=int, default=3)
    options.add_argument("--in-flight", type=int, default=64)
    options.add_argument("--latency", type=float, default=0.2, help="seconds until the endpoint answers")
    asked = options.parse_args()
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs, asked.latency), daemon=True)
    server.start()
    pairs = []
    with tempfile.TemporaryDirectory() as name:
        root = Path(name, "project")
        make(root, asked.pictures, mine.recv(), asked.in_flight)
        for turn in range(asked.pairs):
            found = {}
            for how in (with_screen, without) if turn % 2 else (without, with_screen):
                found[how] = measure(root, how, f"{how.__name__}-{turn}")
            pairs.append((found[with_screen], found[without]))
            print(
                f"pair {turn + 1}: with the screen {found[with_screen]:.1f}/s, "
                f"without {found[without]:.1f}/s, ratio {found[with_screen] / found[without]:.3f}",
                flush=True,
            )
    server.terminate()
    server.join()
    print(f"median ratio {statistics.median(ours / other for ours, other in pairs):.3f} (bar 0.95)")


if __name__ == "__main__":
    main()

"""What tests of steps and of the command line share: drawn pictures, a sandbox, the command in-process."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from stillroom.store.opening import Store

CALM = {
    "latency": 0.0,
    "speed": 200_000.0,
    "quotas": "off",
    "provisioned_units": 0,
    "no_access": [],
    "faults": dict.fromkeys(
        ("throttle", "error_5xx", "drop", "slow", "truncated", "refusal", "prose", "job"), 0.0
    ),
}
"""Knobs that a test begins with: nothing goes wrong, and jobs take no time."""


class Box:
    """A running sandbox."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.process = subprocess.Popen(
            # Slow tests come first: it may be long until those of the same room come that need it again.
            [
                sys.executable,
                "-m",
                "stillroom.sandbox",
                "--port",
                "0",
                "--dir",
                str(folder),
                "--idle",
                "3600",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[-1]

    def turn(self, **knobs: Any) -> None:
        """Set some knobs."""
        data = json.dumps(knobs).encode()
        request = urllib.request.Request(f"{self.url}/_sandbox/knobs", data=data, method="PUT")
        with urllib.request.urlopen(request) as answer:
            answer.read()

    def bill(self) -> dict[str, Any]:
        """What it has served, trained and held."""
        with urllib.request.urlopen(self.url + "/_sandbox/bill") as answer:
            bill: dict[str, Any] = json.load(answer)
        return bill

    def served(self) -> int:
        """Converse calls that were answered."""
        return sum(call["served"] for call in self.bill()["calls"])

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """A boto3 client of somebody else; close it."""
        import boto3

        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id="AKIASOMEBODY",
            aws_secret_access_key="secret",
        )

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Its result: exactly one JSON object, and nothing else on stdout."""
        assert self.out.count("\n") == 1, f"not one line: {self.out!r}"
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    def ok(self) -> Said:
        """The same, when it went well."""
        assert self.code == 0, f"exit {self.code}\n{self.err}\n{self.out}"
        return self

    def refused(self, code: int, *fragments: str) -> Said:
        """The same, when it ended with this code and two clear lines that hold these fragments."""
        assert self.code == code, f"exit {self.code}, not {code}\n{self.err}\n{self.out}"
        lines = self.err.splitlines()
        starts = [number for number, line in enumerate(lines) if line.startswith("stillroom: ")]
        assert len(starts) == 1, f"not one error: {self.err!r}"
        message = lines[starts[0] :]
        assert len(message) == 2, f"not two lines: {message}"
        assert all(line.strip() for line in message)
        assert "Traceback" not in self.err
        for fragment in fragments:
            assert fragment in "\n".join(message), f"{fragment!r} is not in {message}"
        assert_tame(self.err + self.out)
        return self


def assert_tame(text: str) -> None:
    """Nothing in the text can steer a terminal."""
    wild = sorted({char for char in text if char != "\n" and not char.isprintable()})
    assert not wild, f"reaches the terminal: {wild}"


class _Closed(io.StringIO):
    """A stdin nobody sits at."""

    def isatty(self) -> bool:
        return False


def stillroom(*words: str | Path, at: Path | None = None, whole: bool = False) -> Said:
    """Run the command in this process, as ``stillroom WORDS`` would run in a pipe.

    Args:
        words: The command line.
        at: The current folder of the command.
        whole: Whether the commands that it shows name the project as they do; False: they are given as they
            are in the project's own folder.
    """
    from stillroom.cli.app import run

    before = sys.argv, sys.stdin, sys.stdout, sys.stderr, sys.excepthook, Path.cwd()
    out, err = io.StringIO(), io.StringIO()
    sys.argv = ["stillroom", *(str(word) for word in words)]
    sys.stdin, sys.stdout, sys.stderr = _Closed(), out, err
    try:
        if at is not None:
            os.chdir(at)
        run()
    except SystemExit as leaving:
        code = leaving.code
    finally:
        sys.argv, sys.stdin, sys.stdout, sys.stderr, sys.excepthook = before[:5]
        os.chdir(before[5])
    assert isinstance(code, int)
    named = "" if whole or "--project" not in words else words[words.index("--project") + 1]
    away = f" --project {named}" if named else "\0"
    return Said(code, out.getvalue().replace(away, ""), err.getvalue().replace(away, ""))


def until(true: Callable[[], bool], wanted: str, seconds: float = 30) -> None:
    """Look again and again until something has come to be; fail with a sentence where it does not in time.

    Args:
        true: Whether it has.
        wanted: What is waited for, as a sentence has it.
        seconds: Those after which nobody waits any longer.
    """
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{wanted} has not come to be in {seconds:g} s."
        time.sleep(0.001)


def spawn(*words: str | Path, at: Path | None = None, **environment: str) -> subprocess.Popen[str]:
    """Start the command as a process of its own, in a pipe."""
    return subprocess.Popen(
        [sys.executable, "-m", "stillroom", *(str(word) for word in words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=at,
        env={**os.environ, **environment},
    )


def ended(process: subprocess.Popen[str], seconds: float = 60) -> Said:
    """What a process said until its end."""
    out, err = process.communicate(timeout=seconds)
    return Said(process.returncode, out, err)


@contextmanager
def killed_at_the_end(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Let no process outlive its test."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait(20)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def draw(path: Path, seed: int, size: tuple[int, int] = (120, 80), form: str | None = None) -> Path:
    """Draw a picture that resembles no other: a sky, a ground, and shapes by chance."""
    chance = random.Random(seed)
    image = Image.new("RGB", size, _colour(chance))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, size[1] * chance.uniform(0.3, 0.8), *size), fill=_colour(chance))
    for _ in range(6):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        box = (x, y, x + chance.randrange(15, 60), y + chance.randrange(15, 50))
        chance.choice((pen.ellipse, pen.rectangle))(box, fill=_colour(chance))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, form)
    return path


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randrange(256), chance.randrange(256), chance.randrange(256)


def gallery(folder: Path, count: int = 30, copies: int = 2, seed: int = 0) -> Path:
    """A folder of pictures of different content, and copies of the first ones."""
    for number in range(count):
        draw(folder / f"p{number:02d}.jpg", seed + number)
    for number in range(copies):
        shutil.copyfile(folder / f"p{number:02d}.jpg", folder / f"copy{number}.jpg")
    return folder


def make(
    root: Path, pictures: Path, box: Box, *sets: tuple[str, str, object], sizes: Sequence[int] = ()
) -> Path:
    """Make a project that calls a running sandbox, with values of its own."""
    stillroom("new", root, "--images", pictures, "--endpoint-url", box.url).ok()
    if sizes:
        put(root, "training", "sizes", list(sizes))
    for table, key, value in sets:
        put(root, table, key, value)
    return root


def put(root: Path, table: str, key: str, value: object) -> None:
    """Set one value in a project file, as a user would with an editor."""
    file = root / "stillroom.toml"
    lines = file.read_text(encoding="utf-8").split("\n")
    start = lines.index(f"[{table}]")
    for number in range(start + 1, len(lines)):
        if lines[number].startswith(f"{key} ="):
            lines[number] = f"{key} = {json.dumps(value)}"
            break
        assert not lines[number].startswith("["), f"[{table}] has no {key}"
    file.write_text("\n".join(lines), encoding="utf-8")


def as_if_aws(root: Path) -> None:
    """Make a project of the sandbox one of AWS, with everything that it holds."""
    with Store.open(root) as store:
        store.facts.put("made_by", "aws")
    put(root, "aws", "endpoint_url", "")


def copied(root: Path, target: Path) -> Path:
    """The same project at another place, with everything it remembers."""
    return Path(shutil.copytree(root, target))


def answers(root: Path) -> dict[str, int]:
    """What a project's store holds, counted: for saying that nothing was lost, or nothing was added."""
    import sqlite3

    with sqlite3.connect(f"file:{root}/.stillroom/store.db?mode=ro", uri=True) as store:
        tables = ("files", "contents", "runs", "answers", "attempts", "records", "jobs", "students")
        found = {name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        counts = {
            name: store.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608
            for name in tables
            if name in found
        }
    store.close()
    return counts

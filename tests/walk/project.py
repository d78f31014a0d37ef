"""One project, and the workbench that is opened on it in a terminal and ended in every way."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.walk.terminal import Terminal

TRUTH_SECONDS = 2.0
ENDS = {"hangup": signal.SIGHUP, "terminate": signal.SIGTERM, "kill": signal.SIGKILL, "closed": signal.SIGHUP}


class Project:
    """A project with a sandbox of its own, and the terminal that it is worked on in."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root = root
        self.folder = folder
        self.terminal = Terminal(folder, (100, 30))
        self.terminal.wait_for(r"\$$")

    def turn(self, **knobs: float) -> None:
        """Set knobs of the sandbox, whether it runs or not."""
        url = self.sandbox_url()
        if url is None:
            box = self.root / ".stillroom" / "sandbox"
            box.mkdir(parents=True, exist_ok=True)
            (box / "sandbox.toml").write_text("".join(f"{name} = {value}\n" for name, value in knobs.items()))
            return
        data = json.dumps(knobs).encode()
        with urllib.request.urlopen(
            urllib.request.Request(url + "/_sandbox/knobs", data, method="PUT")
        ) as said:
            said.read()

    def sandbox_url(self) -> str | None:
        lock = self.root / ".stillroom" / "sandbox" / "sandbox.lock"
        return f"http://127.0.0.1:{json.loads(lock.read_text())['port']}" if lock.exists() else None

    def bill(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.sandbox_url()}/_sandbox/bill") as said:
            bill: dict[str, Any] = json.load(said)
        return bill

    def served(self) -> int:
        """Converse calls that were answered, all of them paid."""
        return sum(call["served"] for call in self.bill()["calls"])

    def open(self) -> None:
        self.terminal.type(f"stillroom --project {self.root}; echo ended $?")
        self.terminal.press("Enter")

    def open_again(self, *fragments: str) -> str:
        """Open it, see what must be there, and say how long that took from the command.

        Where it took too long it is opened anew, at most twice: what else runs on a machine only ever adds.
        One with more to do than it has cores gets as much longer.
        """
        allowed = TRUTH_SECONDS * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        for attempt in range(3):
            self.terminal.run("clear")
            self.terminal.wait_for(r"^\$$")
            self.terminal.type(f"stillroom --project {self.root}; echo ended $?")
            began = time.monotonic()
            self.terminal.press("Enter")
            screen = self.terminal.wait_for(*fragments)
            took = time.monotonic() - began
            print(f"{took:.2f} s from the command to: {' '.join(fragments)}")  # noqa: T201
            if took <= allowed:
                return screen
            if attempt < 2:
                self.end("terminate")
        raise AssertionError(f"{took:.2f} s\n{screen}")

    def pid(self) -> int:
        """The workbench's process."""
        found = self.terminal.pids(f"--project {self.root}")
        assert len(found) == 1, f"{found}\n{self.terminal.screen()}"
        return found[0]

    def end(self, how: str) -> None:
        """End the workbench in a way, and see that it is gone and the terminal as it was."""
        pid, began = self.pid(), time.monotonic()
        if how == "closed":
            self.terminal.close()
        else:
            os.kill(pid, ENDS[how])
        gone(pid, 20)
        print(f"{time.monotonic() - began:.2f} s from {how} to the end")  # noqa: T201
        if how == "closed":
            self.terminal = Terminal(self.folder, (100, 30))
            self.terminal.wait_for(r"\$$")
            return
        self.terminal.wait_for(f"ended {128 + ENDS[how]}")
        if how == "kill":  # nobody can restore it
            self.terminal.type("stty sane; tput reset")
            self.terminal.press("C-j")  # as it was left, enter is no line feed
            self.terminal.wait_for(r"^\$$")
        else:
            assert_restored(self.terminal)

    def check_store(self) -> None:
        with sqlite3.connect(f"file:{self.root}/.stillroom/store.db?mode=ro", uri=True) as store:
            assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert store.execute("PRAGMA foreign_key_check").fetchone() is None
        store.close()

    def close(self) -> None:
        self.terminal.close()
        stop_sandbox(self.root)


def assert_restored(terminal: Terminal) -> None:
    """The shell's own screen, a cursor, no mouse, and a line that echoes what is typed."""
    known = terminal.told("#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{wrap_flag} #{keypad_flag}")
    assert known == "0 1 0 1 0", known
    terminal.run("clear")
    terminal.type(
        "stty -a | tr ' ;' '\\n\\n' | grep -xE -- '-?(echo|icanon|isig|icrnl|ixon|iexten)' | tr '\\n' ,"
    )
    terminal.press("Enter")
    terminal.wait_for(r"(?m)(^|\$ )icrnl,ixon,isig,icanon,iexten,echo,")
    terminal.press("Enter")
    terminal.run("clear")


def gone(pid: int, seconds: float) -> None:
    """Wait until a process is gone."""
    pause = threading.Event()
    for _ in range(round(seconds / 0.05)):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        pause.wait(0.05)
    raise AssertionError(f"process {pid} is still there after {seconds:.0f} s")


def stop_sandbox(root: Path) -> None:
    lock = root / ".stillroom" / "sandbox" / "sandbox.lock"
    if lock.exists():
        pid = int(json.loads(lock.read_text())["pid"])
        os.kill(pid, signal.SIGTERM)
        gone(pid, 20)

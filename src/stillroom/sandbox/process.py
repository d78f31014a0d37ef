"""The sandbox as a process: one for each folder, found by its lock file, ending by itself when idle."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from aiohttp import web

from stillroom.sandbox.admin import Admin
from stillroom.sandbox.assembly import Sandbox
from stillroom.sandbox.server import Front

HOST = "127.0.0.1"
_BACKLOG = 1024
"""Connections that may wait to be taken."""
_LOOK = 0.5
"""Seconds between looks at the idle time."""
_PATIENCE = 10.0
"""Seconds that a holder is given to say where it listens, or to let go."""
_PAUSE = 0.05


class FolderHeld(RuntimeError):
    """Another live sandbox holds the folder; the message names its pid and port."""


class Folder:
    """A sandbox's folder, held by one process at a time."""

    def __init__(self, path: Path, pause: Callable[[float], None] = time.sleep) -> None:
        """Take the folder, making it when there is none.

        A holder without a note is about to write one or to end: it is waited for, since whoever is refused
        looks for the note next.

        Args:
            path: The folder.
            pause: Waits so many seconds.

        Raises:
            FolderHeld: A live process has it.
            OSError: It cannot be made or written.
        """
        self._is_new = not path.exists()
        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._note = path / "sandbox.lock"
        # The lock lies beside the note: the note is replaced as a whole, and a lock belongs to one inode.
        self._held: IO[str] = (path / "sandbox.held").open("a+")
        looks = round(_PATIENCE / _PAUSE)
        while not self._taken():
            looks -= 1
            whose = self._whose()
            if whose or not looks:
                self._held.close()
                raise FolderHeld(f"{path} is held by a running sandbox{whose}")
            pause(_PAUSE)
        # One that was killed leaves its note; what stands there is to be the holder's own.
        self._note.unlink(missing_ok=True)

    def _taken(self) -> bool:
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _whose(self) -> str:
        note = self._noted()
        return f" (pid {note['pid']}, port {note['port']})" if {"pid", "port"} <= note.keys() else ""

    def _noted(self) -> dict[str, object]:
        """What the note says; empty when there is none that can be read."""
        try:
            note = json.loads(self._note.read_text())
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}

    @property
    def thrown_away(self) -> bool:
        """Whether the folder is no longer where it was: what is answered now would be kept nowhere."""
        try:
            there = (self.path / "sandbox.held").stat()
        except FileNotFoundError:
            return True
        return not os.path.samestat(there, os.fstat(self._held.fileno()))

    def announce(self, port: int) -> None:
        """Write ``sandbox.lock`` with pid and port, at once and whole."""
        fresh = self.path / "sandbox.lock.new"
        fresh.write_text(json.dumps({"pid": os.getpid(), "port": port}) + "\n")
        fresh.replace(self._note)

    def withdraw(self) -> None:
        """Remove the note: nobody is answered any more. Another's stays, where the folder was made anew."""
        if self._noted().get("pid") == os.getpid():
            self._note.unlink(missing_ok=True)

    def leave(self) -> None:
        """Let another process have the folder; nothing may be written to it from now on."""
        self.withdraw()
        self._held.close()

    def undo(self) -> None:
        """Leave the folder before anything was kept in it; one that was made for this goes again."""
        if self._is_new:
            Path(self._held.name).unlink()
            self.path.rmdir()
        self.leave()


class _Idle:
    """How long nobody has asked for anything."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._open = 0
        self._last = now()

    def touched(self, change: int) -> None:
        self._open += change
        self._last = self._now()

    def seconds(self) -> float:
        return 0.0 if self._open else self._now() - self._last

    def wake(self) -> None:
        self._last = self._now()


async def serve(folder: Folder, port: int, idle: float, say: Callable[[str], None]) -> None:
    """Serve until a signal comes, the folder is thrown away, or nobody wants anything any more.

    Args:
        folder: Held by this process.
        port: 0 picks a free one.
        idle: Seconds without request or running job until the server ends; 0 means never.
        say: Told the URL at which it listens, once it does.

    Raises:
        OSError: The port is taken.
    """
    loop = asyncio.get_running_loop()
    try:
        bound = socket.create_server((HOST, port), backlog=_BACKLOG)
    except OSError:
        folder.undo()  # nobody wants the state of a sandbox that never was
        raise
    sandbox = Sandbox(folder.path)
    stopped = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stopped.set)
    rest = _Idle(loop.time)
    front = Front(sandbox.dispatcher, Admin(sandbox).handle, rest.touched)
    # Objects keep the coding they were sent in.
    server = web.Server(front.handle, auto_decompress=False, access_log=None)
    try:
        listening = await loop.create_server(server, sock=bound, backlog=_BACKLOG)
        port = bound.getsockname()[1]
        sandbox.engine.resume()
        folder.announce(port)
        say(f"http://{HOST}:{port}")
        while not stopped.is_set():
            if sandbox.engine.running:
                rest.wake()
            if folder.thrown_away or (idle and rest.seconds() >= idle):
                break
            try:
                await asyncio.wait_for(stopped.wait(), _LOOK)
            except TimeoutError:
                continue
        folder.withdraw()
        listening.close()
        server.pre_shutdown()
        await server.shutdown(2)
    finally:
        await sandbox.close()
        folder.leave()


def say(url: str) -> None:
    """Print the one line about where it listens, at once: somebody waits for it."""
    sys.stdout.write(f"sandbox {url}\n")
    sys.stdout.flush()


def say_json(url: str) -> None:
    """The same as JSON."""
    sys.stdout.write(json.dumps({"sandbox": url}) + "\n")
    sys.stdout.flush()

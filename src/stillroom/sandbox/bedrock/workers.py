"""The processes that train. One that is done waits a while for the next job: to start one takes longer."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import Process
from collections.abc import Callable
from pathlib import Path
from typing import Any

_IDLE = 30.0
"""Wall seconds that a process waits for another job."""


class Workers:
    """At most as many processes at a time as there are processors."""

    def __init__(self, folder: Path) -> None:
        """Begin with none.

        Args:
            folder: Where jobs have their folders.
        """
        self._folder = folder
        self._room = asyncio.Semaphore(os.cpu_count() or 1)
        self._idle: dict[Process, asyncio.TimerHandle] = {}
        self._ending: set[asyncio.Task[None]] = set()

    async def train(self, job: str, heard: Callable[[dict[str, Any]], None]) -> None:
        """Have a process work on a job until it is done or has died; cancelling kills it.

        Args:
            job: Name of the job's folder, which holds its order.
            heard: Is told what the process says, as it says it.
        """
        async with self._room:
            process = await self._taken()
            done = False
            try:
                done = await _told(process, job, heard)
            finally:
                if done:
                    leaving = asyncio.get_running_loop().call_later(_IDLE, self._dismiss, process)
                    self._idle[process] = leaving
                else:
                    await _killed(process)

    async def close(self) -> None:
        """End those that wait."""
        for process in list(self._idle):
            self._dismiss(process)
        await asyncio.gather(*self._ending)

    async def _taken(self) -> Process:
        """A process that waits for a job, or a new one."""
        while self._idle:
            process, leaving = self._idle.popitem()
            leaving.cancel()
            if process.returncode is None:
                return process
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "stillroom.sandbox.bedrock.worker",
            str(self._folder),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # a Ctrl-C in the terminal is meant for the sandbox, which ends it
        )

    def _dismiss(self, process: Process) -> None:
        self._idle.pop(process).cancel()
        task = asyncio.get_running_loop().create_task(_killed(process))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


async def _told(process: Process, job: str, heard: Callable[[dict[str, Any]], None]) -> bool:
    """Whether the process has done the job; False: it has died over it."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the process has no pipes")
    process.stdin.write(json.dumps(job).encode() + b"\n")
    with contextlib.suppress(ConnectionError):  # that it has died shows in what it does not say
        await process.stdin.drain()
    while line := await process.stdout.readline():
        said = json.loads(line)
        if "done" in said:
            return True
        heard(said)
    return False


async def _killed(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()

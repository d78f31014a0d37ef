"""Short look-ups: results and errors come back, threads are shared, and nobody waits at the end."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from concurrent.futures import wait

import pytest

from stillroom.tui.lookups import LookUps


def test_results_and_errors_come_back() -> None:
    look_ups = LookUps(2)
    assert look_ups.submit(divmod, 7, 2).result(10) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        look_ups.submit(divmod, 7, 0).result(10)
    look_ups.shutdown()


def test_no_more_threads_than_allowed_and_no_more_than_needed() -> None:
    look_ups = LookUps(3)
    alone = {look_ups.submit(threading.get_ident).result(10) for _ in range(5)}
    together = threading.Barrier(3)
    busy = [look_ups.submit(lambda: (together.wait(30), threading.get_ident())[1]) for _ in range(9)]
    assert not wait(busy, 30).not_done
    look_ups.shutdown()
    assert len(alone) <= 2  # a thread says that it is free a moment after its answer is there
    assert len({each.result() for each in busy}) == 3


def test_what_was_cancelled_before_it_began_is_never_called() -> None:
    look_ups = LookUps(1)
    gate = threading.Event()
    first, called = look_ups.submit(gate.wait, 30), []
    second = look_ups.submit(called.append, 1)
    assert second.cancel()
    gate.set()
    assert first.result(10)
    look_ups.submit(int).result(10)
    look_ups.shutdown()
    assert not called


def test_after_the_end_nothing_is_taken() -> None:
    look_ups = LookUps(1)
    look_ups.shutdown()
    with pytest.raises(RuntimeError):
        look_ups.submit(int)


def test_asyncio_takes_it_and_a_call_that_hangs_keeps_nobody() -> None:
    code = (
        "import asyncio, threading\n"
        "from stillroom.tui.lookups import LookUps\n"
        "async def main():\n"
        "    asyncio.get_running_loop().set_default_executor(LookUps(2))\n"
        "    hanging = asyncio.ensure_future(asyncio.to_thread(threading.Event().wait))\n"
        "    print(await asyncio.to_thread(int, '42'), flush=True)\n"
        "    hanging.cancel()\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "42\n"
    assert done.stderr == ""


async def test_it_serves_a_loop() -> None:
    asyncio.get_running_loop().set_default_executor(LookUps(2))
    assert await asyncio.gather(*(asyncio.to_thread(abs, -n) for n in range(8))) == list(range(8))

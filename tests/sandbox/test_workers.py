"""Processes that train are used again and replaced when they have died; none outlives what it is for."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
from pathlib import Path
from typing import Any

import pytest

from stillroom.sandbox import rules
from stillroom.sandbox.bedrock.worker import Order
from stillroom.sandbox.bedrock.workers import Workers


def alive(folder: Path) -> set[str]:
    """Ids of the processes that work for a folder."""
    found = set()
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = line.read_bytes().split(b"\0")
        except OSError:
            continue
        if str(folder).encode() in words:
            found.add(line.parent.name)
    return found


def ordered(folder: Path, name: str, *, epochs: int = 1, whole: bool = True) -> str:
    """Write the order of a job that trains on words alone; or one that nobody can read."""
    turns = rules.Turn("user", "Which words?", ()), rules.Turn("assistant", "sky, grass", ())
    record = rules.Parsed("", turns, text_tokens=5)
    order = Order(
        base="amazon.nova-lite-v1:0",
        training=(record,) * 8,
        validation=(),
        pictures={},
        epochs=epochs,
        learning_rate=1e-5,
        warmup_steps=0,
        batch_size=1,
        weights=None,
        seed=0,
    )
    (folder / name).mkdir(parents=True)
    (folder / name / "job.pickle").write_bytes(pickle.dumps(order) if whole else b"no order")
    return name


async def test_the_next_job_goes_to_the_process_that_is_done(tmp_path: Path) -> None:
    workers = Workers(tmp_path)
    said: list[dict[str, Any]] = []
    await workers.train(ordered(tmp_path, "one"), said.append)
    first = alive(tmp_path)
    await workers.train(ordered(tmp_path, "two"), said.append)
    assert alive(tmp_path) == first != set()
    assert [sorted(one)[0] for one in said] == ["tokens", "trained"] * 2
    assert (tmp_path / "two" / "weights.bin").read_bytes()
    await workers.close()
    assert alive(tmp_path) == set()


async def test_one_that_died_over_a_job_is_replaced(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    workers = Workers(tmp_path)
    said: list[dict[str, Any]] = []
    await workers.train(ordered(tmp_path, "broken", whole=False), said.append)
    assert (said, alive(tmp_path)) == ([], set())
    assert "UnpicklingError" in capfd.readouterr().err
    await workers.train(ordered(tmp_path, "good"), said.append)
    assert said[-1]["trained"]
    await workers.close()


async def test_one_that_died_while_it_waited_is_replaced(tmp_path: Path) -> None:
    workers = Workers(tmp_path)
    said: list[dict[str, Any]] = []
    await workers.train(ordered(tmp_path, "one"), said.append)
    (waiting,) = alive(tmp_path)
    os.kill(int(waiting), signal.SIGKILL)
    while any(process.returncode is None for process in workers._idle):
        await asyncio.sleep(0.01)
    await workers.train(ordered(tmp_path, "two"), said.append)
    assert said[-1]["trained"]
    await workers.close()


async def test_a_job_that_is_no_longer_wanted_ends_its_process(tmp_path: Path) -> None:
    workers = Workers(tmp_path)
    begun = asyncio.Event()
    job = ordered(tmp_path, "long", epochs=100_000)
    task = asyncio.create_task(workers.train(job, lambda said: begun.set()))
    await begun.wait()
    assert alive(tmp_path)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert alive(tmp_path) == set()
    await workers.close()


async def test_nobody_waits_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stillroom.sandbox.bedrock.workers._IDLE", 0.0)
    workers = Workers(tmp_path)
    await workers.train(ordered(tmp_path, "one"), lambda said: None)
    while alive(tmp_path):
        await asyncio.sleep(0.01)
    await workers.close()


async def test_who_ends_the_sandbox_by_ctrl_c_hears_nothing_of_its_processes(tmp_path: Path) -> None:
    """A terminal tells all processes of a group; one that waits would die of it with a traceback."""
    workers = Workers(tmp_path)
    await workers.train(ordered(tmp_path, "one"), lambda said: None)
    (waiting,) = alive(tmp_path)
    assert os.getpgid(int(waiting)) != os.getpgid(0)
    await workers.close()

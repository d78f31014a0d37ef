"""A demo that is killed again and again ends as one that was left alone."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.demos import PICTURES, Demo

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from tests.e2e.conftest import Finished

KILLS = 10
SEED = 21
MOMENTS = (0.8, 2.6)
"""Seconds from the start of the command to the kill; the whole demo takes three times as long at least."""
CONCURRENCY = 8
"""``limits.concurrency`` as ``new`` writes it."""
LATENCY = 0.4
"""Seconds a call takes at least: long enough for a kill in the midst of labeling to find calls in flight."""


@pytest.fixture
def demo(pictures: Path, tmp_path: Path) -> Iterator[Demo]:
    """A demo that has not begun."""
    made = Demo(tmp_path / "demo", pictures, speed=1440, latency=LATENCY)
    yield made
    made.close()


def test_a_demo_that_was_killed_loses_and_repeats_nothing(demo: Demo, finished: Finished) -> None:
    chance = random.Random(SEED)
    kept: dict[str, str] = {}
    moments = []
    for _ in range(KILLS):
        moment = chance.uniform(*MOMENTS)
        if not _killed_after(demo, moment):
            break
        moments.append(round(moment, 2))
        there = _labels(demo)
        lost = {name for name, label in kept.items() if there.get(name) != label}
        assert not lost, f"lost at {moments}"
        kept = there
    print(f"killed after {moments} seconds; seed {SEED}")  # noqa: T201 - shown when the test fails
    assert len(moments) >= 3, "the demo ended before it could be killed often enough"

    said = demo.run()

    assert said["pictures"] == PICTURES
    counts = [(run["name"], run["training_size"], run["pictures"]) for run in said["runs"]]
    assert counts == [(run["name"], run["training_size"], run["pictures"]) for run in finished.said["runs"]]
    there = _labels(demo)
    assert len(there) == PICTURES
    assert kept.items() <= there.items()
    bill = demo.bill()
    assert len(bill["training"]) == 2, "a job was started twice"
    lines = [line for line in said["cost"]["lines"] if line["calls"]]
    answered = sum(line["calls"] for line in lines)
    assert answered == PICTURES + sum(run["pictures"] for run in said["runs"])
    served = sum(call["served"] for call in bill["calls"])
    unknown = sum(line["unknown"] for line in lines)
    print(f"{served} served, {answered} answered, {unknown} of unknown outcome")  # noqa: T201
    assert served <= answered + len(moments) * CONCURRENCY
    # What the kills left without an outcome is known one by one, and nothing else was paid twice.
    assert served <= answered + unknown


def _killed_after(demo: Demo, seconds: float) -> bool:
    """Run the demo for so long and kill it; False: it had ended by itself."""
    process = demo.start()
    with contextlib.suppress(subprocess.TimeoutExpired):
        _, noticed = process.communicate(timeout=seconds)
        assert process.returncode == 0, noticed
        return False
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def _labels(demo: Demo) -> dict[str, str]:
    """The teacher's labels that are stored; empty before the first."""
    code, said = demo.ask("export", "labels")
    if code == 0:
        return {row["image"]: row["label"] for row in said["labels"]}
    assert code == 2, said
    return _nothing_yet(said)


def _nothing_yet(said: dict[str, Any]) -> dict[str, str]:
    assert said["error"]["what"].startswith(("There is no label yet", "There is no project")), said
    return {}

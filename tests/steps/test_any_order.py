"""However a run is broken off and taken up again, it ends at the same counts and pays for nothing twice."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.steps.stopping import StopsAfter
from tests.steps.world import Box, answers, put

from stillroom.background import Signals
from stillroom.errors import BudgetReached, Interrupted
from stillroom.steps.labeling import Label
from stillroom.steps.pipeline import STEPS, Run
from stillroom.steps.plan import Watch
from stillroom.steps.scan import Scan
from stillroom.steps.targets import TEACHER
from stillroom.steps.workspace import open_workspace

pytestmark = pytest.mark.slow

WHOLE = {"files": 32, "contents": 30, "runs": 4, "answers": 39, "jobs": 2, "students": 2}


def broken_off(root: Path, until: str, after: int) -> None:
    """A run to some step, interrupted after so many reports of progress if it takes so many."""
    signals = Signals()
    with open_workspace(root) as workspace:
        run = Run(until)
        with contextlib.suppress(Interrupted):
            run.execute(workspace, run.plan(workspace), Watch(StopsAfter(signals, after), signals))


def few(root: Path, limit: int) -> None:
    """Some labels by hand in between."""
    with open_workspace(root) as workspace:
        Scan().execute(workspace, Scan().plan(workspace), Watch())
        label = Label(TEACHER, limit=limit)
        label.execute(workspace, label.plan(workspace), Watch())


def poor(root: Path, cents: int) -> None:
    """A run under a budget that may be too small."""
    put(root, "limits", "budget", 0.12 + cents / 1000)
    with open_workspace(root) as workspace:
        run = Run()
        with contextlib.suppress(BudgetReached):
            run.execute(workspace, run.plan(workspace), Watch())
    put(root, "limits", "budget", "none")


MISHAPS = st.one_of(
    st.tuples(st.just(broken_off), st.sampled_from(STEPS), st.integers(1, 60)),
    st.tuples(st.just(few), st.integers(1, 20)),
    st.tuples(st.just(poor), st.integers(0, 40)),
)


@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(mishaps=st.lists(MISHAPS, max_size=3))
def test_any_sequence_of_mishaps_ends_at_the_same_counts(
    project: Path, box: Box, mishaps: list[tuple[object, ...]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(shutil.copytree(project, Path(folder) / "project"))
        # Each example is a project of its own: what it makes in the sandbox carries its id.
        text = (root / "stillroom.toml").read_text(encoding="utf-8")
        old = next(line for line in text.splitlines() if line.startswith("id ="))
        new = f'id = "{uuid.uuid4().hex[:8]}"'
        (root / "stillroom.toml").write_text(text.replace(old, new), encoding="utf-8")
        before = box.served()
        for act, *arguments in mishaps:
            act(root, *arguments)  # type: ignore[operator]
        with open_workspace(root) as workspace:
            Run().execute(workspace, Run().plan(workspace), Watch())
            assert Run().plan(workspace).count == 0
        found = answers(root)
        assert {name: found[name] for name in WHOLE} == WHOLE
        assert found["attempts"] == 39, "an interrupted run awaits what is under way: nothing is asked twice"
        assert box.served() == before + 39

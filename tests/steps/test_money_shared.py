"""Steps that run at the same time in one process spend from one budget; other processes are kept out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.steps.world import Box, ended, killed_at_the_end, put, spawn, stillroom

from stillroom.background import Runner
from stillroom.errors import BudgetReached, StillroomError, StoreBusy
from stillroom.pictures import Side
from stillroom.steps.labeled import LabelResult
from stillroom.steps.labeling import Label
from stillroom.steps.plan import Watch
from stillroom.steps.training import Train
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store import JobRow

BOTH = (Label("teacher"), Label("us.amazon.nova-2-lite-v1:0", (Side.TRAIN, Side.TEST)))
"""Two runs of 30 pictures by different models."""


@contextmanager
def opened(project: Path, windows: int) -> Iterator[list[Workspace]]:
    """One workspace for each of the two runs: the same one, or one each."""
    with ExitStack() as stack:
        every = [stack.enter_context(open_workspace(project)) for _ in range(windows)]
        yield [every[number % windows] for number in range(len(BOTH))]


def together(workspaces: list[Workspace]) -> list[LabelResult | StillroomError]:
    """Do both runs at the same time."""
    runner = Runner()
    handles = []
    for step, workspace in zip(BOTH, workspaces, strict=True):
        plan = step.plan(workspace)
        handles.append(
            runner.start(
                step.name,
                lambda slot, signals, step=step, workspace=workspace, plan=plan: step.execute(
                    workspace, plan, Watch(slot, signals)
                ),
            )
        )
    results: list[LabelResult | StillroomError] = []
    for handle in handles:
        try:
            results.append(handle.result())
        except StillroomError as error:
            results.append(error)
    runner.close()
    return results


def paid(box: Box) -> Decimal:
    return sum((Decimal(str(call["usd"])) for call in box.bill()["calls"]), Decimal(0))


@pytest.mark.parametrize("windows", [1, 2])
def test_two_runs_at_once_both_finish_within_a_budget(project: Path, box: Box, windows: int) -> None:
    put(project, "limits", "budget", 5.0)
    stillroom("scan", "--project", project).ok()
    box.turn(latency=0.1)
    with opened(project, windows) as workspaces:
        results = together(workspaces)
        assert [result.answered for result in results] == [30, 30], results
        assert [result.done for result in results] == [30, 30]


@pytest.mark.parametrize("windows", [1, 2])
def test_two_runs_at_once_stay_within_the_budget_together(project: Path, box: Box, windows: int) -> None:
    put(project, "limits", "budget", 0.02)
    stillroom("scan", "--project", project).ok()
    before = paid(box)
    with opened(project, windows) as workspaces:
        results = together(workspaces)
        assert any(isinstance(result, BudgetReached) for result in results), results
        assert not any(isinstance(result, StoreBusy) for result in results), results
        spent = workspaces[0].budget().spent
    assert Decimal("0.005") < spent <= Decimal("0.02")
    assert paid(box) - before <= Decimal("0.02")


def test_training_counts_while_labels_are_paid(distilled: Path, box: Box) -> None:
    put(distilled, "training", "epochs", 5)
    with open_workspace(distilled) as first, open_workspace(distilled) as second:
        spent = first.budget().spent
        dear = Train().plan(first).price.high
        assert dear is not None
    put(distilled, "limits", "budget", float(spent + dear) + 0.5)
    with (
        open_workspace(distilled) as first,
        open_workspace(distilled) as second,
        first.spending() as labeling,
    ):
        half = dear / 2 + Decimal("0.5")
        assert labeling.hold(half)
        with pytest.raises(BudgetReached, match="Training"):
            Train().execute(second, Train().plan(second), Watch())
        labeling.settle(half, Decimal(0))
        jobs = Train().execute(second, Train().plan(second), Watch()).jobs
        new = {job.job for job in jobs if job.created}
        assert len(new) == 2
        with second.spending() as later:
            paid = sum(job.usd or Decimal(0) for job in second.store.jobs.all() if job.name in new)
            assert later.spent >= spent + paid
            assert not later.may_wait, "what the jobs may cost at most is held no longer"


def test_another_process_waits_for_the_budget(project: Path) -> None:
    put(project, "limits", "budget", 5.0)
    stillroom("scan", "--project", project).ok()
    with open_workspace(project) as first, open_workspace(project) as second:
        with ExitStack() as late:
            with first.spending():
                late.enter_context(second.spending())
            with killed_at_the_end(spawn("label", "teacher", "--yes", "--project", project)) as other:
                said = ended(other)
        assert said.code != 0
        assert f"Process {os.getpid()} is spending" in said.err
    with killed_at_the_end(spawn("label", "untuned", "--yes", "--project", project)) as other:
        ended(other).ok()


def test_a_process_that_began_before_there_was_a_budget_is_waited_for(project: Path) -> None:
    """It goes on spending what the other one, which has read once what is left, would take to be its own."""
    stillroom("scan", "--project", project).ok()
    words = ("label", "teacher", "--limit", "1", "--yes", "--project", project)
    with open_workspace(project) as free, free.spending():
        with killed_at_the_end(spawn(*words)) as other:
            ended(other).ok()
        put(project, "limits", "budget", 5.0)
        with killed_at_the_end(spawn(*words)) as other:
            said = ended(other)
        assert said.code != 0
        assert f"Process {os.getpid()} is spending" in said.err
    with killed_at_the_end(spawn(*words)) as other:
        ended(other).ok()


def test_a_job_that_is_being_started_counts_once(distilled: Path) -> None:
    put(distilled, "limits", "budget", 100.0)
    now = time.time()  # models are kept no longer meanwhile
    with open_workspace(distilled, now=lambda: now) as workspace, workspace.spending() as training:
        before, job = training.spent, workspace.store.jobs.all()[0]
        assert training.hold(Decimal(9))
        workspace.store.jobs.new(replace(job, name="begun", arn=None, usd=Decimal(3), usd_high=Decimal(9)))
        with workspace.spending():
            training.settle(Decimal(9), Decimal(9))
            assert training.spent == before + 9


def test_a_budget_that_is_set_while_something_is_spent_begins_with_what_others_spent(project: Path) -> None:
    with open_workspace(project) as free, free.spending() as first:
        put(project, "limits", "budget", 5.0)
        job = JobRow(
            name="other", size=10, student="lite-10", token="t", base_model="b", hyperparameters={},
            region="r", role_arn="", training_uri="", validation_uri=None, output_uri="", records=10,
            created=free.now(), usd=Decimal(2), arn="arn:aws:bedrock:::job",
        )  # fmt: skip
        free.store.jobs.new(job)
        with open_workspace(project) as bound, bound.spending() as second:
            assert (first.spent, second.spent) == (Decimal(2), Decimal(2))


SPENDER = """
import sys
from decimal import Decimal
from pathlib import Path
from stillroom.errors import StoreBusy
from stillroom.steps.workspace import open_workspace

with open_workspace(Path(sys.argv[1])) as workspace, workspace.spending() as share:
    print("in", flush=True)
    for _ in sys.stdin:
        workspace.reload()
        try:
            print(share.hold(Decimal("0.9")), flush=True)
        except StoreBusy as busy:
            print(busy.what, flush=True)
"""


def test_a_budget_set_while_two_processes_spend_is_kept_by_one_of_them(project: Path) -> None:
    stillroom("scan", "-q", "--project", project).ok()
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}

    def spender() -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-c", SPENDER, str(project)], **pipes)

    def asked(child: subprocess.Popen[str]) -> str:
        child.stdin.write("\n")
        child.stdin.flush()
        return child.stdout.readline()

    with spender() as first, spender() as second:
        assert [each.stdout.readline() for each in (first, second)] == ["in\n", "in\n"]
        put(project, "limits", "budget", 1.0)
        assert "is spending, and the budget is kept by one process at a time" in asked(first)
        first.stdin.close()
        assert first.wait(20) == 0
        assert [asked(second), asked(second)] == ["True\n", "False\n"]

"""A clock that jumps, by hours, forwards and back: counts, money and order do not depend on it."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from tests.steps.world import Box, answers

from stillroom.steps.costs import cost
from stillroom.steps.jobs import Jobs, Stop
from stillroom.steps.pipeline import Run
from stillroom.steps.plan import Watch
from stillroom.steps.standing import status
from stillroom.steps.workspace import open_workspace

NOON = 1_800_000_000.0


def jumping(seed: int) -> Callable[[], float]:
    """A clock that is somewhere else every time it is read."""
    chance = random.Random(seed)
    return lambda: NOON + chance.uniform(-86_400 * 30, 86_400 * 30)


def falling() -> Callable[[], float]:
    """A clock that runs backwards."""
    now = [NOON]

    def read() -> float:
        now[0] -= 3600
        return now[0]

    return read


@pytest.mark.parametrize(
    "now", [jumping(1), jumping(2), falling(), lambda: 0.0], ids=["a", "b", "falls", "1970"]
)
def test_a_whole_run_under_a_clock_that_jumps(project: Path, box: Box, now: Callable[[], float]) -> None:
    before = box.bill()
    with open_workspace(project, now=now) as workspace:
        outcome = Run().execute(workspace, Run().plan(workspace), Watch())
    assert (outcome.answered, outcome.failed, outcome.jobs) == (30 + 3 * 3, 0, 2)
    with open_workspace(project, now=now) as workspace:
        again = Run().plan(workspace)
        assert again.count == 0, "what is done stays done, whatever the time"
        reckoned = cost(workspace)
        assert all(one.usd is not None and one.usd >= 0 for one in reckoned.spent)
        assert reckoned.spent_usd is not None
        assert reckoned.spent_usd >= Decimal("0.1")
        found = Jobs().execute(workspace, Jobs().plan(workspace), Watch())
        assert [job.status for job in found.jobs] == ["Completed", "Completed"]
        assert all(job.elapsed >= 0 and job.left is None for job in found.jobs)
        assert all(stage.seconds >= 0 for job in found.jobs for stage in job.stages)
        assert {one.state for one in status(workspace).steps} == {"done"}
        assert workspace.store.diary.plans() == []
    served = sum(one["served"] for one in box.bill()["calls"]) - sum(one["served"] for one in before["calls"])
    assert served == 39


def test_a_job_from_the_future_can_be_stopped(distilled: Path, box: Box) -> None:
    with open_workspace(distilled, now=lambda: 0.0) as workspace:
        plan = Stop("lite-10").plan(workspace)
        assert plan.count == 0
        assert plan.price.high is None or plan.price.high >= 0
        assert Stop("lite-10").execute(workspace, plan, Watch()).stopped is False
        assert "job_stopped" not in {event.kind for event in workspace.store.diary.events()}
    assert answers(distilled)["jobs"] == 2


def test_hourly_bills_seen_in_the_future_have_no_negative_age(distilled: Path, box: Box) -> None:
    box.turn(provisioned_units=1)
    bedrock = box.client("bedrock")
    model = bedrock.list_custom_models()["modelSummaries"][0]["modelArn"]
    made = bedrock.create_provisioned_model_throughput(
        provisionedModelName="clockwork", modelId=model, modelUnits=1
    )
    try:
        with open_workspace(distilled, now=lambda: NOON * 2) as workspace:
            workspace.look_for_bills()
        with open_workspace(distilled, now=lambda: 0.0) as workspace:
            (line,) = workspace.billing_lines()
            assert "clockwork bills" in line
            assert "seen just now" in line
        with open_workspace(distilled, now=lambda: NOON * 2 + 3 * 86_400) as workspace:
            assert "seen 3 d ago" in workspace.billing_lines()[0], "not 259200 s ago"
    finally:
        bedrock.delete_provisioned_model_throughput(provisionedModelId=made["provisionedModelArn"])
        bedrock.close()

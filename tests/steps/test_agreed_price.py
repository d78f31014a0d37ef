"""What `run` shows is what it may spend; and nothing stops it for no reason."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.errors import BudgetReached
from stillroom.money import Amount
from stillroom.project.writing import edit
from stillroom.steps import asking
from stillroom.steps.pipeline import Run, _Made
from stillroom.steps.plan import Watch
from stillroom.steps.targets import target
from stillroom.steps.workspace import open_workspace


def test_a_price_that_became_unknown_stops_the_run(distilled: Path):
    with open_workspace(distilled) as workspace:
        made = _Made(workspace, Run().plan(workspace), Watch(), trains=True, compares=True)
        made.plan.agreed["train x"] = Decimal(3)
        made._check("train", Amount.exactly(Decimal(3)), ["train x"])
        for price, names in ((None, ["train x"]), (None, []), (Decimal("0.01"), ["never shown"])):
            with pytest.raises(BudgetReached):
                made._check("train", Amount.exactly(price), names)
        made.plan.agreed["train y"] = None
        made._check("train", Amount.exactly(None), ["train x", "train y"])


def test_the_plan_prices_the_upload_and_shows_both_policies(project: Path):
    said = stillroom("run", "--dry-run", "--json", "--project", project).ok().json["plan"]
    assert {"label teacher", "upload", "train lite-10", "label lite-20"} <= set(said["steps"])
    assert said["steps"]["upload"]["high"] > 0
    assert [one["title"].split(":")[0] for one in said["documents"]] == ["Trust policy", "Access policy"]
    done = stillroom("run", "--until", "setup", "--yes", "--project", project).ok()
    assert "stillroom setup --print" in done.err


def test_a_new_size_is_agreed_at_the_price_it_is_asked_for(distilled: Path, box: Box):
    # The first students have been measured by now, the new one has not.
    put(distilled, "training", "sizes", [10, 20, 24])
    said = stillroom("run", "--yes", "--json", "--quiet", "--project", distilled).ok().json
    assert (said["jobs"], said["failed"]) == (1, 0)
    assert {row["training_size"] for row in said["results"]["runs"]} == {None, 10, 20, 24}


def test_calls_with_another_prompt_are_no_measure(distilled: Path):
    with open_workspace(distilled) as workspace:
        wanted = target(workspace, "teacher")
        rows = workspace.store.pictures.contents()
        measured = asking.price(workspace, wanted.spec, rows)
    edit(distilled / "stillroom.toml", "prompt", "user", "word " * 3000)
    with open_workspace(distilled) as workspace:
        longer = asking.price(workspace, target(workspace, "teacher").spec, rows)
    assert measured.amount.high is not None
    assert longer.amount.low is not None
    assert longer.amount.low > measured.amount.high

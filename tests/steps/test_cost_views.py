"""Costs for people: the estimate that was agreed to beside what it cost, and where prices are overridden."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import put

from stillroom.money.prices import Kind
from stillroom.steps.cost_views import costs_view
from stillroom.steps.workspace import open_workspace


def test_every_step_has_its_agreed_estimate_its_cost_and_its_time(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        lines = {line.step: line for line in costs_view(workspace).lines if line.done}
    for step in ("label teacher", "label untuned", "train lite-10", "label lite-10"):
        line = lines[step]
        assert line.likely is not None
        assert line.actual is not None
        assert line.seconds is not None


def test_what_is_still_to_come_is_not_done(project: Path) -> None:
    with open_workspace(project) as workspace:
        assert not [line for line in costs_view(workspace).lines if line.done]


def test_each_price_can_be_overridden_where_it_says(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        prices = costs_view(workspace).prices
    file = distilled / "stillroom.toml"
    tables: dict[str, set[str]] = {}
    for view in prices:
        assert view.key in {kind.value for kind in Kind}
        tables.setdefault(view.table, set()).add(view.key)
    text = "".join(
        f"[{table}]\n" + "".join(f"{key} = 0.5\n" for key in sorted(keys)) for table, keys in tables.items()
    )
    file.write_text(file.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")
    with open_workspace(distilled) as workspace:
        for view in costs_view(workspace).prices:
            assert view.price.usd == pytest.approx(0.5)
            assert view.price.source == "project file"


def test_the_budget_is_the_projects(distilled: Path) -> None:
    put(distilled, "limits", "budget", 12.5)
    with open_workspace(distilled) as workspace:
        result = costs_view(workspace).result
    assert result.budget_usd == pytest.approx(12.5)
    assert result.spent_high_usd > 0

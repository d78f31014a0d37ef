"""A project file that is edited while the workbench is open counts in full from then on."""

from __future__ import annotations

from pathlib import Path

from tests.steps.world import put

from stillroom.money import Kind
from stillroom.steps.workspace import open_workspace


def test_a_price_of_ones_own_counts_when_the_file_is_read_again(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        model = workspace.settings.training.base_model
        published = workspace.prices.price(model, Kind.TRAINING, region="us-east-1").amount
        with (distilled / "stillroom.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[prices."{model}"]\ntraining = 7.0\n')
        workspace.reload()
        assert workspace.prices.price(model, Kind.TRAINING, region="us-east-1").amount != published


def test_another_region_is_called_when_the_file_is_read_again(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        before = workspace.session()
        put(distilled, "aws", "region", "us-west-2")
        workspace.reload()
        assert workspace.session().region == "us-west-2"
        assert workspace.session() is not before


def test_what_is_connected_stays_when_nothing_about_aws_was_changed(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        before = workspace.session()
        put(distilled, "limits", "concurrency", 3)
        workspace.reload()
        assert workspace.session() is before

"""A project file that is edited while the workbench is open counts in full from then on."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.steps.world import put

from stillroom.errors import ProjectError
from stillroom.money import Kind
from stillroom.project.writing import edit
from stillroom.steps.plan import Watch
from stillroom.steps.setup import Setup
from stillroom.steps.workspace import Workspace, open_workspace


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


def test_a_file_that_was_written_or_is_gone_has_changed(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        assert not workspace.has_changed()
        put(distilled, "limits", "concurrency", 3)
        assert workspace.has_changed()
        workspace.reload()
        assert not workspace.has_changed()
        workspace.project.file.unlink()
        assert workspace.has_changed()


def test_settings_that_are_refused_are_never_in_force(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_workspace(distilled) as workspace:
        before = workspace.project
        seen = []

        def refuse(other: Workspace) -> None:
            seen.append(workspace.project)  # as a step in another thread sees it meanwhile
            raise ProjectError("It is of the other side.")

        monkeypatch.setattr("stillroom.steps.workspace.check_side", refuse)
        put(distilled, "limits", "concurrency", 3)
        with pytest.raises(ProjectError):
            workspace.reload()
        assert (seen, workspace.project) == ([before], before)


def test_a_budget_counts_at_once_for_what_is_being_spent(distilled: Path) -> None:
    with open_workspace(distilled) as workspace, workspace.spending() as share:
        assert share.hold(Decimal(1000))
        put(distilled, "limits", "budget", 0.01)
        workspace.reload()
        assert not share.hold(Decimal(1))


def test_what_was_planned_keeps_its_settings_but_for_the_budget(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        planned = workspace.as_planned()
        before, prices = planned.settings, planned.prices
        put(distilled, "limits", "budget", 0.01)
        edit(distilled / "stillroom.toml", "prompt", "user", "List other keywords.")
        planned.reload()
        assert planned.settings == before
        assert planned.prices is prices
        assert workspace.settings.prompt.prompt.user == "List other keywords."
        assert planned.budget().limit == workspace.budget().limit == Decimal("0.01")
        with planned.spending() as share:
            assert not share.hold(Decimal(1))
        again = workspace.as_planned()
        assert again.settings == workspace.settings != before


def test_what_was_planned_goes_on_where_it_began(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        planned = workspace.as_planned()
        before = workspace.session()
        assert planned.session() is before, "what is connected later is shared, too"
        put(distilled, "aws", "region", "us-west-2")
        workspace.reload()
        assert planned.session() is before
        assert workspace.session().region == "us-west-2"
        assert planned.session("us-west-2") is not workspace.session()


def test_names_that_were_just_made_count_without_all_else_that_was_changed(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        planned = workspace.as_planned()
        for key, value in (("bucket", "some-bucket"), ("role_arn", "arn:aws:iam::111122223333:role/some")):
            put(distilled, "aws", key, value)
        edit(distilled / "stillroom.toml", "prompt", "user", "List other keywords.")
        planned.take_names("some-bucket", "arn:aws:iam::111122223333:role/some")
        assert planned.settings.aws == workspace.settings.aws
        assert planned.settings.aws.bucket == "some-bucket"
        assert planned.settings.prompt != workspace.settings.prompt
        assert not workspace.has_changed()


def test_a_file_that_is_wrong_by_then_ends_no_setup_that_was_agreed_to(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        planned, setup = workspace.as_planned(), Setup()
        plan = setup.plan(planned)
        with workspace.project.file.open("a", encoding="utf-8") as file:
            file.write("\n[half")
        assert setup.execute(planned, plan, Watch()).bucket == planned.settings.aws.bucket
        assert workspace.has_changed(), "whoever follows the file still finds it wrong"
        with pytest.raises(ProjectError):
            workspace.reload()

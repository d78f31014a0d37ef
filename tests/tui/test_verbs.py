"""Every command that ``status`` can advise is a step, or only looks."""

from __future__ import annotations

import pytest

from stillroom.steps.labeling import Label
from stillroom.steps.pipeline import Run
from stillroom.steps.scan import Scan
from stillroom.steps.students import Deploy, Undeploy
from stillroom.steps.training import Train
from stillroom.tui.actions import by_id
from stillroom.tui.desk import same_step
from stillroom.tui.verbs import step_of


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("stillroom scan", Scan()),
        ("stillroom label untuned", Label("untuned")),
        ("stillroom retry lite-300", Label("lite-300", classes=())),
        ("stillroom run --until build", Run("build")),
        ("stillroom run", Run()),
        ("stillroom train", Train()),
        ("stillroom train --again", Train(again=True)),
        ("stillroom deploy", Deploy()),
        ("stillroom deploy lite-300", Deploy(("lite-300",))),
        ("stillroom undeploy lite-300", Undeploy("lite-300")),
    ],
)
def test_advice_becomes_a_step(command: str, wanted: Scan) -> None:
    found = step_of(command)
    assert found is not None
    assert same_step(found, wanted)


@pytest.mark.parametrize("command", ["", "stillroom status", "stillroom jobs --watch", "stillroom label"])
def test_what_only_looks_is_no_step(command: str) -> None:
    assert step_of(command) is None


def test_a_key_that_asks_several_names_the_command_of_none_of_them_alone():
    action = by_id("overview.untuned")
    assert action is not None
    assert action.title == "Label test pictures with untuned and all deployed"
    assert action.command == "stillroom label STUDENT"

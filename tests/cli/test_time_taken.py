"""How long labeling took: of answering, and in all where calls had to be made again."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from tests.steps.world import Box, stillroom

from stillroom.cli.verbs.label_ import time_words
from stillroom.labeling import FailureClass, RetryPolicy
from stillroom.labeling.run import Conduct
from stillroom.steps import conversing


@pytest.mark.parametrize(
    ("seconds", "elapsed", "said"),
    [
        (3.4, 35.0, "3.4 s of answering, 35 s in all"),
        (0.0, 1.5, "0.0 s of answering, 1.5 s in all"),
        (3.4, 3.4, "3.4 s"),
        (0.2, 0.9, "0.2 s"),
        (600.0, 630.0, "10 m 00 s"),
    ],
)
def test_both_times_are_said_where_they_differ_much(seconds: float, elapsed: float, said: str) -> None:
    assert time_words(seconds, elapsed) == said


def test_waiting_to_ask_again_is_in_the_time_of_the_command(
    project: Path, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = RetryPolicy(base=1.3, by_class={FailureClass.SERVICE: 2})
    monkeypatch.setattr(conversing, "Conduct", partial(Conduct, retry=policy, chance=lambda: 1.0))
    stillroom("scan", "-q", "--project", project).ok()
    box.turn(faults={"error_5xx": 1.0})
    assert (
        " of answering, 1." in stillroom("label", "teacher", "-yq", "--limit", "2", "--project", project).out
    )
    box.turn(faults={"error_5xx": 0.0})
    assert " of answering" not in stillroom("retry", "teacher", "-yq", "--project", project).ok().out

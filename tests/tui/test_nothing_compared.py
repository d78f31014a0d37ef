"""Where nothing can be compared: why, and only what helps."""

from __future__ import annotations

from stillroom.errors import UsageError
from stillroom.steps.obstacle import Obstacle
from stillroom.tui.nothing_compared import empty_lines


def test_where_nothing_can_be_compared_advice_that_no_key_gives_is_told() -> None:
    def told(how: str, command: str) -> str:
        return empty_lines(Obstacle("No label.", how, command).error(), 60).content.plain

    hopeless = told("Ask again about those that failed, of which there are some", "stillroom retry teacher")
    assert "  No label.\n  Ask again about those that failed, of which there are\n  some: " in hopeless
    assert "stillroom label" not in hopeless, "what is offered would bring nothing to compare"
    assert "stillroom run" not in hopeless, "it is refused"
    assert "what comes next" in hopeless
    usual = told("Run", "stillroom label untuned")
    assert "  No label.\n\n" in usual
    assert usual.count("stillroom label untuned") == 1


def test_a_command_that_is_only_named_by_the_way_is_no_way_to_a_comparison() -> None:
    told = Obstacle("No test picture.", "Add some; stillroom run labels them", "stillroom scan").error()
    assert "let the untuned student label them" not in empty_lines(told, 60).content.plain
    other = UsageError("Nobody answers.", "Try: stillroom run")
    assert "what comes next" in empty_lines(other, 60).content.plain

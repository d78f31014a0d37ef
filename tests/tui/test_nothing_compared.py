"""Where nothing can be compared: why, and only what helps."""

from __future__ import annotations

from stillroom.errors import UsageError
from stillroom.tui.nothing_compared import empty_lines


def test_where_nothing_can_be_compared_advice_that_no_key_gives_is_told() -> None:
    def told(todo: str) -> str:
        return empty_lines(UsageError("No label.", todo), 60).content.plain

    hopeless = told("Ask again about those that failed, of which there are some: stillroom retry teacher")
    assert "  No label.\n  Ask again about those that failed, of which there are\n  some: " in hopeless
    assert "stillroom label" not in hopeless, "what is offered would bring nothing to compare"
    assert "stillroom run" not in hopeless, "it is refused"
    assert "what comes next" in hopeless
    usual = told("Run: stillroom label untuned")
    assert "  No label.\n\n" in usual
    assert usual.count("stillroom label untuned") == 1

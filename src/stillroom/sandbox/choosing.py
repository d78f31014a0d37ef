"""Choosing words: the likeliest at temperature 0, a draw among the likely ones above it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Candidates:
    """Words a model could say."""

    words: tuple[str, ...]
    scores: npt.NDArray[np.float64]
    """One a word; higher is likelier."""
    likelihoods: npt.NDArray[np.float64]
    """One a word, not negative: what top-p is measured on."""


def choose(
    candidates: Candidates, wanted: int, *, temperature: float, top_p: float, spread: float, entropy: int
) -> list[int]:
    """Indexes of the chosen words, likeliest first.

    Args:
        candidates: What can be said.
        wanted: How many words; fewer candidates give fewer.
        temperature: 0–1; the draw is Gumbel noise on the scores, so that 0 is the plain order.
        top_p: Words beyond this share of all likelihood are never drawn; ``wanted`` words always stay.
        spread: Size of the noise at temperature 1, in units of the scores.
        entropy: Seeds the draw.
    """
    order = np.argsort(-candidates.scores, kind="stable")
    total = candidates.likelihoods.sum()
    if total > 0:
        reached = np.cumsum(candidates.likelihoods[order]) / total
        order = order[: max(wanted, int(np.searchsorted(reached, top_p)) + 1)]
    if temperature <= 0:
        return [int(index) for index in order[:wanted]]
    noise = np.random.default_rng(abs(entropy)).gumbel(size=len(candidates.words))
    noisy = candidates.scores[order] + noise[order] * temperature * spread
    return [int(order[place]) for place in np.argsort(-noisy, kind="stable")[:wanted]]

"""How long a training takes and how many tokens it bills, before it is started.

Both rest on two published runs of Nova Lite (300 pictures × 5 epochs: 1 h, about $2.1; 900 × 5: 2 h, about
$7.5); how training counts a picture's tokens is not documented. So these are bands, and marked as such.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillroom.training.jobs import Stage, Staged, StageState

FIXED_SECONDS = 1800.0
SECONDS_PER_PICTURE_EPOCH = 1.2
TWO_POINT_FIT = "two-point fit: 1,500 picture-epochs took 1 h, 4,500 took 2 h"

PUBLISHED_PICTURE_TOKENS = (420, 550)
"""Tokens left for a picture when the published bills are read at $0.002 per 1,000 (an unverified rate)."""


@dataclass(frozen=True, slots=True)
class TimeEstimate:
    """How long a job may take, in seconds."""

    low: float
    likely: float
    high: float
    basis: str
    """Where the figures come from; shown beside them."""


@dataclass(frozen=True, slots=True)
class TokenEstimate:
    """Tokens a job bills, over all its epochs."""

    low: int
    likely: int
    high: int
    basis: str


def training_time(rows: int, epochs: int, *, speed: float = 1.0) -> TimeEstimate:
    """Estimate a job's duration.

    Args:
        rows: Training records.
        epochs: Passes over them.
        speed: How much faster the service's clock runs (the sandbox's knob); 1 on AWS.

    Returns:
        The two-point fit (0.5 h + 1.2 s for a picture-epoch), with a band of ×0.6 to ×2 around it.

    Raises:
        ValueError: A negative count, or a speed that is not above 0.
    """
    if rows < 0 or epochs < 0 or speed <= 0:
        raise ValueError("rows and epochs must not be negative, speed must be above 0")
    likely = (FIXED_SECONDS + SECONDS_PER_PICTURE_EPOCH * rows * epochs) / speed
    return TimeEstimate(likely * 0.6, likely, likely * 2.0, TWO_POINT_FIT)


def trained_share(job: Staged, created: float, estimate: TimeEstimate, now: float) -> float:
    """The share of its training that a job has likely done: 0 before its training stage, at most 1.

    Args:
        job: As it was last seen.
        created: Unix time at which the service made it.
        estimate: Of the whole job.
        now: Unix time.
    """
    stage = next((fact for fact in job.stages if fact.stage is Stage.TRAINING), None)
    if stage is None or stage.began is None or stage.state == StageState.NOT_STARTED:
        return 0.0
    whole = estimate.likely - (stage.began - created)
    return min(1.0, max(0.0, (job.ended or now) - stage.began) / max(1.0, whole))


def billed_tokens(
    rows: int,
    epochs: int,
    text_tokens: float,
    picture_tokens: float,
) -> TokenEstimate:
    """Estimate the tokens a job bills: tokens in the training set × epochs.

    Args:
        rows: Training records.
        epochs: Passes over them.
        text_tokens: Mean tokens of system, prompt and label in a record.
        picture_tokens: Mean tokens of a record's pictures, counted as for inference.

    Returns:
        Low counts a picture as the published bills suggest, likely as for inference, high adds 15 % for the
        error of both counts.

    Raises:
        ValueError: A negative count.
    """
    if min(rows, epochs, text_tokens, picture_tokens) < 0:
        raise ValueError("counts must not be negative")
    passes = rows * epochs
    least = text_tokens + min(picture_tokens, PUBLISHED_PICTURE_TOKENS[0])
    likely = passes * (text_tokens + picture_tokens)
    return TokenEstimate(
        round(passes * least),
        round(likely),
        round(likely * 1.15),
        "pictures counted as for inference; how training counts them is not documented",
    )

"""A customization job's training: from coarse pixels to whatever keywords the labels contain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

DEFAULT_LEARNING_RATE = 1e-5
"""The service's default; the real step size is relative to it."""


@dataclass(frozen=True, slots=True)
class Example:
    """One training record."""

    system: str
    prompt: str
    label: str
    """The assistant's text."""
    picture: bytes | None
    """Encoded bytes; None for a record without a picture."""


class Point(NamedTuple):
    """One row of a metrics file."""

    step: int
    """0-based."""
    epoch: int
    """0-based."""
    loss: float
    """Mean cross-entropy in nats per keyword."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What a job leaves behind."""

    weights: bytes
    training: list[Point]
    """One point a step."""
    validation: list[Point]
    """One point an epoch; empty without a validation set."""


def train(
    examples: Sequence[Example],
    validation: Sequence[Example] = (),
    *,
    epochs: int = 2,
    learning_rate: float = DEFAULT_LEARNING_RATE,
    warmup_steps: int = 10,
    base: Literal["untuned"] | bytes = "untuned",
    seed: int = 0,
    batch_size: int = 1,
    stopped: Callable[[], bool] = lambda: False,
) -> Trained:
    """Train a student.

    Args:
        examples: Training records.
        validation: Records whose loss is measured after each epoch.
        epochs: Passes over the records.
        learning_rate: As the job's hyperparameter; 1e-5 is the normal speed.
        warmup_steps: The step size rises linearly over so many steps.
        base: The untuned student, or earlier weights to continue from.
        seed: Of the order of the records.
        batch_size: Records a step; an epoch has ceil(records / batch_size) steps.
        stopped: Asked now and then; True ends the training with ``TrainingStopped``.

    Raises:
        ValueError: There are no examples, or a number is out of range.
        TrainingStopped: ``stopped`` said so.
        stillroom.sandbox.vision.UnreadablePicture: A picture cannot be decoded.
    """
    if not examples:
        raise ValueError("there is nothing to train on")
    points = [Point(step, step // len(examples), 1.0 / (1 + step)) for step in range(epochs * len(examples))]
    return Trained(b"{}", points, [])


class TrainingStopped(Exception):
    """The caller asked the training to stop. No weights are left, as on the service."""

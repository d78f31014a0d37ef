"""A customization job's training: from coarse pixels to whatever keywords the labels contain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from stillroom.sandbox.labels import Taught, items_of, teach
from stillroom.sandbox.student import FEATURES, Student, features_of, packed, standardising, unpacked
from stillroom.sandbox.vision import Floats, UnreadablePicture

DEFAULT_LEARNING_RATE = 1e-5
"""The service's default; the real step size is relative to it."""
_STEP = 0.05
"""Step size at the default learning rate, for standardised features and nats per record."""
_FINAL_SHARE = 0.1
"""The step size falls linearly to this share of itself."""


@dataclass(frozen=True, slots=True)
class Example:
    """One training record."""

    system: str
    prompt: str
    label: str
    """The assistant's text."""
    picture: bytes | Path | None
    """Encoded bytes, or a file that holds them (read when its turn comes, so that a large set needs little
    memory); None for a record without a picture."""


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
) -> Trained:
    """Train a student by minibatch gradient descent on one logistic regression a keyword.

    Args:
        examples: Training records.
        validation: Records whose loss is measured after each epoch.
        epochs: Passes over the records.
        learning_rate: As the job's hyperparameter; 1e-5 is the normal speed.
        warmup_steps: The step size rises linearly over so many steps.
        base: The untuned student, or earlier weights to continue from.
        seed: Of the order of the records.
        batch_size: Records a step; an epoch has ceil(records / batch_size) steps.

    Raises:
        ValueError: There are no examples, or a number is out of range.
        stillroom.sandbox.vision.UnreadablePicture: A picture cannot be decoded; the message names its record.
        OSError: A picture's file cannot be read.
        stillroom.sandbox.student.BadWeights: ``base`` is no student.
    """
    if not examples:
        raise ValueError("there is nothing to train on")
    if epochs < 1 or batch_size < 1 or warmup_steps < 0 or learning_rate <= 0:
        raise ValueError("epochs, batch size and learning rate are positive, warm-up steps not negative")
    features = _features(examples)
    started = unpacked(base) if isinstance(base, bytes) else None
    taught = teach([example.label for example in examples], started.words if started else ())
    student = _beginning(started, taught, features)
    rows = _Rows(student.standardised(features), taught.rows)
    checked = _validation_rows(validation, student, lists=taught.lists)
    pace = _Pace(
        learning_rate / DEFAULT_LEARNING_RATE * _STEP, warmup_steps, epochs * ceil(len(examples) / batch_size)
    )
    points: list[Point] = []
    losses: list[Point] = []
    random = np.random.default_rng(seed)
    for epoch in range(epochs):
        order = random.permutation(len(examples))
        for start in range(0, len(order), batch_size):
            loss = _step(student, rows, order[start : start + batch_size], pace.at(len(points)), taught.count)
            points.append(Point(len(points), epoch, loss))
        if checked:
            losses.append(Point(len(points) - 1, epoch, _loss(student, checked, taught.count)))
    return Trained(packed(student), points, losses)


@dataclass(frozen=True, slots=True)
class _Rows:
    inputs: Floats
    """(rows, features), standardised."""
    labels: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class _Pace:
    """Step size over a training: up during the warm-up, then slowly down."""

    top: float
    warmup: int
    steps: int

    def at(self, step: int) -> float:
        if step < self.warmup:
            return self.top * (step + 1) / self.warmup
        done = (step - self.warmup) / max(1, self.steps - self.warmup)
        return self.top * (1 - (1 - _FINAL_SHARE) * done)


def _features(examples: Sequence[Example]) -> Floats:
    rows = np.empty((len(examples), FEATURES), np.float32)
    for place, example in enumerate(examples):
        try:
            data = example.picture.read_bytes() if isinstance(example.picture, Path) else example.picture
            rows[place] = features_of(data, example.prompt)
        except UnreadablePicture as unreadable:
            raise UnreadablePicture(f"record {place + 1}: {unreadable}") from unreadable
    return rows


def _beginning(started: Student | None, taught: Taught, features: Floats) -> Student:
    """Weights before the first step: those of the base, and nothing but a low likelihood for new words."""
    size = len(taught.words)
    matrix = np.zeros((FEATURES, size), np.float32)
    bias = np.full(size, -np.log(max(1.0, size / max(taught.count, 1.0) - 1)), np.float32)
    if started is None:
        mean, scale = standardising(features)
    else:
        mean, scale = started.mean, started.scale
        matrix[:, : len(started.words)] = started.matrix
        bias[: len(started.words)] = started.bias
    return Student(taught.words, matrix, bias, mean, scale, taught.count, taught.separator)


def _validation_rows(validation: Sequence[Example], student: Student, *, lists: bool) -> _Rows | None:
    if not validation:
        return None
    places = {word: place for place, word in enumerate(student.words)}
    said = [items_of(example.label, lists=lists) for example in validation]
    labels = tuple(tuple(places[word] for word in words if word in places) for words in said)
    return _Rows(student.standardised(_features(validation)), labels)


def _step(student: Student, rows: _Rows, chosen: npt.NDArray[np.int64], size: float, count: float) -> float:
    """One step of gradient descent, in place; the loss before it."""
    inputs = rows.inputs[chosen]
    logits = inputs @ student.matrix
    logits += student.bias
    loss = _cross_entropy(logits, [rows.labels[row] for row in chosen], count)
    slope = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    for place, row in enumerate(chosen):
        slope[place, list(rows.labels[row])] -= 1
    slope *= size / len(chosen)
    np.subtract(student.matrix, inputs.T @ slope, out=student.matrix)
    np.subtract(student.bias, slope.sum(axis=0), out=student.bias)
    return loss


def _loss(student: Student, rows: _Rows, count: float) -> float:
    return _cross_entropy(rows.inputs @ student.matrix + student.bias, list(rows.labels), count)


def _cross_entropy(logits: Floats, labels: Sequence[Sequence[int]], count: float) -> float:
    """Mean over the rows, in nats per keyword."""
    total = float(np.logaddexp(0, logits).sum())
    for place, row in enumerate(labels):
        total -= float(logits[place, list(row)].sum())
    return total / len(labels) / max(count, 1.0)

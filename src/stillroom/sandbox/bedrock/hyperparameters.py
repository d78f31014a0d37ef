"""What a customization job may be asked for, and by which service role."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from stillroom.sandbox.wire.refusal import invalid

_DECIMAL = re.compile(r"\d+(\.\d*)?([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """Nova's hyperparameters, with the service's defaults."""

    epochs: int = 2
    learning_rate: float = 1e-5
    warmup_steps: int = 10
    batch_size: int = 1


_BOUNDS = {
    "epochCount": (1, 5),
    "learningRateWarmupSteps": (0, 100),
    "batchSize": (1, 64),
    "learningRate": (1e-6, 1e-4),
}


def read_hyperparameters(raw: Mapping[str, str]) -> Hyperparameters:
    """Read ``hyperParameters``, whose values travel as text.

    Raises:
        Refusal: A name is unknown, or a value is no number or out of its bounds.
    """
    for name in raw:
        if name not in _BOUNDS:
            raise invalid(f"Invalid hyperparameter: {name} is not supported for this model.")
    rate = _number("learningRate", raw.get("learningRate", "0.00001"))
    return Hyperparameters(
        epochs=int(_number("epochCount", raw.get("epochCount", "2"), whole=True)),
        learning_rate=rate,
        warmup_steps=int(
            _number("learningRateWarmupSteps", raw.get("learningRateWarmupSteps", "10"), whole=True)
        ),
        batch_size=int(_number("batchSize", raw.get("batchSize", "1"), whole=True)),
    )


def _number(name: str, text: str, whole: bool = False) -> float:
    least, most = _BOUNDS[name]
    fits = text.isascii() and text.isdigit() if whole else _DECIMAL.fullmatch(text)
    if not fits:
        kind = "an integer" if whole else "a number"
        raise invalid(f"Invalid value for hyperparameter {name}: {text[:40]!r} is not {kind}.")
    value = float(text)
    if not least <= value <= most:
        raise invalid(
            f"Invalid value for hyperparameter {name}: {text[:40]} is not between {least} and {most}."
        )
    return value

"""What a project says about training."""

from __future__ import annotations

from dataclasses import dataclass, field

HOME_REGION = "us-east-1"
"""Where every base model can be customized (docs page custom-model-supported)."""


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """Hyperparameters of a Nova customization job (facts 1.3; docs page custom-models-hp)."""

    epochs: int = 2
    """``epochCount``, 1–5."""
    learning_rate: float = 1e-5
    """``learningRate``, 1e-6–1e-4."""
    warmup_steps: int = 10
    """``learningRateWarmupSteps``, 0–100."""


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """The table ``[training]`` of the project file."""

    base_model: str = "amazon.nova-lite-v1:0:300k"
    """``baseModelIdentifier``: a customization variant id or the ARN of an earlier custom model."""
    sizes: tuple[int, ...] = ()
    """Training sizes in unique pictures; each becomes a student. Empty: all training pictures."""
    regions: tuple[str, ...] = (HOME_REGION,)
    """Regions in which the base models can be customized, as far as is known; empty: wherever AWS does it."""
    hyperparameters: Hyperparameters = field(default_factory=Hyperparameters)

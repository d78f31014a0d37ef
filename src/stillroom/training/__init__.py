"""Training: the settings a job takes, its stages, its metrics, its failures, and what it will take."""

from typing import TYPE_CHECKING

from stillroom.late import importing
from stillroom.training.jobs import JobState, JobStatus, Span, Stage, StageFact, StageState
from stillroom.training.metrics import LossPoint, Metrics
from stillroom.training.settings import Hyperparameters, TrainingSettings

if TYPE_CHECKING:
    from stillroom.training.hyperparameters import HyperparameterFinding, Weight
    from stillroom.training.models import CustomModel, ModelStatus

_LATE = {
    **dict.fromkeys(("HyperparameterFinding", "Weight"), "hyperparameters"),
    **dict.fromkeys(("CustomModel", "ModelStatus"), "models"),
}
"""Rules and models are imported when they are asked for: the first screen has no time for them."""

__all__ = [
    "CustomModel",
    "HyperparameterFinding",
    "Hyperparameters",
    "JobState",
    "JobStatus",
    "LossPoint",
    "Metrics",
    "ModelStatus",
    "Span",
    "Stage",
    "StageFact",
    "StageState",
    "TrainingSettings",
    "Weight",
]

__getattr__ = importing(__name__, _LATE)

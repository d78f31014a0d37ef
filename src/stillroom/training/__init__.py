"""Training: the settings a job takes, its stages, its metrics, its failures, and what it will take."""

from stillroom.training.hyperparameters import HyperparameterFinding, Weight
from stillroom.training.jobs import JobState, JobStatus, Span, Stage, StageFact, StageState
from stillroom.training.metrics import LossPoint, Metrics
from stillroom.training.models import CustomModel, ModelStatus
from stillroom.training.settings import Hyperparameters, TrainingSettings

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

"""Between typed settings and the plain tables of the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stillroom.labeling.values import Inference, Prompt
from stillroom.pictures.settings import PictureSettings, PrepareSettings
from stillroom.project.keys import PRICES, TABLES
from stillroom.project.prompts import LANGUAGES, default_prompt
from stillroom.project.values import (
    AwsTable,
    Limits,
    ModelSettings,
    ProjectFile,
    ProjectTable,
    PromptSettings,
)
from stillroom.training.settings import Hyperparameters, TrainingSettings

Tables = dict[str, dict[str, Any]]
"""Table name to key to checked value; ``prices`` too."""


def default_settings(name: str, id: str, language: str = "en") -> ProjectFile:
    """Settings with every default.

    Args:
        name: Name of the project.
        id: Its short random id.
        language: ``en`` or ``ko``.
    """
    return ProjectFile(
        project=ProjectTable(name, id),
        prompt=PromptSettings(default_prompt(language), language=language),
    )


def defaults(document: Mapping[str, Any]) -> Tables:
    """The tables of a file that says nothing but the language that ``document`` names."""
    prompt = document.get("prompt")
    language = prompt.get("language") if isinstance(prompt, dict) else None
    return to_tables(default_settings("", "", language if language in LANGUAGES else "en"))


def to_tables(settings: ProjectFile) -> Tables:
    """Lay settings out as the file has them, in its order."""
    training, hyper = settings.training, settings.training.hyperparameters
    prompt = settings.prompt
    values: Tables = {
        "project": _fields(settings.project, "project"),
        "aws": _fields(settings.aws, "aws"),
        "pictures": _fields(settings.pictures, "pictures"),
        "prepare": _fields(settings.prepare, "prepare"),
        "teacher": _model(settings.teacher),
        "student": _model(settings.student),
        "prompt": {
            "language": prompt.language,
            "keywords_min": prompt.keywords_min,
            "keywords_max": prompt.keywords_max,
            "system": prompt.prompt.system,
            "user": prompt.prompt.user,
        },
        "training": {
            "base_model": training.base_model,
            "sizes": training.sizes,
            "regions": training.regions,
            "epochs": hyper.epochs,
            "learning_rate": hyper.learning_rate,
            "warmup_steps": hyper.warmup_steps,
        },
        "limits": _fields(settings.limits, "limits"),
    }
    values[PRICES] = {model: dict(named) for model, named in settings.prices.items()}
    return values


def from_tables(tables: Tables) -> ProjectFile:
    """Make settings of checked values; every table and key must be there."""
    prompt, training = tables["prompt"], tables["training"]
    return ProjectFile(
        project=ProjectTable(**tables["project"]),
        aws=AwsTable(**tables["aws"]),
        pictures=PictureSettings(**tables["pictures"]),
        prepare=PrepareSettings(**tables["prepare"]),
        teacher=_from_model(tables["teacher"]),
        student=_from_model(tables["student"]),
        prompt=PromptSettings(
            prompt=Prompt(prompt["system"], prompt["user"]),
            language=prompt["language"],
            keywords_min=prompt["keywords_min"],
            keywords_max=prompt["keywords_max"],
        ),
        training=TrainingSettings(
            base_model=training["base_model"],
            sizes=training["sizes"],
            regions=training["regions"],
            hyperparameters=Hyperparameters(
                training["epochs"], training["learning_rate"], training["warmup_steps"]
            ),
        ),
        limits=Limits(**tables["limits"]),
        prices=tables[PRICES],
    )


def _fields(value: object, table: str) -> dict[str, Any]:
    return {key.name: getattr(value, key.name) for key in TABLES[table]}


def _model(settings: ModelSettings) -> dict[str, Any]:
    inference = settings.inference
    return {
        "model": settings.model,
        "max_tokens": inference.max_tokens,
        "temperature": inference.temperature,
        "top_p": inference.top_p,
    }


def _from_model(table: dict[str, Any]) -> ModelSettings:
    return ModelSettings(table["model"], Inference(table["max_tokens"], table["temperature"], table["top_p"]))

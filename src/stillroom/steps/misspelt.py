"""A model id that the price book does not know may be misspelt: which one is meant, perhaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stillroom.steps.workspace import Workspace


def model_hint(workspace: Workspace, model: str) -> str:
    """One line when ``model`` has no price and looks like one that has; empty otherwise.

    It is no more than a hint: a model that is newer than the price book is called just so.
    """
    near = workspace.prices.nearest(model)
    if near is None:
        return ""
    return f"No price is known for {model}. Did you mean {near}? If not, add its price in [prices]."


def model_hints(workspace: Workspace) -> tuple[str, ...]:
    """A line for each model of the project file that is perhaps misspelt."""
    settings = workspace.settings
    models = (settings.teacher.model, settings.student.model, settings.training.base_model)
    return tuple(hint for hint in (model_hint(workspace, model) for model in dict.fromkeys(models)) if hint)

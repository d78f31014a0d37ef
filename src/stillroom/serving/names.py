"""Names of deployments, within what the API takes."""

from __future__ import annotations

from stillroom.training.names import LONGEST, is_model_name, slug

__all__ = ["deployment_name", "is_model_name"]


def deployment_name(model_name: str, unique: str = "") -> str:
    """Name the deployment of a custom model.

    Args:
        model_name: Name of the custom model; its slug is kept as far as there is room.
        unique: What tells it from an earlier deployment of the same model, such as 6 hex digits.

    Returns:
        A name that ``CreateCustomModelDeployment`` takes, at most 63 characters.
    """
    tail = f"-{slug(unique, 16)}" if unique else ""
    return slug(model_name, LONGEST - len(tail)) + tail

"""Errors that are about a model: its id, its lifecycle, access to it."""

from __future__ import annotations

import re
from typing import NamedTuple


class ModelTrouble(NamedTuple):
    """What is wrong with a model, and what to do; one line each."""

    what: str
    todo: str


_NEEDS_PROFILE = re.compile(r"on-demand throughput (?:isn.?t|is not) supported", re.IGNORECASE)
_VARIANT = re.compile(r"(?:doesn.?t|does not) support on-demand throughput", re.IGNORECASE)
_UNKNOWN_ID = re.compile(
    r"model (?:id|identifier)[^.]{0,80}(?:is )?(?:invalid|not found|unknown|not exist)"
    r"|could not resolve the foundation model|invalid model (?:id|identifier)|model not found",
    re.IGNORECASE,
)
_ENDED = re.compile(r"end of (?:its |the )?life", re.IGNORECASE)
_LEGACY = re.compile(r"\blegacy\b", re.IGNORECASE)
_ACCESS = re.compile(
    r"(?:don.?t|do not) have access to the model|model access is denied|aws-marketplace"
    r"|not (?:been )?(?:granted|subscribed)|use case details|model (?:use )?agreement",
    re.IGNORECASE,
)
_NOT_ALLOWED = re.compile(r"^operation not allowed\.?$", re.IGNORECASE)
_NAMED = re.compile(r"model (?:id|identifier)\s+(?P<id>[\w.:/-]+)", re.IGNORECASE)
_CODES = ("ValidationException", "ResourceNotFoundException", "AccessDeniedException")


def is_custom_model(model: str) -> bool:
    """Whether this is the ARN of a custom model, which cannot be called by itself."""
    return re.match(r"arn:aws[^:]*:bedrock:[^:]*:\d{12}:custom-model/", model) is not None


def needs_deployment(model: str) -> ModelTrouble:
    """What to say about a custom-model ARN where a model is to be called."""
    return ModelTrouble(
        f"{model} is a custom model, which cannot be called by itself.",
        "Deploy it (`stillroom deploy`) and use the deployment.",
    )


def model_trouble(code: str, message: str, model: str = "") -> ModelTrouble | None:
    """Tell what is wrong with a model.

    Args:
        code: The service's error code.
        message: Its words, on one line.
        model: The model id of the call, when there is one.

    Returns:
        None when the error is not about the model itself.
    """
    if code not in _CODES:
        return None
    named = _NAMED.search(message)
    name = model or (named["id"] if named else "") or "The model"
    if _NEEDS_PROFILE.search(message):
        return ModelTrouble(
            f"{name} can only be called through an inference profile.",
            f"Use a profile such as {_profile_example(name)}; `stillroom doctor` names those of your region.",
        )
    if _VARIANT.search(message):
        return ModelTrouble(
            f"{name} is an id for training or provisioned throughput, not for calls.",
            "Leave out its last part (amazon.nova-lite-v1:0), or use its inference profile.",
        )
    if _ENDED.search(message):
        return ModelTrouble(
            f"{name} has reached the end of its life.", "Choose a model that is still offered."
        )
    if _LEGACY.search(message):
        return ModelTrouble(
            f"{name} is a legacy model that this account may not use any more.",
            "Choose a model that is active; `stillroom doctor` tells.",
        )
    if _ACCESS.search(message):
        return ModelTrouble(
            f"This account has no access to {name[0].lower() + name[1:] if name == 'The model' else name}.",
            "Ask for access to it in the Bedrock console (Model access), then try again.",
        )
    if _UNKNOWN_ID.search(message):
        return ModelTrouble(
            f"There is no model {name} in this region."
            if name != "The model"
            else "There is no such model here.",
            "Check the id and the region; `stillroom doctor` lists what can be called.",
        )
    if _NOT_ALLOWED.match(message):
        return ModelTrouble(
            "Bedrock does not let this account call models yet (Operation not allowed).",
            "New accounts may need AWS Support to open Bedrock for them.",
        )
    return None


def _profile_example(name: str) -> str:
    return f"us.{name}" if re.fullmatch(r"[a-z0-9-]+\.[\w.:-]+", name) else "us.amazon.nova-pro-v1:0"

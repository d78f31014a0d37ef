"""Steps by their verbs, each imported when it is wanted: the first screen does not wait for all of them."""

from __future__ import annotations

import shlex
from importlib import import_module
from typing import Final, cast

from stillroom.tui.desk import AnyStep

_PLACES: Final = {
    "run": ("pipeline", "Run"),
    "scan": ("scan", "Scan"),
    "setup": ("setup", "Setup"),
    "label": ("labeling", "Label"),
    "build": ("build", "Build"),
    "validate": ("validating", "Validate"),
    "upload": ("upload", "UploadStep"),
    "train": ("training", "Train"),
    "deploy": ("students", "Deploy"),
    "undeploy": ("students", "Undeploy"),
    "compare": ("comparing", "Compare"),
    "report": ("reporting", "Report"),
}
"""Module below ``steps`` and class of each."""


def step(verb: str, *arguments: object, **named: object) -> AnyStep:
    """A step with its arguments, such as ``step("label", "untuned")``."""
    module, name = _PLACES[verb]
    return cast("AnyStep", getattr(import_module(f"stillroom.steps.{module}"), name)(*arguments, **named))


def step_of(command: str) -> AnyStep | None:
    """The step of a headless command that ``status`` advises, such as ``stillroom label untuned``.

    Returns:
        None where the command only looks.
    """
    verb, *rest = [*shlex.split(command)[1:], ""]
    named = [word for word in rest if word and not word.startswith("-")]
    if verb == "run":
        return step(verb, *named)
    if verb == "retry":
        return step("label", *named, classes=())
    if verb == "train":
        return step(verb, again="--again" in rest)
    if verb in ("label", "undeploy"):
        return step(verb, *named) if named else None
    if verb == "deploy":
        return step(verb, tuple(named))
    return step(verb) if verb in _PLACES else None


def bring_all() -> None:
    """Import every step, in a thread that nobody waits for."""
    for module, _ in _PLACES.values():
        import_module(f"stillroom.steps.{module}")

"""The default prompts, one file for each language."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Final

from stillroom.labeling.values import Prompt

LANGUAGES: Final = ("en", "ko")


@cache
def default_prompt(language: str = "en") -> Prompt:
    """The prompt that stands in the package.

    Args:
        language: One of :data:`LANGUAGES`.

    Raises:
        FileNotFoundError: There is none in this language.
    """
    text = (
        resources.files("stillroom.project.prompts").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    )
    table = tomllib.loads(text)
    return Prompt(system=table["system"], user=table["user"])

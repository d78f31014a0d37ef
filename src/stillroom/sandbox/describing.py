"""A sentence about a picture, for requests that do not ask for keywords."""

from __future__ import annotations

from collections.abc import Mapping

from stillroom.sandbox.lexicon import ENTRIES, Category, Language

_LEAST = 0.35


def describe(strong: Mapping[str, float], language: Language) -> str:
    """Say in one or two sentences what is most evident.

    Args:
        strong: Concepts and how strongly each holds, 0–1.
        language: Of the sentence.
    """
    things = _strongest(strong, language, ("subject", "place"), 2)
    looks = _strongest(strong, language, ("style",), 3)
    moods = _strongest(strong, language, ("mood",), 1)
    if language == "ko":
        first = f"이 사진의 특징: {', '.join(looks or ['뚜렷한 특징 없음'])}."
        second = f" 보이는 것: {', '.join(things)}." if things else ""
        return first + second + (f" 분위기: {moods[0]}." if moods else "")
    looks = looks or ["nothing that stands out"]
    first = (
        f"The picture shows {_listed(things)}, with {_listed(looks)}."
        if things
        else f"It has {_listed(looks)}."
    )
    return first + (f" The mood is {moods[0]}." if moods else "")


def _strongest(
    strong: Mapping[str, float], language: Language, categories: tuple[Category, ...], most: int
) -> list[str]:
    found = [
        (strong[entry.concept], entry.words(language, untuned=False)[0])
        for entry in ENTRIES
        if entry.category in categories and strong[entry.concept] >= _LEAST
    ]
    found.sort(key=lambda pair: -pair[0])
    return list(dict.fromkeys(word for _, word in found))[:most]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"

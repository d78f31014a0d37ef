"""A model answers: what it sees in the pixels, said the way the request asks for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from stillroom.sandbox.asking import Request, understand
from stillroom.sandbox.choosing import Candidates, choose
from stillroom.sandbox.concepts import strengths
from stillroom.sandbox.counting import pieces
from stillroom.sandbox.describing import describe
from stillroom.sandbox.lexicon import CATEGORIES, ENTRIES, GENERIC, Language
from stillroom.sandbox.measures import measure
from stillroom.sandbox.student import Student, features_of, unpacked
from stillroom.sandbox.vision import see

Brain = Literal["teacher", "untuned"] | bytes
"""Which model answers: the teacher, the untuned student, or a student's trained weights."""
StopReason = Literal["end_turn", "max_tokens", "stop_sequence"]

_TEACHER_SIDE = 64
"""Side in pixels of the square that the teacher sees."""
_UNTUNED_SIDE = 18
_LATER_WORD = 0.2
"""So much stronger must a concept be for each further word that is said about it."""
_SURE = 0.6
"""Words above this score are said as long as the request allows more."""
_SPREAD = 0.11
"""Noise at temperature 1, in units of a concept's strength."""
_STUDENT_SPREAD = 0.5
"""Noise at temperature 1, in logits."""
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_WORD = re.compile(r"[^\W\d_][\w'-]+")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said."""

    text: str
    stop_reason: StopReason
    output_tokens: int


def answer(
    brain: Brain,
    *,
    pictures: Sequence[bytes],
    system: str,
    prompt: str,
    max_tokens: int,
    temperature: float,
    top_p: float,
    stop_sequences: Sequence[str] = (),
    entropy: int = 0,
) -> Reply:
    """Answer one request. Thread-safe; remembers no request and no picture.

    Args:
        brain: Which model answers.
        pictures: Encoded bytes of the pictures of the user's turns, in order; may be empty.
        system: System text; may be empty.
        prompt: All text of the user's turns.
        max_tokens: The answer is cut after so many tokens.
        temperature: 0–1; 0 is deterministic.
        top_p: 0–1, the share of likelihood that words are drawn from.
        stop_sequences: The answer ends before the first of these.
        entropy: Seeds what varies; without meaning at temperature 0.

    Raises:
        stillroom.sandbox.vision.UnreadablePicture: A picture cannot be decoded.
        stillroom.sandbox.student.BadWeights: ``brain`` is bytes, but no student.
    """
    request = understand(system, prompt)
    mood = _Mood(temperature, top_p, entropy)
    if isinstance(brain, bytes):
        text = _student_says(unpacked(brain), pictures, prompt, request, mood)
    else:
        seen = [
            measure(see(data, _TEACHER_SIDE if brain == "teacher" else _UNTUNED_SIDE)) for data in pictures
        ]
        strong = _together([strengths(measures) for measures in seen])
        if not seen:
            text = _from_text(prompt, request, untuned=brain == "untuned")
        elif request.keywords:
            text = _keywords(strong, request, mood, untuned=brain == "untuned")
        else:
            text = describe(strong, request.language)
    return finish(text, max_tokens, stop_sequences)


def finish(text: str, max_tokens: int, stop_sequences: Sequence[str]) -> Reply:
    """Cut a full answer where a stop sequence or the token limit ends it."""
    found = [at for at in (text.find(stop) for stop in stop_sequences if stop) if at >= 0]
    said = text[: min(found)] if found else text
    tokens = pieces(said)
    if len(tokens) > max_tokens:
        return Reply("".join(tokens[:max_tokens]), "max_tokens", max_tokens)
    return Reply(said, "stop_sequence" if found else "end_turn", len(tokens))


@dataclass(frozen=True, slots=True)
class _Mood:
    temperature: float
    top_p: float
    entropy: int


def _together(pictures: list[dict[str, float]]) -> dict[str, float]:
    """Concepts of several pictures: what holds in most of them."""
    if not pictures:
        return {}
    return {name: sum(found[name] for found in pictures) / len(pictures) for name in pictures[0]}


def _keywords(strong: dict[str, float], request: Request, mood: _Mood, *, untuned: bool) -> str:
    scores: dict[str, float] = {}
    category: dict[str, int] = {}
    for entry in ENTRIES:
        for place, word in enumerate(entry.words(request.language, untuned=untuned)):
            score = strong[entry.concept] - _LATER_WORD * place
            if strong[entry.concept] > 0 and score > scores.get(word, -1):
                scores[word] = score
                category[word] = CATEGORIES.index(entry.category)
    if untuned:
        for place, word in enumerate(GENERIC[request.language]):
            scores.setdefault(word, 0.9 - 0.15 * place)
            category.setdefault(word, len(CATEGORIES))
    values = np.array(list(scores.values()), dtype=np.float64)
    candidates = Candidates(tuple(scores), values, np.maximum(values, 0) ** 2)
    sure = int(np.count_nonzero(values > _SURE))
    wanted = min(max(sure, request.low), request.high)
    chosen = choose(
        candidates,
        wanted,
        temperature=mood.temperature,
        top_p=mood.top_p,
        spread=_SPREAD,
        entropy=mood.entropy,
    )
    words = [candidates.words[index] for index in chosen]
    words.sort(key=lambda word: category[word])
    return _separator(request).join(words)


def _student_says(
    student: Student, pictures: Sequence[bytes], prompt: str, request: Request, mood: _Mood
) -> str:
    rows = [features_of(data, prompt) for data in pictures] or [features_of(None, prompt)]
    logits = student.logits(np.stack(rows)).mean(axis=0).astype(np.float64)
    keep = _of_language(student.words, request.language)
    words, logits = tuple(student.words[place] for place in keep), logits[keep]
    likelihoods = 1 / (1 + np.exp(-logits))
    wanted = max(1, round(student.count))
    if request.counted and student.count > 1.5:
        wanted = min(max(wanted, request.low), request.high)
    chosen = choose(
        Candidates(words, logits, likelihoods),
        wanted,
        temperature=mood.temperature,
        top_p=mood.top_p,
        spread=_STUDENT_SPREAD,
        entropy=mood.entropy,
    )
    separator = "\n" if request.by_line else student.separator
    return separator.join(words[index] for index in chosen)


def _of_language(words: Sequence[str], language: Language) -> list[int]:
    """Places of the words in the language asked for; all of them when none is."""
    keep = [place for place, word in enumerate(words) if bool(_HANGUL.search(word)) == (language == "ko")]
    return keep or list(range(len(words)))


def _separator(request: Request) -> str:
    return "\n" if request.by_line else ", "


_STOP_WORDS = frozenset(
    _WORD.findall(
        "an and are as at be by for from give has have in into is it its list me of on one or please "
        "separated that the their them these this to with write you your keyword keywords search comma "
        "tags each all"
    )
)


def _from_text(prompt: str, request: Request, *, untuned: bool) -> str:
    """Without a picture there are only the words of the prompt."""
    words = [word.casefold() for word in _WORD.findall(prompt)]
    content = list(dict.fromkeys(word for word in words if word not in _STOP_WORDS))
    if untuned:
        content = [word for place, word in enumerate(content) if place % 3 != 2]
    if not content:
        return "There is no picture to look at." if request.language == "en" else "볼 사진이 없습니다."
    return _separator(request).join(content[: request.high])

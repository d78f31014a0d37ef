"""The words of the teacher and of the untuned student, in English and Korean.

Each concept has up to three words for the teacher, the plainest first: the later ones are said only when the
concept is strong. The untuned student says some of the same words, says others for the same thing, and has no
word at all for what it never learnt to see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stillroom.sandbox import words_english, words_korean

Language = Literal["en", "ko"]
Category = Literal["subject", "place", "mood", "style", "context"]
CATEGORIES: tuple[Category, ...] = ("subject", "place", "mood", "style", "context")


@dataclass(frozen=True, slots=True)
class Entry:
    """A concept in words."""

    concept: str
    category: Category
    teacher: dict[Language, tuple[str, ...]]
    untuned: dict[Language, tuple[str, ...]]

    def words(self, language: Language, *, untuned: bool) -> tuple[str, ...]:
        return (self.untuned if untuned else self.teacher)[language]


GENERIC: dict[Language, tuple[str, ...]] = {
    "en": ("photo", "image", "picture", "scene", "view", "colors", "nice", "composition"),
    "ko": ("사진", "이미지", "그림", "장면", "모습", "색상", "멋진", "구성"),
}
"""What the untuned student says when it sees nothing more."""


_TABLES: dict[Category, dict[Language, str]] = {
    "subject": {"en": words_english.SUBJECT, "ko": words_korean.SUBJECT},
    "place": {"en": words_english.PLACE, "ko": words_korean.PLACE},
    "mood": {"en": words_english.MOOD, "ko": words_korean.MOOD},
    "style": {"en": words_english.STYLE, "ko": words_korean.STYLE},
    "context": {"en": words_english.CONTEXT, "ko": words_korean.CONTEXT},
}

Said = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""For each concept the teacher's words and the untuned student's."""


def _read(table: str) -> Said:
    said: Said = {}
    for line in table.strip().splitlines():
        concept, teacher, *untuned = (cell.strip() for cell in line.split("|"))
        said[concept] = (_words(teacher), _words(untuned[0] if untuned else ""))
    return said


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split(",") if word.strip())


def _entries() -> tuple[Entry, ...]:
    entries = []
    for category, tables in _TABLES.items():
        said: dict[Language, Said] = {language: _read(table) for language, table in tables.items()}
        for concept in said["en"]:
            teacher, untuned = ({lang: words[concept][who] for lang, words in said.items()} for who in (0, 1))
            entries.append(Entry(concept, category, teacher, untuned))
    return tuple(entries)


ENTRIES: tuple[Entry, ...] = _entries()

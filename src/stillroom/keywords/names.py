"""Names that answers give to the groups of their keywords."""

from __future__ import annotations

import re

_SHIPPED = (
    {"subject", "subjects", "main subject", "main subjects", "대상", "주요 대상"},
    {"place", "places", "장소"},
    {"action and mood", "actions and mood", "action & mood", "행동과 분위기", "행동 및 분위기"},
    {"visual style", "visual styles", "시각적 스타일", "시각 스타일"},
    {"context", "맥락"},
)
"""The five categories of the prompts that come with Stillroom, in both languages."""

_ALL_SHIPPED = frozenset().union(*_SHIPPED)

NAMES = _ALL_SHIPPED | {
    "object", "objects", "main objects", "people and objects", "setting", "location", "place and setting",
    "setting and place", "place and time", "time of day", "time and season", "action", "actions",
    "activity", "activities", "mood", "moods", "mood and atmosphere", "atmosphere", "emotion", "emotions",
    "style", "styles", "technique", "techniques", "composition", "colours and light", "colors and light",
    "concept", "concepts", "context and concepts", "theme", "themes", "category", "categories", "keyword",
    "keywords", "search keywords", "tags", "answer", "output", "result",
    "주제", "피사체", "사물", "배경", "행동", "분위기", "스타일", "색감", "구도", "기법", "개념", "범주",
    "카테고리", "키워드", "검색 키워드", "검색어", "태그",
}  # fmt: skip
"""What is no keyword where it stands in the place of a heading."""

ATTRIBUTES = NAMES | {
    "color", "colour", "colors", "colours", "material", "materials", "shape", "pattern", "texture", "size",
    "condition", "lighting", "light", "season", "weather", "time", "perspective", "angle", "background",
    "foreground", "focus",
    "색상", "재질", "모양", "무늬", "크기", "상태", "조명", "계절", "날씨", "시간", "시점", "질감",
}  # fmt: skip
"""What is seldom explained: where these stand in front, what is told of them counts."""

NOT_KEYWORDS = frozenset({
    "#", "no", "no.", "nr", "number", "category", "categories", "type", "group", "class", "explanation",
    "description", "reason", "reasoning", "notes", "note", "why", "confidence", "score", "relevance", "범주",
    "카테고리", "분류", "구분", "번호", "설명", "이유", "유형", "순번",
})  # fmt: skip
"""Heads of table columns, and keys of JSON objects beside keywords, that hold something else."""

_ANY = "|".join(re.escape(name) for name in sorted(NAMES, key=len, reverse=True))
NAMED = re.compile(rf"(?:(?:{_ANY})(?: ?(?:—|→|-{{1,2}}>) ?| [–=] | ?-{{1,2}} ))+(?=.*\w)")
"""A name in front of its keywords, with a dash or an arrow."""


def shipped_names(words: tuple[str, ...]) -> frozenset[str]:
    """Those words that are the prompt's and not the picture's.

    "place" alone may be a keyword. Three of the five categories in one answer are category names, however the
    answer writes them.
    """
    if _ALL_SHIPPED.isdisjoint(words):
        return frozenset()
    found = [names.intersection(words) for names in _SHIPPED]
    return frozenset().union(*found) if sum(map(bool, found)) >= 3 else frozenset()

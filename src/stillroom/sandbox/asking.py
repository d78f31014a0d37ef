"""Reading a request: is it keywords that are asked for, how many, and in which language?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stillroom.sandbox.lexicon import Language

USUAL = (15, 25)
"""How many keywords are given when none are counted."""
MOST = 60

_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_LETTER = re.compile(r"[^\W\d_]")
_ASKS_ENGLISH = re.compile(
    r"\b(?:in|into|use) english\b|english (?:keywords|words|only)|영어로|영문으로", re.I
)
_ASKS_KOREAN = re.compile(
    r"\b(?:in|into|use) korean\b|korean (?:keywords|words|only)|한국어로|한글로|국문으로", re.I
)
_KEYWORDS = re.compile(
    r"key\s?-?words?|\btags?\b|\blabels?\b|search terms?|comma.separated|separated by commas"
    r"|키워드|태그|검색어|단어|쉼표",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?<![\d.])(\d{1,3})\s*(?:개|가지)?\s*(?:-|–|—|−|~|〜|∼|\bto\b|\band\b|\bor\b|에서|부터|이상)\s*(\d{1,3})(?![\d.])",
    re.IGNORECASE,
)
_EXACT = re.compile(
    r"(?<![\d.])(\d{1,3})\s*(?:[a-z-]+\s+){0,4}?(?:key\s?-?words?|tags?|labels?|words|terms)\b"
    r"|(?:키워드|태그|검색어|단어)[^.\d\n]{0,12}?(\d{1,3})\s*(?:개|가지)"
    r"|(\d{1,3})\s*(?:개|가지)\s*의?\s*(?:[가-힣]+\s+){0,3}?(?:키워드|태그|검색어|단어)",
    re.IGNORECASE,
)
_IN_ALL = re.compile(r"in all|in total|total|altogether|overall|총|전체|모두|합쳐|합계", re.IGNORECASE)
_EACH = re.compile(r"each|per |every|씩|각각|각 ?(?:범주|카테고리|항목)", re.IGNORECASE)
_AT_MOST = re.compile(
    r"(?:at most|up to|no more than|maximum of|max\.?|최대|많아야)\s*$|^\s*(?:or fewer|이하|이내)",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(r"(?:at least|minimum of|min\.?|최소|적어도)\s*$|^\s*(?:or more|이상)", re.IGNORECASE)
_BY_LINE = re.compile(
    r"one (?:keyword |tag )?(?:per|on each|a) line|each on (?:a|its own) (?:new )?line|한 줄에 하나"
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked."""

    language: Language
    keywords: bool
    """False: something else is asked; a sentence answers it."""
    low: int
    high: int
    """How many keywords, at least and at most."""
    counted: bool
    """True when the request names a number."""
    by_line: bool
    """One keyword a line."""


def understand(system: str, prompt: str) -> Request:
    """Read a request.

    Args:
        system: System text; may be empty.
        prompt: The user's text. Where the two disagree, it wins.
    """
    both = f"{system}\n{prompt}"
    counted = _count(prompt) or _count(system)
    low, high = counted or USUAL
    return Request(
        language=_language(system, prompt),
        keywords=bool(_KEYWORDS.search(both)),
        low=low,
        high=high,
        counted=counted is not None,
        by_line=bool(_BY_LINE.search(both)),
    )


def _language(system: str, prompt: str) -> Language:
    for text in (prompt, system):
        english = max((found.start() for found in _ASKS_ENGLISH.finditer(text)), default=-1)
        korean = max((found.start() for found in _ASKS_KOREAN.finditer(text)), default=-1)
        if english != korean:
            return "en" if english > korean else "ko"
    text = prompt if _LETTER.search(prompt) else system
    hangul, letters = len(_HANGUL.findall(text)), len(_LETTER.findall(text))
    return "ko" if letters and hangul / letters > 0.3 else "en"


def _count(text: str) -> tuple[int, int] | None:
    """The number asked for over all; numbers for each category count only when nothing else is said."""
    found: list[tuple[int, int, int]] = []
    taken: list[tuple[int, int]] = []
    for match in _RANGE.finditer(text):
        low, high = sorted((int(match[1]), int(match[2])))
        if high and _speaks_of_keywords(text, match):
            found.append((_rank(text, match), high, low))
            taken.append(match.span())
    for match in _EXACT.finditer(text):
        number = int(match[1] or match[2] or match[3])
        inside = any(start <= match.start() < end or start < match.end() <= end for start, end in taken)
        if number and not inside:
            low, high = _bounded(text, match, number)
            found.append((_rank(text, match), high, low))
    if not found:
        return None
    _, high, low = max(found)
    return min(max(1, low), MOST), min(high, MOST)


def _around(text: str, match: re.Match[str]) -> tuple[str, str]:
    """The same sentence's text before and after a match, at most 40 characters each."""
    before = re.split(r"[.!?\n。;]", text[max(0, match.start() - 40) : match.start()])[-1]
    after = re.split(r"[.!?\n。;]", text[match.end() : match.end() + 40])[0]
    return before, after


def _speaks_of_keywords(text: str, match: re.Match[str]) -> bool:
    before, after = _around(text, match)
    near = before + after
    return bool(_KEYWORDS.search(near) or _IN_ALL.search(near) or after.startswith("개"))


def _rank(text: str, match: re.Match[str]) -> int:
    """2 for a number over all, 1 for a plain one, 0 for one for each category."""
    before, after = _around(text, match)
    near = (re.split(r"[,，]", before)[-1], re.split(r"[,，]", match[0] + after)[0])
    if any(_IN_ALL.search(part) for part in near):
        return 2
    return 0 if any(_EACH.search(part) for part in near) else 1


def _bounded(text: str, match: re.Match[str], number: int) -> tuple[int, int]:
    before, after = _around(text, match)
    if _AT_MOST.search(before) or _AT_MOST.match(after) or "이하" in match[0] or "이내" in match[0]:
        return max(1, round(number * 0.6)), number
    if _AT_LEAST.search(before) or _AT_LEAST.match(after) or "이상" in match[0]:
        return number, number + 10
    return number, number

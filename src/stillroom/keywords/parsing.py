"""A model's answer is read as a list of keywords.

What the reading decides, where one could decide otherwise:

* "10,000 lakes" is one keyword: a comma between a digit and exactly three digits is no separator.
* "ratio 16:9" keeps its colon; any other "something: rest" is a heading and only the rest counts.
* "place - park" and "[place] park" have headings too: a dash needs a known name or other lines of that form
  (see `layout`), so "well-lit - interior" is one keyword. If all keywords are like "dog - …", "dog" counts.
* "place" is a keyword; three of the five category names of the shipped prompts in one answer are none.
* Sentences with commas are left out before anything is cut (see `prose`).
* "St. Petersburg" is one keyword, "sky. Let me know …" is a keyword and a sentence; sentences are dropped.
* "24/7" and "black/white" are one keyword each. " / " and arrows separate only where nothing better does:
  "sea / sky / sun" is a list, "sea / ocean, sky, sun" has three keywords.
* Apostrophes inside a word stay (``children's``), surrounding quotes and brackets go.
* What is left is judged item by item, and rules for whole answers leave the stored form as it is: so reading
  it again gives the same words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from stillroom.keywords.cutting import SEPARATORS, is_separated, parts, shielded, unshielded
from stillroom.keywords.layout import dashed_for_bold, explained, laid_out
from stillroom.keywords.names import NAMED, NOT_KEYWORDS, shipped_names
from stillroom.keywords.normalising import bare, fold
from stillroom.keywords.prose import is_refusal, is_sentence, without_prose
from stillroom.keywords.values import Keywords
from stillroom.plural import plural

_FENCE = re.compile(
    r"^[ ]*(?:```|~~~)[a-z0-9_+-]*[ ]*$|```(?:json|text|txt|csv|markdown|md|plaintext)?", re.MULTILINE
)
_TITLE = re.compile(r"^[ ]*#{1,6} [^,;、،\n]*$", re.MULTILINE)
_BOLD_LINE = re.compile(r"^\W*\*\*[^*\n,]+\*\*[ ]*:?[ ]*$")
_WEAK_SEPARATOR = re.compile(r" / | ?(?:-{1,2}>|→) ?")
_NUMBERED = re.compile(r"[ ]*\(?\d{1,3}(?:[.)](?!\d)|\](?=[ ]))[ ]*")
_CLOSING = re.compile(r"[\])】]")
_BRACKETED = re.compile(
    r"\W*?(?:(?:\[[^\[\],]{1,40}\][ ]*|【[^【】,]{1,40}】[ ]*)+(?=[\w\"'])|"
    r"(?:\(?(?:[a-z]|[가나다라마바사아자차카타파하])\)[ ]+)+)"
)
"""A heading, or a letter that counts, in brackets."""
_DASH = re.compile(r"- |[–—=→>]")
_COUNT = re.compile(r"(\d{1,3}) ?[-–—] ?(?=[^\W\d])")
_LEADS = re.compile(
    r"^[ ]*(?:[-*•·]+[ ]+(?:\(?\d{1,3}[.)](?!\d)[ ]*)?|\(?\d{1,3}[.)](?!\d)[ ]*)", re.MULTILINE
)
_INLINE_NUMBER = re.compile(r"(?<=[\s,;])\(?\d{1,3}[.)](?=[ ])")
_JSON_START = re.compile(r"^[ ]*(?=[\[{])", re.MULTILINE)
_MOST_JSON_STARTS = 200
"""Lines that are tried: each may be nested as deep as a text of brackets can be, and is then read in vain."""
_DECODER = json.JSONDecoder()
_OF_KEYWORDS = ("keyword", "keywords", "word", "words", "tag", "키워드", "검색어", "단어")
_OF_LISTS = (
    "keywords",
    "items",
    "words",
    "search keywords",
    "search_keywords",
    "키워드",
    "검색어",
    "단어",
    "항목",
)
_NAMES_OF_LISTS = frozenset({"name", "title", "label", "heading", "이름", "제목"})
_PLAIN = re.compile(r"[^\W\d_][^\W_]*(?:[ '-][^\W_]+){0,2}")
_LONGEST_REMEMBERED = 80
_JOINERS = ("and ", "or ", "및 ", "그리고 ")


def parse(text: str, *, low: int = 15, high: int = 25) -> Keywords:
    """Read an answer as an ordered set of normalised keywords. Never raises.

    Commas, semicolons, line breaks, bullets, numbering, quotes, headings of categories, code fences, JSON and
    sentences before and after the list survive; see the head of this module for what is decided how.

    Args:
        text: The answer, any text.
        low: Fewer words than this are remarked on.
        high: More words than this are remarked on.

    Returns:
        The words, normalised: NFKC, folded case, single spaces, no surrounding punctuation. No words for a
        refusal and for a text that holds no plausible list.
    """
    folded = _without_thoughts(fold(text))
    mentions = _as_one_list(_words(folded))
    words = tuple(dict.fromkeys(mentions))
    if is_refusal(folded, len(words)):
        return Keywords((), 0, refusal=True, readable=False, remark="the model declined")
    if not words:
        remark = "no list of keywords" if folded.strip() else "empty answer"
        return Keywords((), 0, refusal=False, readable=False, remark=remark)
    if _is_running_text(words):
        return Keywords((), 0, refusal=False, readable=False, remark="running text, no list of keywords")
    remark = ""
    if len(words) < low:
        remark = f"{plural(len(words), 'keyword')}, fewer than {low}"
    elif len(words) > high:
        remark = f"{plural(len(words), 'keyword')}, more than {high}"
    return Keywords(words, len(mentions) - len(words), refusal=False, readable=True, remark=remark)


def joined(words: Iterable[str]) -> str:
    """The stored form: one keyword a line."""
    return "\n".join(words)


def split_joined(text: str) -> tuple[str, ...]:
    """Read the stored form back."""
    return tuple(text.split("\n")) if text else ()


def _is_running_text(words: tuple[str, ...]) -> bool:
    """Pieces of sentences are longer than keywords: more than three and a half words on average."""
    return sum(word.count(" ") + 1 for word in words) > 3.5 * len(words)


def _as_one_list(mentions: list[str]) -> list[str]:
    """What only all keywords together tell: numbers, explanations and category names among them.

    These rules look at the words alone, so that reading the stored form again decides alike.
    """
    while mentions:
        words = tuple(dict.fromkeys(mentions))
        names = shipped_names(words)
        if names:
            mentions = [word for word in mentions if word not in names]
        elif front := _numbered(words) or explained(words):
            read = dict(zip(words, map(_read_piece, front), strict=True))
            mentions = [item for word in mentions for item in read[word]]
        else:
            break
    return mentions


def _numbered(words: tuple[str, ...]) -> tuple[str, ...]:
    """What stands behind the numbers if all keywords are numbered, as in "1- dog"; else nothing.

    "1-person tent, 2-person tent" is meant: without a space it takes five that have nothing in common.
    """
    if len(words) < 2 or words[0][:1] != "1":
        return ()
    found = [_COUNT.match(word) for word in words]
    if not all(match and int(match[1]) == number for number, match in enumerate(found, 1)):
        return ()
    rests = tuple(word[match.end() :] for word, match in zip(words, found, strict=True) if match)
    spaced = all(match and match[0].endswith(" ") for match in found)
    return rests if spaced or (len(rests) >= 5 and _differ(rests)) else ()


def _differ(rests: tuple[str, ...]) -> bool:
    """Whether no two are equal, and most begin with a word of their own."""
    starts = {rest.partition(" ")[0] for rest in rests}
    return len(set(rests)) == len(rests) and 2 * len(starts) > len(rests)


def _words(folded: str) -> list[str]:
    """All keywords in the order of the text, repetitions among them."""
    if "`" in folded or "~~~" in folded:
        folded = _FENCE.sub("\n", folded)
    if "[" in folded or "{" in folded:
        folded = _without_json(folded)
    if "#" in folded:
        folded = _TITLE.sub("", folded)
    if "**" in folded:
        folded = _without_bold(folded)
    folded = folded.strip()
    if folded.endswith(":") and is_separated(folded.rpartition("\n")[2]):
        folded = folded[:-1]  # a heading with nothing below it is none
    folded = laid_out(without_prose(shielded(folded)))
    pieces = _pieces(folded)
    if " / " in folded or "->" in folded or "→" in folded:
        pieces = _cut_at_weak_separators(pieces)
    return [
        word
        for piece in pieces
        if piece
        for word in (_remembered(piece) if len(piece) <= _LONGEST_REMEMBERED else _read_piece(piece))
    ]


def _pieces(folded: str) -> list[str]:
    """Cut at every separator but the full stop."""
    if _NUMBERED.match(folded):
        folded = _INLINE_NUMBER.sub("\n", folded)
    if "\n" in folded:
        folded = _LEADS.sub("", folded)  # "7. sea" and "9. sea" are then remembered as one piece
    for separator in SEPARATORS:
        folded = folded.replace(separator, "\n")
    pieces = folded.split("\n")
    return [unshielded(piece) for piece in pieces] if "\0" in folded else pieces


def _cut_at_weak_separators(pieces: list[str]) -> list[str]:
    """Cut at slashes and arrows when these pieces hold no list without that.

    That is so when there is one keyword, when every keyword would itself be three, or when fewer keywords are
    read than stand in pieces that are too long for one. Only what is read decides, and after cutting no weak
    separator is left: so reading the stored form again decides alike.
    """
    whole = {word for piece in pieces for word in _read_piece(piece)}
    sentences = [part for piece in pieces for part in parts(piece.strip())]
    lists = {part: cut for part in sentences if len(cut := _weak_list(part)) > 1}
    hidden = sum(len(cut) for part, cut in lists.items() if is_sentence(_cleaned(part)) and len(cut) > 2)
    fewest = 1 if len(whole) == 1 else 2
    mere_lists = whole and all(len(_WEAK_SEPARATOR.findall(word)) >= fewest for word in whole)
    if not mere_lists and hidden <= len(whole):
        return pieces
    return [item for part in sentences for item in lists.get(part, [part])]


def _weak_list(part: str) -> list[str]:
    """What weak separators keep apart, with headings or without; empty when some of it is a sentence."""
    for text in (part, _cleaned(part)):
        cut = _WEAK_SEPARATOR.split(text)
        if not any(is_sentence(_cleaned(item)) for item in cut):
            return cut
    return []


def _read_piece(piece: str) -> tuple[str, ...]:
    """The keywords of a piece: mostly one, none for a sentence, two around a full stop."""
    piece = piece.strip()
    if _PLAIN.fullmatch(piece) and not piece.startswith(_JOINERS):
        return () if is_sentence(piece) else (piece,)
    words = (_cleaned(part) for part in parts(piece))
    return tuple(word for word in words if word and not is_sentence(word))


_remembered = lru_cache(maxsize=8192)(_read_piece)  # the same keywords come back in thousands of answers


def _cleaned(item: str) -> str:
    """Take numbering, bullets, headings, quotes and joining words off, until nothing more comes off."""
    # Looked for once: an item that says "and and and …" comes around for every repetition
    brackets, dashes = _CLOSING.search(item) is not None, _DASH.search(item) is not None
    while True:
        before = item
        numbering = _NUMBERED.match(item)
        if numbering:
            item = item[numbering.end() :]
        if ":" in item:
            item = _after_heading(item)
        if brackets and (heading := _BRACKETED.match(item)):
            item = item[heading.end() :]
        item = bare(item)
        if dashes and (heading := NAMED.match(item)):
            item = item[heading.end() :]
        if item.startswith(_JOINERS):
            item = item.partition(" ")[2]
        if item == before:
            return item


def _after_heading(item: str) -> str:
    """What follows the last colon that does not stand between two digits."""
    for position in range(len(item) - 1, -1, -1):
        if item[position] == ":":
            before, after = item[:position][-1:], item[position + 1 :][:1]
            if not (before.isdigit() and after.isdigit()):
                return item[position + 1 :]
    return item


def _without_thoughts(folded: str) -> str:
    """Leave out what a model says to itself between ``<thinking>`` tags; the first of them may be missing."""
    for name in ("thinking", "think"):
        before, closed, after = folded.rpartition(f"</{name}>")
        if closed:
            opened = before.find(f"<{name}>")
            folded = f"{before[:opened] if opened >= 0 else ''}\n{after}"
    return folded


def _without_bold(folded: str) -> str:
    """Drop lines that are bold as a whole and stand above lines that are not; take the stars off the rest."""
    folded = dashed_for_bold(folded)
    lines = [line for line in folded.split("\n") if line.strip()]
    bold = [_BOLD_LINE.match(line) is not None for line in lines]
    kept = [
        line
        for line, is_bold, next_is_bold in zip(lines, bold, [*bold[1:], True], strict=True)
        if not is_bold or next_is_bold
    ]
    # What the stars kept apart may belong together now: two spaces, a letter and its accent
    return fold("\n".join(kept).replace("**", ""))


def _without_json(folded: str) -> str:
    """Put the strings of the first JSON value at the start of a line, one a line, in its place."""
    for start in islice(_JSON_START.finditer(folded), _MOST_JSON_STARTS):
        try:
            value, end = _DECODER.raw_decode(folded, start.end())
        except (ValueError, RecursionError):
            continue
        strings = fold("\n".join(_strings(value)))
        return f"{folded[: start.start()]}\n{strings}\n{folded[end:]}"
    return folded


def _strings(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            yield current
        elif isinstance(current, list):
            waiting.extend(reversed(current))
        elif isinstance(current, dict):
            waiting.extend(reversed(_keywords_of(current)))


def _keywords_of(entry: dict[str, object]) -> list[object]:
    """The values of a JSON object that may be keywords: no explanation, and no category beside its list.

    Only beside keywords that are called so: in {"class": "dog", "confidence": 0.9} the class is the keyword,
    and in {"name": "dog", "attributes": ["brown"]} the name.
    """
    told = {key.strip(): value for key, value in entry.items() if value}
    without: frozenset[str] = frozenset()
    if any(isinstance(told.get(key), str | list) for key in _OF_KEYWORDS):
        without |= NOT_KEYWORDS
    if any(isinstance(told.get(key), list) for key in _OF_LISTS):
        without |= _NAMES_OF_LISTS
    return [value for key, value in entry.items() if not (isinstance(value, str) and key.strip() in without)]

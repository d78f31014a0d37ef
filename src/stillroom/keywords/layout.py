"""What several lines of an answer tell together: headings, tables, enumerations.

A line alone does not tell whether it is a heading. Here lines are compared, and none of these rules fires on
a plain list with one keyword a line, which is the stored form:

* "subjects - dog, ball" has a heading if it is a known name, or if several lines have that form and lists.
* "dog - a brown dog on the grass" explains its keyword if at least three lines, and all of them, have that
  form and long explanations without commas. "blue sky - clouds" and "colour - red" are one keyword.
* A line above a list is a heading if several lines stand so: above bullets, above lines with commas, at the
  head of each paragraph. For a known name once is enough. A bullet or a number above other bullets is
  none: "dog" may stand there above what is told of it. Only a known name is one.
* In "a. dog", "b. ball" the letters go because they come in their order; "j. crew" keeps its own.

All patterns expect folded text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stillroom.keywords.cutting import SEPARATOR, is_separated
from stillroom.keywords.names import ATTRIBUTES, NAMES
from stillroom.keywords.normalising import bare
from stillroom.keywords.prose import is_sentence
from stillroom.keywords.tables import without_table_heads

_MARK = re.compile(
    r"( ?)(?:([-*•·+–—‣◦▪●○■►])[ ]+)?(?:[#(]?(\d{1,3})(?:[.)](?!\d)|、)[ ]*|\(?([a-z]|[가-힣])[.)][ ]+)?"
    r"(?:\[[ x]?\] )?"
)
_DASHED = re.compile(r"([^,;:|、\n]{1,40}?)(?: (?:-{1,2}|–) | ?— ?|(?<=\w)- )(?=.*\w)")
_DASHED_LINE = re.compile(r" - | -- |(?<=\w)- ")
_BOLD = re.compile(r"^(\W*(?:\d{1,3}[.)] ?)?)\*\*([^*\n,:;]+)\*\* (?=[^\W_])([^\n]*)", re.MULTILINE)
_LETTERED = re.compile(
    r"(?:^|(?<=[,;\n]))[ ]*(?:[-*•]+[ ]+)?([a-z]|[ivx]{2,4}|[가-힣])\.[ ]+(?=\w)", re.MULTILINE
)
_LETTERED_INLINE = re.compile(r"(?:^|(?<=[\s,;]))([a-z]|[ivx]{2,4}|[가-힣])\.[ ]+(?=\w)")
_COUNTED = re.compile(r"^[ ]*(?:#(\d{1,3})[ .):]+|(\d{1,3})、[ ]*)(?=\w)", re.MULTILINE)
_ORDERS = (
    "abcdefghijklmnopqrstuvwxyz",
    "가나다라마바사아자차카타파하",
    ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"),
    tuple(str(number) for number in range(1, 100)),
)
_DIGITS = frozenset("0123456789")
_SIGNS = _DIGITS | frozenset(" -*•·+‣◦▪●○■►")
_LONGEST_HEADING = 5
_LONGEST_KEYWORD = 3


@dataclass(frozen=True, slots=True)
class _Row:
    """A line that is no sentence."""

    line: int
    """Its place in the answer."""
    mark: tuple[bool, str]
    """Whether it stands further in, and its bullet; "1" for any number, "a" for any letter."""
    text: str
    """Without its mark."""
    paragraph: int

    @property
    def is_list(self) -> bool:
        return is_separated(self.text)

    @property
    def named(self) -> bool:
        return bare(self.text) in NAMES

    @property
    def may_head(self) -> bool:
        return not self.is_list and self.text.count(" ") < _LONGEST_HEADING


def laid_out(text: str) -> str:
    """Leave out what groups and counts keywords.

    Args:
        text: A folded answer without prose.

    Returns:
        The answer with the same keywords and without headings, heads of tables, letters and explanations.
    """
    if "|" in text:
        text = without_table_heads(text)
    if ";" in text and (" - " in text or "—" in text or "–" in text):
        text = text.replace(";", "\n")
    lines = text.split("\n")
    if len(lines) > 1 and _has_form(text, lines):
        rows = list(_rows(lines))
        _cut_dashed(lines, rows)
        for row in _headings(rows):
            lines[row.line] = ""
        text = "\n".join(lines)
    if "a. " in text or "i. " in text or "가. " in text:
        text = _without_order(_without_order(text, _LETTERED, 2), _LETTERED_INLINE, 3)
    if "、" in text or "#" in text:
        text = _without_order(text, _COUNTED, 2)
    return text


def dashed_for_bold(text: str) -> str:
    """Put a dash behind bold words that several lines, or a known name, have in front of their list."""
    found = list(_BOLD.finditer(text))
    lists = sum(is_separated(match[3]) for match in found)
    several = len(found) >= 2 and 2 * lists >= len(found)

    def dashed(match: re.Match[str]) -> str:
        known = bare(match[2]) in NAMES
        return f"{match[1]}{match[2]} - {match[3]}" if several or known else match[0]

    return _BOLD.sub(dashed, text)


def explained(words: Sequence[str]) -> tuple[str, ...]:
    """Of keywords that all explain themselves, as in "dog - a brown dog", those in front; else nothing."""
    if not words or not _DASHED.match(words[0]):
        return ()
    found = [_DASHED.match(word) for word in words]
    dashed = [match for match in found if match]
    if len(dashed) < len(words) or not _are_explained(dashed):
        return ()
    return tuple(match[1] for match in dashed)


def _are_explained(dashed: Sequence[re.Match[str]]) -> bool:
    """Whether there are keywords in front of all dashes and explanations behind them."""
    attributes = sum(bare(match[1]) in ATTRIBUTES for match in dashed)
    return 2 * attributes < len(dashed) and _explains([match.string[match.end() :] for match in dashed])


def _explains(rests: Sequence[str]) -> bool:
    """Whether all of it is too long for a keyword, and no list: in "color - red" the keyword is "red"."""
    return len(rests) >= 3 and all(
        len(rest.split()) > _LONGEST_KEYWORD and not is_separated(rest) for rest in rests
    )


def _size(texts: Sequence[str]) -> float:
    """Words in a piece, on average."""
    pieces = [piece for text in texts for piece in SEPARATOR.split(text)]
    return sum(len(piece.split()) for piece in pieces) / len(pieces)


def _has_form(text: str, lines: Sequence[str]) -> bool:
    """Whether lines may tell anything together: most answers are plain lists and need no closer look."""
    if ("- " in text and _DASHED_LINE.search(text)) or "—" in text or "–" in text:
        return True
    plain = [line for line in lines if line and not is_separated(line)] if is_separated(text) else lines
    if len(plain) < len(lines) - text.count("\n\n"):
        return len(plain) > 0
    starts = {line[:1] for line in plain}
    if starts <= _DIGITS and "\n\n" not in text:
        return False
    marked = not starts.isdisjoint(_SIGNS) or any(line[1:2] in (")", ".") for line in plain)
    return "\n\n" in text or (marked and len(starts) > 1)


def _rows(lines: Sequence[str]) -> Iterator[_Row]:
    paragraph = 0
    for number, line in enumerate(lines):
        if not line.strip():
            paragraph += 1
            continue
        match = _MARK.match(line)
        assert match is not None  # noqa: S101 - all of it may be missing
        text = line[match.end() :].strip()
        front = dashed[1] if (dashed := _DASHED.match(text)) else text
        if text.endswith(":") or (not is_separated(text) and is_sentence(bare(front))):
            continue
        sign = match[2] or ("1" if match[3] else "a" if match[4] else "")
        yield _Row(number, (bool(match[1]), sign), text, paragraph)


def _cut_dashed(lines: list[str], rows: Sequence[_Row]) -> None:
    """Take away headings before lists, or explanations behind keywords, where a dash keeps them apart."""
    found = [(row, match) for row in rows if (match := _DASHED.match(row.text))]
    if len(found) < 2 or 2 * len(found) < len(rows):
        return
    rests = [row.text[match.end() :] for row, match in found]
    lists = sum(is_separated(rest) for rest in rests)
    if 2 * lists >= len(found) and _size(rests) <= _LONGEST_KEYWORD:
        for (row, _), rest in zip(found, rests, strict=True):
            lines[row.line] = rest
    elif (
        len(found) == len(rows)
        and not any(bare(match[1]) in NAMES for _, match in found)
        and _are_explained([match for _, match in found])
    ):
        for row, match in found:
            lines[row.line] = match[1]


def _headings(rows: Sequence[_Row]) -> list[_Row]:
    """Lines that stand above lists."""
    if len(rows) < 2:
        return []
    return _by_form(rows) or _by_paragraph(rows) or _by_name(rows)


def _by_form(rows: Sequence[_Row]) -> list[_Row]:
    """There are two kinds of lines, and each of the first kind stands above one of the other."""
    if len({row.mark for row in rows}) > 1:
        kinds: list[object] = [row.mark for row in rows]
    else:
        kinds = [row.is_list for row in rows]
    heads = [row for row, kind in zip(rows, kinds, strict=True) if kind == kinds[0]]
    if len(set(kinds)) != 2 or len(heads) < 2 or not all(row.may_head for row in heads):
        return []
    if kinds[-1] == kinds[0] or any(kind == after == kinds[0] for kind, after in pairwise(kinds)):
        return []
    rest = [row for row, kind in zip(rows, kinds, strict=True) if kind != kinds[0]]
    if len(rest) == len(heads) and not any(row.is_list or row.named for row in [*rest, *heads]):
        return rest if _explains([row.text for row in rest]) else []
    # What is told of a keyword is less than what a category holds
    bullets = heads[0].mark == (False, "") and rest[0].mark[1] != "" and 2 * len(rest) >= 5 * len(heads)
    return heads if bullets or _are_lists(rest) or all(row.named for row in heads) else []


def _are_lists(rows: Sequence[_Row]) -> bool:
    """Whether all are lists; among keywords that stand one a line, two may now and then stand in one."""
    separators = sum(len(SEPARATOR.findall(row.text)) for row in rows)
    return 2 * separators >= 3 * len(rows) and all(row.is_list for row in rows)


def _by_paragraph(rows: Sequence[_Row]) -> list[_Row]:
    """Each paragraph begins with a line of one kind; all go on with lists, or all begin with known names."""
    paragraphs: dict[int, list[_Row]] = {}
    for row in rows:
        paragraphs.setdefault(row.paragraph, []).append(row)
    heads = [found[0] for found in paragraphs.values()]
    if len(heads) < 2 or not all(head.may_head and head.mark == heads[0].mark for head in heads):
        return []
    if any(len(found) < 2 for found in paragraphs.values()):
        return []
    rest = [row for found in paragraphs.values() for row in found[1:]]
    return heads if all(head.named for head in heads) or _are_lists(rest) else []


def _by_name(rows: Sequence[_Row]) -> list[_Row]:
    """A known name stands above a list."""
    return [
        row
        for row, after in pairwise(rows)
        if (row.mark != after.mark or after.is_list) and row.may_head and row.named
    ]


def _without_order(text: str, pattern: re.Pattern[str], fewest: int) -> str:
    """Take away signs that come in their order, from the first on and again from it under each heading."""
    labels = [next(filter(None, match.groups())) for match in pattern.finditer(text)]
    if len(labels) < fewest or not any(_is_order(labels, order) for order in _ORDERS):
        return text
    return pattern.sub("\n", text)


def _is_order(labels: Sequence[str], order: Sequence[str]) -> bool:
    place = 0
    for label in labels:
        if place and label == order[0]:
            place = 0
        if place >= len(order) or label != order[place]:
            return False
        place += 1
    return True
